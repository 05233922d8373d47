package io.nave.applications.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.workflow.StepAction.Call;
import io.nave.applications.workflow.StepAction.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// - Goal: a run that is cut off at any point ends as one that is not.
/// - Method: workflows made from a seed, executed to the end twice: once undisturbed; once with a
///   hub that forgets, after random passes, all it found out since the last write. What steps did
///   outside stays done. Seeds are fixed; `-Dlong=true` tries many more.
class CrashSimTest {
  private static final int PASSES_MAX = 2_000;

  /// How the outside behaves towards one step: after so many looks from its first on, it is there.
  private static final class Outside {
    final Map<String, Integer> looks = new HashMap<>();
    final Map<String, Integer> needed = new HashMap<>();
    final Map<String, String> ends = new HashMap<>();

    StepResult run(Call call) {
      var name = call.name();
      var looked = looks.merge(name, 1, Integer::sum);
      var end = ends.getOrDefault(name, "done");
      if (end.equals("approval")) {
        return call.approved() ? done(name) : new StepResult.Suspended("?", null);
      }
      if (looked <= needed.getOrDefault(name, 0)) {
        return new StepResult.Waiting("not yet", call.now().plusSeconds(1), null);
      }
      return switch (end) {
        case "ends" -> new StepResult.Ended(Reasons.ACTION, "no");
        case "fails" -> new StepResult.Failed("broken");
        default -> done(name);
      };
    }

    private static StepResult done(String name) {
      return new StepResult.Done(Json.object().put("output", name), null);
    }
  }

  private record Case(Plan plan, Outside outside) {}

  private static Case made(long seed) {
    var random = new Random(seed);
    var steps = new ArrayList<WorkflowStep>();
    var outside = new Outside();
    for (var i = 0; i < 2 + random.nextInt(5); i++) {
      steps.add(step(random, "s" + i, i, outside));
    }
    var mode = random.nextBoolean() ? "DAG" : "StepByStep";
    return new Case(Plan.of(steps, new WorkflowStep.Mode(mode, null)), outside);
  }

  private static WorkflowStep step(Random random, String name, int index, Outside outside) {
    var subs = new ArrayList<WorkflowStep.SubStep>();
    if (random.nextInt(4) == 0) {
      for (var j = 0; j < 2; j++) {
        var sub = name + "x" + j;
        subs.add(
            new WorkflowStep.SubStep(
                sub, "x", null, null, null, List.of(), List.of(), List.of(), null));
        behave(random, sub, outside);
      }
    } else {
      behave(random, name, outside);
    }
    var needs = new ArrayList<String>();
    var inputs = new ArrayList<WorkflowStep.Input>();
    if (index > 0 && random.nextBoolean()) {
      needs.add("s" + random.nextInt(index));
    }
    if (index > 0 && random.nextInt(3) == 0) {
      inputs.add(new WorkflowStep.Input("out-s" + random.nextInt(index), "in"));
    }
    var when = new String[] {null, null, null, "always", "status.s0.succeeded"};
    var condition = index == 0 ? null : when[random.nextInt(when.length)];
    if (condition != null && condition.startsWith("status") && !needs.contains("s0")) {
      needs.add("s0"); // what it reads is decided when it is read, whatever the pass
    }
    return new WorkflowStep(
        name,
        subs.isEmpty() ? "x" : Plan.GROUP,
        null,
        condition,
        null,
        needs,
        inputs,
        subs.isEmpty() ? List.of(new WorkflowStep.Output("out-" + name, "output")) : List.of(),
        null,
        null,
        subs);
  }

  private static void behave(Random random, String name, Outside outside) {
    outside.needed.put(name, random.nextInt(4));
    var ends = List.of("done", "done", "done", "done", "approval", "fails", "ends");
    outside.ends.put(name, ends.get(random.nextInt(ends.size())));
  }

  private static WorkflowStatus ended(Case made, Random crashes, int oneIn) {
    var stored = WorkflowStatus.none();
    var now = Instant.parse("2026-11-26T07:00:00Z");
    for (var pass = 0; pass < PASSES_MAX && !stored.finished(); pass++) {
      var with =
          new Engine.Surroundings(
              "r", Json.object(), _ -> Optional.empty(), Set.of(), made.outside()::run, now);
      var result = Engine.pass(made.plan(), stored, with);
      if (crashes.nextInt(oneIn) != 0) {
        stored = Runs.stored(approved(made.plan(), result.status(), now));
      }
      now = later(now, result.again());
    }
    return stored;
  }

  private static Instant later(Instant now, @Nullable Instant again) {
    var soon = now.plus(Duration.ofSeconds(1));
    return again != null && again.isAfter(soon) ? again : soon;
  }

  private static WorkflowStatus approved(Plan plan, WorkflowStatus status, Instant now) {
    return status.suspend()
        ? new Hand(Hand.Verb.APPROVE, null, null).on(plan, status, "alice", now, "stamp" + now)
        : status;
  }

  private static List<String> phases(WorkflowStatus status) {
    var found = new ArrayList<String>();
    for (var step : status.steps()) {
      found.add(step.name() + " " + step.phase() + " " + step.reason());
      step.subSteps()
          .forEach(sub -> found.add(sub.name() + " " + sub.phase() + " " + sub.reason()));
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10})
  void endsAsAnUndisturbedRunDoes(int oneIn) {
    var seeds = Boolean.getBoolean("long") ? 5_000 : 150;
    for (var seed = 0L; seed < seeds; seed++) {
      var calm = ended(made(seed), new Random(0), Integer.MAX_VALUE);
      var disturbed = ended(made(seed), new Random(seed), oneIn);
      assertThat(calm.finished()).as("seed %d ends", seed).isTrue();
      assertThat(phases(disturbed)).as("seed %d", seed).isEqualTo(phases(calm));
      assertThat(disturbed.status()).as("seed %d", seed).isEqualTo(calm.status());
      assertThat(disturbed.outputs()).as("seed %d", seed).isEqualTo(calm.outputs());
    }
  }
}
