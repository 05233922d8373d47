package io.nave.applications.workflow;

import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.applications.api.WorkflowRun;
import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.api.WorkflowStatus.StepStatus;
import io.nave.applications.workflow.StepAction.Call;
import io.nave.applications.workflow.StepAction.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A run for tests: steps from YAML, actions by step name, a clock of its own. Between any two
/// passes the status goes through JSON, as it does through a store.
final class Runs {
  static final Instant BEGIN = Instant.parse("2026-11-26T07:00:00Z");

  final Plan plan;
  final Map<String, Function<Call, StepResult>> actions = new LinkedHashMap<>();
  final List<String> executed = new ArrayList<>();
  Instant now = BEGIN;
  WorkflowStatus status = WorkflowStatus.none();
  @Nullable Instant again;

  private Runs(Plan plan) {
    this.plan = plan;
  }

  static Runs of(String spec) {
    var run =
        Codec.decode(
            Yaml.parseAll("metadata: {name: r}\nspec:\n  workflowSpec:\n" + spec.indent(4))
                .getFirst(),
            WorkflowRun.class);
    var steps = run.spec().workflowSpec();
    if (steps == null) {
      throw new AssertionError("no steps");
    }
    return new Runs(Plan.of(steps.steps(), steps.mode()));
  }

  /// What a step does; one without an action succeeds at once.
  Runs when(String step, Function<Call, StepResult> action) {
    actions.put(step, action);
    return this;
  }

  Runs when(String step, StepResult result) {
    return when(step, _ -> result);
  }

  Runs pass() {
    var with =
        new Engine.Surroundings(
            "app-v1",
            Json.object().put("name", "app"),
            _ -> Optional.empty(),
            Set.of(),
            this::run,
            now);
    var result = Engine.pass(plan, status, with);
    status = stored(result.status());
    again = result.again();
    return this;
  }

  static WorkflowStatus stored(WorkflowStatus status) {
    return Codec.decode(Json.tree(status), WorkflowStatus.class);
  }

  private StepResult run(Call call) {
    executed.add(call.name());
    return actions.getOrDefault(call.name(), _ -> done("")).apply(call);
  }

  Runs after(Duration time) {
    now = now.plus(time);
    return pass();
  }

  Runs hand(String text, String by) {
    var hand = Hand.parse(text).orElseThrow();
    status = stored(hand.on(plan, status, by, now, now + " " + by + " " + text));
    return this;
  }

  StepStatus step(String name) {
    return status.find(name).orElseThrow();
  }

  /// Such as `a=succeeded b=failed/Timeout`.
  String phases() {
    var found = new ArrayList<String>();
    for (var step : status.steps()) {
      found.add(word(step));
      step.subSteps().forEach(sub -> found.add(word(sub.asStep())));
    }
    return String.join(" ", found);
  }

  private static String word(StepStatus step) {
    var reason = step.reason() == null ? "" : "/" + step.reason();
    return step.name() + "=" + step.phase() + reason;
  }

  static StepResult done(String json) {
    return new StepResult.Done(json.isEmpty() ? Json.object() : Json.parse(json), null);
  }

  static StepResult waiting() {
    return new StepResult.Waiting("not yet");
  }

  static StepResult failed() {
    return new StepResult.Failed("broken");
  }
}
