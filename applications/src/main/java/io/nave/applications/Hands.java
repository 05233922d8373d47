package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Meta;
import io.nave.api.ResourceType;
import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.workflow.Durations;
import io.nave.applications.workflow.Hand;
import io.nave.applications.workflow.Plan;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// How a person reaches a run: by annotations of the Application or WorkflowRun.
///
/// `nave.io/workflow: approve prod: tested by QA` asks for something ([Hand]). At the door it is
/// checked and stamped with who asked and when, in `nave.io/workflow-by`, whatever was written
/// there. The controller carries it out, records it in status, and takes both annotations off.
public final class Hands {
  /// What is asked for.
  public static final String ASKED = "nave.io/workflow";

  /// By whom, and when: `<time> <user>`; written by the hub only.
  public static final String BY = "nave.io/workflow-by";

  /// KubeVela's: `true`, a time, or a duration.
  static final String RESTART = "app.oam.dev/restart-workflow";

  private static final String AT_ONCE = "true";

  /// The verb on the object that lets a suspended step go on.
  public static final String RIGHT = "approve";

  private Hands() {}

  /// An object as it is stored, its request checked and stamped.
  ///
  /// @param old null: it is new
  /// @param mayApprove asked when something is to go on
  /// @throws ApiError Invalid for a request that is none, Forbidden without the right
  public static ApiObject stamped(
      ResourceType type,
      @Nullable ApiObject old,
      ApiObject next,
      String user,
      BooleanSupplier mayApprove,
      Instant now) {
    var asked = next.annotations().get(ASKED);
    var by = next.annotations().get(BY);
    if (asked == null) {
      return by == null ? next : next.edit(tree -> annotations(tree).remove(BY));
    }
    if (old != null
        && asked.equals(old.annotations().get(ASKED))
        && by != null
        && by.equals(old.annotations().get(BY))) {
      return next; // stamped already, and not yet carried out
    }
    var hand = Hand.parse(asked).orElse(null);
    if (hand == null) {
      throw ApiError.invalid(
          type,
          next.name(),
          java.util.List.of(
              new ApiError.Cause(
                  "FieldValueInvalid",
                  "metadata.annotations[" + ASKED + "]",
                  "Invalid value: \"" + asked + "\": " + Hand.EXPECTED)));
    }
    var goesOn = hand.verb() == Hand.Verb.APPROVE || hand.verb() == Hand.Verb.RESUME;
    if (goesOn && !mayApprove.getAsBoolean()) {
      throw ApiError.forbidden(
          type,
          next.name(),
          "user %s may not let a workflow go on; grant the verb \"%s\" on %s"
              .formatted(user, RIGHT, type.resource()));
    }
    return next.edit(tree -> annotations(tree).put(BY, now + " " + user));
  }

  private static ObjectNode annotations(ObjectNode tree) {
    return tree.withObjectProperty("metadata").withObjectProperty("annotations");
  }

  /// A run after what was asked for.
  ///
  /// @param done annotations to take off
  /// @param idle what was asked for and changed nothing, and why; null: there was no such thing
  /// @param restartAt when the run begins anew by itself
  record Result(
      WorkflowStatus run, Set<String> done, @Nullable String idle, @Nullable Instant restartAt) {}

  /// Carries out what the annotations ask for.
  static Result apply(Meta meta, Plan plan, WorkflowStatus before, Instant now) {
    var done = new HashSet<String>();
    var run = asked(meta, plan, before, done);
    var idle = idle(meta, plan, before, run);
    var wish = meta.annotations().getOrDefault(RESTART, "");
    var restart = due(wish, run, now).orElse(null);
    var over = run.finished() || run.startTime() == null;
    if (restart == null || restart.isAfter(now) || !over) {
      // At once is as soon as the run has ended, which is no time that could be told.
      return new Result(run, done, idle, wish.equals(AT_ONCE) ? null : restart);
    }
    if (Durations.parse(wish).isEmpty()) {
      done.add(RESTART);
    }
    return new Result(anew(run), done, idle, null);
  }

  /// When to look for a restart; null: when something changes. One that is due waits for the run to
  /// end, and then it takes another look.
  ///
  /// @param before how the run stood when the hands were applied
  static @Nullable Instant restartLook(Meta meta, Result before, WorkflowStatus run, Instant now) {
    if (run.finished() && !before.run().finished()) {
      return meta.annotations().containsKey(RESTART) ? now : null;
    }
    var at = before.restartAt();
    return at != null && at.isAfter(now) ? at : null;
  }

  private static WorkflowStatus asked(
      Meta meta, Plan plan, WorkflowStatus before, Set<String> done) {
    var text = meta.annotations().get(ASKED);
    if (text == null) {
      return before;
    }
    done.add(ASKED);
    done.add(BY);
    var stamp = meta.annotations().getOrDefault(BY, "");
    var space = stamp.indexOf(' ');
    var hand = Hand.parse(text);
    var known = (stamp + " " + text).equals(before.handled());
    if (known || space < 0 || hand.isEmpty()) {
      return before;
    }
    try {
      var at = Instant.ofEpochSecond(Instant.parse(stamp.substring(0, space)).getEpochSecond());
      return hand.get().on(plan, before, stamp.substring(space + 1), at, stamp + " " + text);
    } catch (DateTimeException e) {
      return before; // not stamped at the door
    }
  }

  private static @Nullable String idle(
      Meta meta, Plan plan, WorkflowStatus before, WorkflowStatus run) {
    var isHandled = !Objects.equals(before.handled(), run.handled());
    if (!isHandled || !run.draft().handled(before.handled()).done().equals(before)) {
      return null;
    }
    var text = meta.annotations().getOrDefault(ASKED, "");
    return Hand.parse(text)
        .map(hand -> "\"" + text + "\" changed nothing: " + hand.idle(plan, run))
        .orElse(null);
  }

  /// From the beginning, remembering what was handled.
  static WorkflowStatus anew(WorkflowStatus run) {
    return WorkflowStatus.none().draft().handled(run.handled()).done();
  }

  private static Optional<Instant> due(String asked, WorkflowStatus run, Instant now) {
    if (asked.equals(AT_ONCE)) {
      return Optional.of(now);
    }
    var every = Durations.parse(asked);
    if (every.isPresent()) {
      var end = run.endTime();
      return end == null ? Optional.empty() : Optional.of(end.plus(every.get()));
    }
    try {
      return asked.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(asked));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
