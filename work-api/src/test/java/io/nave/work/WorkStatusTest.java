package io.nave.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.nave.api.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkStatusTest {
  private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATE = Instant.parse("2026-01-02T00:00:00Z");
  private static final ManifestWork.Status NONE = new ManifestWork.Status(List.of(), null);

  private static WorkStatus.Outcome outcome(int i, Condition applied, Condition available) {
    var meta = new ManifestWork.ResourceMeta(i, "", "v1", "ConfigMap", "configmaps", "c" + i, "n");
    return new WorkStatus.Outcome(meta, applied, available, null, null);
  }

  @Test
  void saysWhatBecameOfAManifest() {
    assertThat(WorkStatus.applied())
        .isEqualTo(
            Condition.of("Applied", true, "AppliedManifestComplete", "Apply manifest complete"));
    assertThat(WorkStatus.notApplied("no such thing"))
        .isEqualTo(
            Condition.of(
                "Applied",
                false,
                "AppliedManifestFailed",
                "Failed to apply manifest: no such thing"));
    assertThat(WorkStatus.available().reason()).isEqualTo("ResourceAvailable");
    assertThat(WorkStatus.notAvailable().reason()).isEqualTo("ResourceNotAvailable");
    assertThat(WorkStatus.notAvailable().status()).isEqualTo("False");
    assertThat(WorkStatus.availableUnknown("x").reason()).isEqualTo("FetchingResourceFailed");
    assertThat(WorkStatus.availableUnknown("x").status()).isEqualTo("Unknown");
    assertThat(WorkStatus.incomplete().reason()).isEqualTo("IncompleteResourceMeta");
  }

  /// How many manifests are available, not available, unknown.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | 0 | 0 | True    | ResourcesAvailable      | All resources are available",
        "1 | 2 | 0 | False   | ResourcesNotAvailable   | 2 of 3 resources are not available",
        "1 | 1 | 1 | False   | ResourcesNotAvailable   | 1 of 3 resources are not available",
        "1 | 0 | 1 | Unknown | ResourcesStatusUnknown  | 1 of 2 resources have unknown status",
        "0 | 0 | 0 | Unknown | ResourcesStatusUnknown  | cannot get any available resource"
      })
  void sumsUpWhatIsAvailable(
      int available, int not, int unknown, String status, String reason, String message) {
    var outcomes = new ArrayList<WorkStatus.Outcome>();
    for (int i = 0; i < available + not + unknown; i++) {
      var condition =
          i < available
              ? WorkStatus.available()
              : i < available + not ? WorkStatus.notAvailable() : WorkStatus.incomplete();
      outcomes.add(outcome(i, WorkStatus.applied(), condition));
    }
    assertThat(WorkStatus.workAvailable(outcomes))
        .isEqualTo(Condition.of("Available", status, reason, message));
  }

  @Test
  void gathersConditionsOfRulesIntoTheWork() {
    var moving = Condition.of("Progressing", true, "ConditionRuleEvaluated", "");
    var still = Condition.of("Progressing", false, "ConditionRuleEvaluated", "");
    var broken = Condition.of("Healthy", false, "ConditionRuleEvaluated", "");
    var unsure = Condition.of("Healthy", "Unknown", "ConditionRuleExpressionError", "");
    var a =
        outcome(0, WorkStatus.applied(), WorkStatus.available()).withRuled(List.of(moving, unsure));
    var b =
        outcome(1, WorkStatus.applied(), WorkStatus.available()).withRuled(List.of(still, broken));

    var first = WorkStatus.after(NONE, 1, List.of(a, b), EARLY);

    assertThat(first.conditions())
        .extracting(Condition::type, Condition::status, Condition::message)
        .contains(
            tuple("Healthy", "False", "Aggregated from 2 manifest conditions"),
            tuple("Progressing", "True", "Aggregated from 2 manifest conditions"));
    var c = outcome(0, WorkStatus.applied(), WorkStatus.available());
    var later = WorkStatus.after(first, 2, List.of(c), EARLY);
    assertThat(later.conditions())
        .extracting(Condition::type)
        .containsExactly("Applied", "Available");
    assertThat(later.resourceStatus().manifests().getFirst().conditions())
        .extracting(Condition::type)
        .containsExactly("Applied", "Available");
  }

  @Test
  void sumsUpWhatIsApplied() {
    var good = outcome(0, WorkStatus.applied(), WorkStatus.available());
    var bad = outcome(1, WorkStatus.notApplied("x"), WorkStatus.notAvailable());
    assertThat(WorkStatus.workApplied(List.of(good)))
        .isEqualTo(
            Condition.of(
                "Applied", true, "AppliedManifestWorkComplete", "Apply manifest work complete"));
    assertThat(WorkStatus.workApplied(List.of(good, bad)))
        .isEqualTo(
            Condition.of(
                "Applied", false, "AppliedManifestWorkFailed", "Failed to apply manifest work"));
  }

  @Test
  void observesTheGenerationEverywhere() {
    var status =
        WorkStatus.after(
            NONE, 7, List.of(outcome(0, WorkStatus.applied(), WorkStatus.available())), EARLY);
    assertThat(status.conditions()).allMatch(c -> Long.valueOf(7).equals(c.observedGeneration()));
    assertThat(status.resourceStatus().manifests().getFirst().conditions())
        .allMatch(c -> Long.valueOf(7).equals(c.observedGeneration()));
  }

  @Test
  void anUnchangedWorldGivesAnEqualStatus() {
    var outcomes = List.of(outcome(0, WorkStatus.applied(), WorkStatus.available()));
    var first = WorkStatus.after(NONE, 1, outcomes, EARLY);
    assertThat(WorkStatus.after(first, 1, outcomes, LATE)).isEqualTo(first);
  }

  @Test
  void keepsTheTimesOfAManifestThatMoved() {
    var one = outcome(0, WorkStatus.applied(), WorkStatus.available());
    var first = WorkStatus.after(NONE, 1, List.of(one), EARLY);
    var meta = one.meta();
    var moved =
        new WorkStatus.Outcome(
            new ManifestWork.ResourceMeta(
                1,
                meta.group(),
                meta.version(),
                meta.kind(),
                meta.resource(),
                meta.name(),
                meta.namespace()),
            one.applied(),
            one.available(),
            null,
            null);
    var added = outcome(5, WorkStatus.applied(), WorkStatus.available());
    var second = WorkStatus.after(first, 2, List.of(added, moved), LATE);
    assertThat(times(second, 0)).containsOnly(LATE);
    assertThat(times(second, 1)).containsOnly(EARLY);
  }

  @Test
  void keepsConditionsOfOthers() {
    var others = new ManifestWork.Status(List.of(Condition.of("Mine", true, "R", "")), null);
    var status = WorkStatus.after(others, 1, List.of(), EARLY);
    assertThat(status.conditions()).extracting(Condition::type).contains("Mine");
  }

  @Test
  void saysThatAWorkIsGoing() {
    var status = WorkStatus.deleting(NONE, 3, EARLY);
    assertThat(status.conditions())
        .singleElement()
        .satisfies(c -> {
          assertThat(c.type()).isEqualTo("Deleting");
          assertThat(c.reason()).isEqualTo("WorkDeleting");
          assertThat(c.message()).isEqualTo("ManifestWork is being deleted");
          assertThat(c.observedGeneration()).isEqualTo(3);
        });
  }

  private static List<Instant> times(ManifestWork.Status status, int manifest) {
    return status.resourceStatus().manifests().get(manifest).conditions().stream()
        .map(Condition::lastTransitionTime)
        .toList();
  }
}
