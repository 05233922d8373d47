package io.nave.applications.workflow;

import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.api.WorkflowStatus.Approval;
import io.nave.applications.api.WorkflowStatus.StepStatus;
import io.nave.applications.api.WorkflowStatus.SubStepStatus;
import io.nave.applications.api.WorkflowStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a person does to a run, as written in an annotation: `<verb> [<step>] [: <why>]`, such as
/// `approve prod: tested by QA` (spec §11.11, §11.12).
///
/// @param step the one meant; null: the whole run, or every step that waits
/// @param why for the record
public record Hand(Verb verb, @Nullable String step, @Nullable String why) {
  /// Longest text of a hand; the reason is kept in status.
  public static final int TEXT_MAX = 500;

  /// What can be done.
  public enum Verb {
    /// Lets suspended steps go on, and records who said so.
    APPROVE,
    /// The same word in KubeVela.
    RESUME,
    /// Holds the run, or one step of it, where it is.
    SUSPEND,
    /// Ends the run; steps whose `if` wants that still run.
    TERMINATE,
    /// Begins anew, or from a failed step on.
    RESTART;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @return empty when the text is none; see [#EXPECTED]
  public static Optional<Hand> parse(String text) {
    var colon = text.indexOf(':');
    var head = (colon < 0 ? text : text.substring(0, colon)).strip().split("\\s+");
    var why = colon < 0 ? "" : text.substring(colon + 1).strip();
    if (head.length > 2 || text.length() > TEXT_MAX) {
      return Optional.empty();
    }
    for (var verb : Verb.values()) {
      if (verb.word().equals(head[0])) {
        return Optional.of(
            new Hand(verb, head.length > 1 ? head[1] : null, why.isEmpty() ? null : why));
      }
    }
    return Optional.empty();
  }

  /// For error texts.
  public static final String EXPECTED =
      "expected \"<verb> [<step>] [: <why>]\", of at most "
          + TEXT_MAX
          + " characters, with a verb of approve, resume, suspend, terminate, restart";

  /// The run after it.
  ///
  /// @param by who did it
  /// @param stamp what tells this act from others; kept as handled
  public WorkflowStatus on(Plan plan, WorkflowStatus run, String by, Instant at, String stamp) {
    var next =
        switch (verb) {
          case APPROVE, RESUME -> resumed(run, new Approval(by, at, why), at);
          case SUSPEND -> suspended(run, by, at);
          case TERMINATE -> terminated(run, by, at);
          case RESTART -> step == null ? WorkflowStatus.none() : restarted(plan, run, step);
        };
    return with(next, next.suspendState(), next.terminated(), next.steps(), stamp);
  }

  /// Why it changed nothing of a run, for who asked.
  public String idle(Plan plan, WorkflowStatus run) {
    var names = new LinkedHashSet<String>();
    for (var top : plan.steps()) {
      names.add(Plan.nameOf(top));
      top.subSteps().forEach(sub -> names.add(Plan.nameOf(sub.asStep())));
    }
    if (step != null && !names.contains(step)) {
      return "there is no step \"%s\"; there are %s".formatted(step, String.join(", ", names));
    }
    if (run.finished() && verb != Verb.RESTART) {
      return "the workflow has ended";
    }
    if (step == null) {
      return "no step waits for that";
    }
    var phase = run.find(step).map(StepStatus::phase);
    return "step \"" + step + "\" " + phase.map(its -> "is " + its).orElse("has not begun");
  }

  private WorkflowStatus resumed(WorkflowStatus run, Approval approval, Instant now) {
    if (run.finished()) {
      return run;
    }
    UnaryOperator<StepStatus> resume =
        state -> {
          if (Phase.of(state) != Phase.SUSPENDING || (step != null && !covers(run, state))) {
            return state;
          }
          return Boolean.TRUE.equals(state.held())
              ? States.released(state, now)
              : States.approved(state, approval, now);
        };
    // To let one step go on is not to lift what somebody laid on the whole run.
    var held = step == null ? null : run.suspendState();
    return with(run, held, run.terminated(), each(run, resume), run.handled());
  }

  /// Whether this names the step, or the group it is in.
  private boolean covers(WorkflowStatus run, StepStatus state) {
    return state.name().equals(step)
        || run.steps().stream()
            .filter(group -> group.name().equals(step))
            .anyMatch(group ->
                group.subSteps().stream().anyMatch(sub -> sub.name().equals(state.name())));
  }

  private WorkflowStatus suspended(WorkflowStatus run, String by, Instant now) {
    if (run.finished()) {
      return run;
    }
    var text = "suspended by " + by + (why == null ? "" : ": " + why);
    if (step == null) {
      return with(run, text, run.terminated(), run.steps(), run.handled());
    }
    UnaryOperator<StepStatus> hold =
        state ->
            state.name().equals(step) && state.firstExecuteTime() != null && !Phase.finished(state)
                ? States.held(state, text, now)
                : state;
    return with(run, run.suspendState(), run.terminated(), each(run, hold), run.handled());
  }

  private WorkflowStatus terminated(WorkflowStatus run, String by, Instant now) {
    if (run.finished()) {
      return run;
    }
    var text = "terminated by " + by + (why == null ? "" : ": " + why);
    UnaryOperator<StepStatus> end =
        state ->
            state.firstExecuteTime() == null || Phase.finished(state)
                ? state
                : States.to(state, Phase.FAILED, Reasons.TERMINATE, text, now);
    var steps = new ArrayList<StepStatus>();
    for (var group : each(run, end)) {
      steps.add(closed(group, now));
    }
    return with(run, null, true, steps, run.handled());
  }

  /// A group that ended takes its sub-steps that never ran with it.
  private static StepStatus closed(StepStatus group, Instant now) {
    if (Phase.of(group) != Phase.FAILED) {
      return group;
    }
    var subs = new ArrayList<SubStepStatus>();
    for (var sub : group.subSteps()) {
      var state = sub.asStep();
      subs.add(
          Phase.finished(state)
              ? sub
              : States.to(state, Phase.SKIPPED, Reasons.SKIP, null, now).asSub());
    }
    return group.withSubSteps(subs);
  }

  private static List<StepStatus> each(WorkflowStatus run, UnaryOperator<StepStatus> change) {
    var steps = new ArrayList<StepStatus>();
    for (var state : run.steps()) {
      var subs = new ArrayList<SubStepStatus>();
      state.subSteps().forEach(sub -> subs.add(change.apply(sub.asStep()).asSub()));
      steps.add(change.apply(state).withSubSteps(subs));
    }
    return steps;
  }

  /// A failed step, and everything that came of it, begins anew; the rest stays done.
  private static WorkflowStatus restarted(Plan plan, WorkflowStatus run, String from) {
    var failed =
        run.find(from).filter(state -> Phase.of(state) == Phase.FAILED && Phase.finished(state));
    if (failed.isEmpty()) {
      return run;
    }
    var fresh = new HashSet<String>();
    for (var top : plan.steps()) {
      var subs = top.subSteps().stream().map(WorkflowStep.SubStep::asStep).toList();
      if (subs.stream().anyMatch(sub -> Plan.nameOf(sub).equals(from))) {
        after(plan, subs, plan.dagIn(top), from, fresh);
        after(plan, plan.steps(), plan.dag(), Plan.nameOf(top), fresh);
        fresh.remove(Plan.nameOf(top)); // it goes on with what is left of it
        return begunAnew(plan, run, fresh, Plan.nameOf(top));
      }
    }
    after(plan, plan.steps(), plan.dag(), from, fresh);
    return begunAnew(plan, run, fresh, "");
  }

  private static void after(
      Plan plan, List<WorkflowStep> level, boolean dag, String from, Set<String> found) {
    found.add(from);
    var passed = false;
    for (var step : level) {
      var name = Plan.nameOf(step);
      if (passed && !dag) {
        found.add(name);
      }
      passed |= name.equals(from);
    }
    var before = -1;
    while (dag && before != found.size()) {
      before = found.size();
      for (var step : level) {
        if (plan.dependencies(step, level).stream().anyMatch(found::contains)) {
          found.add(Plan.nameOf(step));
        }
      }
    }
  }

  private static WorkflowStatus begunAnew(
      Plan plan, WorkflowStatus run, Set<String> fresh, String reopened) {
    var steps = new ArrayList<StepStatus>();
    for (var state : run.steps()) {
      if (fresh.contains(state.name())) {
        continue;
      }
      var subs = state.subSteps().stream().filter(sub -> !fresh.contains(sub.name())).toList();
      var open = state.name().equals(reopened);
      var first = state.firstExecuteTime();
      steps.add(
          open && first != null
              ? States.to(state, Phase.RUNNING, null, null, first).withSubSteps(subs)
              : state.withSubSteps(subs));
    }
    var gone = new HashSet<>(fresh);
    plan.steps().stream()
        .filter(step -> fresh.contains(Plan.nameOf(step)))
        .forEach(step -> step.subSteps().forEach(sub -> gone.add(Plan.nameOf(sub.asStep()))));
    Map<String, tools.jackson.databind.JsonNode> outputs = new TreeMap<>(run.outputs());
    plan.producers()
        .forEach((output, producer) -> {
          if (gone.contains(producer)) {
            outputs.remove(output);
          }
        });
    return run.draft()
        .status(RunStatus.EXECUTING)
        .message(null)
        .suspend(false)
        .suspendState(null)
        .terminated(false)
        .finished(false)
        .steps(steps)
        .outputs(outputs)
        .endTime(null)
        .done();
  }

  private static WorkflowStatus with(
      WorkflowStatus run,
      @Nullable String suspendState,
      boolean terminated,
      List<StepStatus> steps,
      @Nullable String handled) {
    return run.draft()
        .suspend(suspendState != null || run.suspend())
        .suspendState(suspendState)
        .terminated(terminated)
        .steps(steps)
        .handled(handled)
        .done();
  }
}
