package io.nave.work.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.work.rollout.RolloutPlan.Group;
import io.nave.work.rollout.RolloutPlan.Known;
import io.nave.work.rollout.RolloutPlan.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  /// Groups `canary` (a) and two without a name (b c d, e f g).
  private static final List<Group> GROUPS =
      List.of(
          new Group("canary", 0, List.of("a")),
          new Group("", 1, List.of("b", "c", "d")),
          new Group("", 2, List.of("e", "f", "g")));

  /// @param known such as `a:S60 b:P10`: state and for how many seconds
  private static Map<String, Known> known(String known) {
    var standing = new TreeMap<String, Known>();
    for (var each : known.isBlank() ? new String[0] : known.strip().split(" ")) {
      var state =
          switch (each.charAt(2)) {
            case 'A' -> State.TO_APPLY;
            case 'P' -> State.PROGRESSING;
            case 'S' -> State.SUCCEEDED;
            case 'F' -> State.FAILED;
            case 'K' -> State.SKIP;
            default -> State.TIMED_OUT;
          };
      var seconds = each.length() == 3 ? 0 : Long.parseLong(each.substring(3));
      standing.put(each.substring(0, 1), new Known(state, NOW.minusSeconds(seconds)));
    }
    return standing;
  }

  private static RolloutPlan plan(String strategy, String known) {
    return RolloutPlan.of(
        Codec.decode(Json.parse(strategy.replace('\'', '"')), RolloutStrategy.class),
        GROUPS,
        known(known),
        NOW);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      nullValues = "-",
      value = {
        // All: everyone at once; failures never stop it
        "all at once|{'type':'All'}||abcdefg||false",
        "all goes on after failures|{'type':'All','all':{'maxFailures':0}}|a:F9 b:F9|cdefg|ab|false",
        // Progressive
        "two at a time|{'type':'Progressive','progressive':{'maxConcurrency':2}}||ab||false",
        "half, rounded up|{'type':'Progressive','progressive':{'maxConcurrency':'50%'}}||abcd||false",
        "no limit|{'type':'Progressive','progressive':{}}||abcdefg||false",
        "absent settings|{'type':'Progressive'}||abcdefg||false",
        "zero is no limit|{'type':'Progressive','progressive':{'maxConcurrency':0}}||abcdefg||false",
        "a place is freed by success|{'type':'Progressive','progressive':{'maxConcurrency':2}}|a:S1 b:P1|c|b|false",
        "what was handed out and not applied yet takes a place|{'type':'Progressive','progressive':{'maxConcurrency':2}}|a:A b:P1||ab|false",
        "a skipped cluster takes none|{'type':'Progressive','progressive':{'maxConcurrency':1}}|a:K|b||false",
        "soaking takes a place|{'type':'Progressive','progressive':{'maxConcurrency':1,'minSuccessTime':'1m'}}|a:S59||a|false",
        "soaked frees it|{'type':'Progressive','progressive':{'maxConcurrency':1,'minSuccessTime':'1m'}}|a:S60|b||false",
        "one failure stops new ones|{'type':'Progressive','progressive':{'maxConcurrency':3}}|a:F1 b:S1||a|true",
        "a tolerated failure takes a place|{'type':'Progressive','progressive':{'maxConcurrency':2,'maxFailures':1}}|a:F1|b|a|false",
        "two failures are too many|{'type':'Progressive','progressive':{'maxConcurrency':9,'maxFailures':1}}|a:F1 b:F1||ab|true",
        "a tenth of seven rounded up|{'type':'Progressive','progressive':{'maxConcurrency':2,'maxFailures':'10%'}}|a:F1|b|a|false",
        "more than there are bears all|{'type':'Progressive','progressive':{'maxConcurrency':3,'maxFailures':100}}|a:F1 b:F1|c|ab|false",
        "a deadline frees the place and counts|{'type':'Progressive','progressive':{'maxConcurrency':1,'progressDeadline':'30s','maxFailures':1}}|a:P30|b||false",
        "a deadline without tolerance|{'type':'Progressive','progressive':{'maxConcurrency':1,'progressDeadline':'30s'}}|a:P30|||true",
        "before the deadline|{'type':'Progressive','progressive':{'maxConcurrency':1,'progressDeadline':'30s'}}|a:P29||a|false",
        "no deadline waits for ever|{'type':'Progressive','progressive':{'maxConcurrency':1,'progressDeadline':'None'}}|a:P99999||a|false",
        "deadline 0 is at once|{'type':'Progressive','progressive':{'maxConcurrency':1,'progressDeadline':'0s','maxFailures':9}}|a:P0|b||false",
        "mandatory first|{'type':'Progressive','progressive':{'maxConcurrency':3,'mandatoryDecisionGroups':[{'groupName':'canary'}]}}||a||false",
        "mandatory under way holds back|{'type':'Progressive','progressive':{'mandatoryDecisionGroups':[{'groupName':'canary'}]}}|a:P1||a|false",
        "mandatory failure holds back whatever is tolerated|{'type':'Progressive','progressive':{'maxFailures':9,'mandatoryDecisionGroups':[{'groupName':'canary'}]}}|a:F1||a|true",
        "percent is of the others|{'type':'Progressive','progressive':{'maxConcurrency':'50%','mandatoryDecisionGroups':[{'groupName':'canary'}]}}|a:S1|bcd||false",
        "mandatory by index|{'type':'Progressive','progressive':{'mandatoryDecisionGroups':[{'groupIndex':2}]}}||efg||false",
        // ProgressivePerGroup
        "the first group|{'type':'ProgressivePerGroup'}||a||false",
        "the next group whole|{'type':'ProgressivePerGroup'}|a:S1|bcd||false",
        "waits for the whole group|{'type':'ProgressivePerGroup'}|a:S1 b:S1 c:P1|d|c|false",
        "goes on|{'type':'ProgressivePerGroup'}|a:S1 b:S1 c:S1 d:S1|efg||false",
        "a failure stops the next group|{'type':'ProgressivePerGroup'}|a:S1 b:S1 c:F1 d:S1||c|true",
        "a tolerated failure does not|{'type':'ProgressivePerGroup','progressivePerGroup':{'maxFailures':1}}|a:S1 b:S1 c:F1 d:S1|efg|c|false",
        "tolerance is of the group|{'type':'ProgressivePerGroup','progressivePerGroup':{'maxFailures':'34%'}}|a:S1 b:F1 c:F1 d:S1|efg|bc|false",
        "soak holds the next group|{'type':'ProgressivePerGroup','progressivePerGroup':{'minSuccessTime':'10s'}}|a:S9||a|false",
        "mandatory order|{'type':'ProgressivePerGroup','progressivePerGroup':{'mandatoryDecisionGroups':[{'groupIndex':2},{'groupName':'canary'}]}}|e:S1 f:S1 g:S1|a||false",
      })
  void decidesWhoseTurnItIs(
      String what, String strategy, String known, String start, String active, boolean breached) {
    var plan = plan(strategy, known == null ? "" : known);
    assertThat(String.join("", plan.start())).as(what).isEqualTo(start == null ? "" : start);
    assertThat(String.join("", plan.active().stream().sorted().toList()))
        .isEqualTo(active == null ? "" : active);
    assertThat(plan.breached()).isEqualTo(breached);
  }

  @Test
  void looksAgainAtTheNearestEnd() {
    var plan =
        plan(
            "{'type':'Progressive','progressive':{'minSuccessTime':'1m','progressDeadline':'5m'}}",
            "a:S10 b:P1 c:F290 d:P400");
    assertThat(plan.recheckAt()).contains(NOW.plusSeconds(10));
    assertThat(plan.timedOut()).containsExactly("d");
    assertThat(plan("{'type':'Progressive'}", "a:S10").recheckAt()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "'',0", "90s,90", "1h30m,5400", "2m5s,125", "1500ms,1", "soon,0"})
  void readsDurations(String text, long seconds) {
    assertThat(Amounts.duration(text).toSeconds()).isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource({
    "3,10,3",
    "'\"30%\"',10,3",
    "'\"25%\"',10,3",
    "'\"7\"',10,7",
    "null,10,42",
    "'\"x\"',10,42"
  })
  void readsAmounts(String json, int total, int amount) {
    assertThat(Amounts.of(Json.parse(json), total, 42)).isEqualTo(amount);
  }

  @Test
  void neverEndsPatienceWithoutDeadline() {
    assertThat(Arrays.asList(Amounts.deadline("None"), Amounts.deadline(null))).containsOnlyNulls();
    assertThat(Amounts.deadline("10m")).isEqualTo(Duration.ofMinutes(10));
  }
}
