package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Condition;
import io.nave.applications.api.Application;
import io.nave.applications.api.Application.AppliedResource;
import io.nave.applications.api.Application.Service;
import io.nave.applications.api.Application.Status;
import io.nave.applications.api.WorkflowStatus;
import io.nave.work.ManifestIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Sums up how far an Application got, as its `status` (spec §3). Pure.
final class Progress {
  static final String READY = "Ready";
  static final String RUNNING = "running";
  static final String UNHEALTHY = "unhealthy";
  static final String DELIVERING = "runningWorkflow";
  static final String SUSPENDED = "workflowSuspending";
  static final String TERMINATED = "workflowTerminated";
  static final String FAILED = "workflowFailed";
  static final String DELETING = "deleting";

  /// Most services and most applied resources that one status lists; unhealthy services come first
  /// when there are more, and the condition counts them all.
  private static final int LISTED_MAX = 300;

  /// Most clusters or faults that one message names.
  private static final int NAMED_MAX = 10;

  private static final String GOOD = "Available";
  private static final String BAD = "ReconcileError";

  private Progress() {}

  /// The faults as one text.
  static String text(List<ApiError.Cause> faults) {
    var text = new StringJoiner("; ");
    faults.stream()
        .limit(NAMED_MAX)
        .forEach(fault -> text.add(fault.field() + ": " + fault.message()));
    if (faults.size() > NAMED_MAX) {
      text.add("and " + (faults.size() - NAMED_MAX) + " more");
    }
    return text.toString();
  }

  /// It cannot go on; what was reported about what runs stays.
  static Status refused(Application application, Refusal refusal, Instant now) {
    var board = new Board(application, now);
    for (var stage : Stage.values()) {
      if (stage.compareTo(refusal.stage()) < 0
          && stage != Stage.REVISION // made only when it can be delivered
          && (stage == Stage.PARSED || refusal.stage() != Stage.WORKFLOW)) {
        board.good(stage.condition(), "");
      }
    }
    board.bad(refusal.stage().condition(), BAD, refusal.text());
    board.bad(READY, BAD, refusal.text());
    var before = application.status();
    return new Status(
        refusal.stage().phase(),
        application.metadata().generation(),
        board.conditions(),
        before.services(),
        before.appliedResources(),
        before.workflow(),
        before.latestRevision(),
        before.workflowRestartScheduledAt(),
        before.contested());
  }

  /// It is on its way out.
  static Status deleting(Application application, List<String> clusters, Instant now) {
    var board = new Board(application, now);
    board.keepAll();
    board.bad(READY, "Deleting", "waiting for the objects to go from " + named(clusters));
    var before = application.status();
    return new Status(
        DELETING,
        application.metadata().generation(),
        board.conditions(),
        before.services(),
        before.appliedResources(),
        before.workflow(),
        before.latestRevision(),
        before.workflowRestartScheduledAt(),
        before.contested());
  }

  /// What came of a pass that delivered.
  ///
  /// @param wanted what runs, or is to run
  /// @param services how each component is
  /// @param notices what in the policies had no effect
  /// @param contests what it does not deliver, because another application does
  /// @param rivals what it delivers, and another application wants too
  /// @param patience for how long a component may be unhealthy before the application is
  /// @param run how far its workflow got
  /// @param restartAt when the workflow begins anew; null: not by itself
  record Outcome(
      Application application,
      List<Rendered> wanted,
      List<Service> services,
      List<String> notices,
      List<Contest> contests,
      List<Contest> rivals,
      Duration patience,
      WorkflowStatus run,
      Application.LatestRevision latest,
      @Nullable Instant restartAt) {}

  /// It was handed to the clusters, as far as its workflow got.
  ///
  /// @param ignored paths of properties no definition knows
  static Status delivered(Outcome outcome, List<String> ignored, Instant now) {
    var board = new Board(outcome.application(), now);
    board.good(
        Stage.PARSED.condition(),
        ignored.isEmpty() ? "" : "ignored, since no definition knows it: " + named(ignored));
    board.good(Stage.REVISION.condition(), outcome.latest().name());
    var places = "runs on " + named(clusters(outcome.wanted()));
    board.good(
        Stage.POLICY.condition(),
        outcome.notices().isEmpty() ? places : places + "; " + named(outcome.notices()));
    board.good(Stage.RENDER.condition(), "");
    var run = outcome.run();
    var phase = phase(run, outcome.services());
    var summary = summary(outcome.services());
    var said = run.message() == null ? summary : run.message();
    var reason = reason(phase);
    switch (phase) {
      case RUNNING -> board.good(Stage.WORKFLOW.condition(), "").good(READY, summary);
      case UNHEALTHY -> board.good(Stage.WORKFLOW.condition(), "").bad(READY, reason, summary);
      default ->
          board
              .bad(Stage.WORKFLOW.condition(), reason, said)
              .bad(READY, reason, phase.equals(DELIVERING) && !healthy(outcome) ? summary : said);
    }
    var contested = new ArrayList<String>();
    outcome.contests().forEach(contest -> contested.add(contest.text()));
    outcome.rivals().forEach(contest -> contested.add(contest.text()));
    if (!contested.isEmpty()) {
      board.told("Contested", "Contested", named(contested));
    }
    return new Status(
        phase.equals(UNHEALTHY) && isBorne(outcome, now) ? RUNNING : phase,
        outcome.application().metadata().generation(),
        board.conditions(),
        bounded(outcome.services()),
        resources(outcome.wanted()),
        run,
        outcome.latest(),
        outcome.restartAt(),
        outcome.contests().stream().map(Contest::told).toList());
  }

  private static boolean healthy(Outcome outcome) {
    return outcome.services().stream().allMatch(Service::healthy);
  }

  private static String phase(WorkflowStatus run, List<Service> services) {
    return switch (run.status() == null ? "" : run.status()) {
      case "succeeded" -> services.stream().allMatch(Service::healthy) ? RUNNING : UNHEALTHY;
      case "suspending" -> SUSPENDED;
      case "terminated" -> TERMINATED;
      case "failed" -> FAILED;
      default -> DELIVERING;
    };
  }

  /// Whether it was healthy a moment ago, and its health policy bears that for a while.
  private static boolean isBorne(Outcome outcome, Instant now) {
    var before = outcome.application().status();
    var ready = Condition.find(before.conditions(), READY).orElse(null);
    if (ready == null || !RUNNING.equals(before.status())) {
      return false;
    }
    var since = ready.isTrue() ? now : ready.lastTransitionTime();
    return since != null && Duration.between(since, now).compareTo(outcome.patience()) < 0;
  }

  private static String reason(String phase) {
    return switch (phase) {
      case SUSPENDED -> "Suspending";
      case TERMINATED -> "Terminated";
      case FAILED -> "Failed";
      case UNHEALTHY -> "Unhealthy";
      default -> "Executing";
    };
  }

  private static String summary(List<Service> services) {
    var healthy = services.stream().filter(Service::healthy).count();
    var text = new StringJoiner("; ");
    text.add(healthy + " of " + services.size() + " healthy");
    services.stream()
        .filter(service -> !service.healthy())
        .limit(3)
        .forEach(service ->
            text.add(service.name() + " on " + service.cluster() + ": " + message(service)));
    return text.toString();
  }

  private static String message(Service service) {
    @Nullable String message = service.message();
    for (var trait : service.traits()) {
      if (!trait.healthy() && service.workloadHealthy()) {
        return "trait " + trait.type() + ": " + trait.message();
      }
    }
    return message == null ? "not healthy" : message;
  }

  private static List<String> clusters(List<Rendered> components) {
    return components.stream().map(r -> r.target().cluster()).distinct().sorted().toList();
  }

  private static String named(List<String> names) {
    if (names.size() <= NAMED_MAX) {
      return names.isEmpty() ? "no cluster" : String.join(", ", names);
    }
    return String.join(", ", names.subList(0, NAMED_MAX))
        + " and "
        + (names.size() - NAMED_MAX)
        + " more";
  }

  private static List<Service> bounded(List<Service> services) {
    if (services.size() <= LISTED_MAX) {
      return services;
    }
    var first = new ArrayList<Service>();
    services.stream().filter(s -> !s.healthy()).limit(LISTED_MAX).forEach(first::add);
    services.stream()
        .filter(Service::healthy)
        .limit(LISTED_MAX - (long) first.size())
        .forEach(first::add);
    return List.copyOf(first);
  }

  private static List<AppliedResource> resources(List<Rendered> components) {
    var resources = new LinkedHashSet<AppliedResource>(); // two pieces may show the same object
    for (var rendered : components) {
      if (rendered.isRead()) {
        continue;
      }
      for (var piece : rendered.pieces()) {
        var identity = ManifestIdentity.of(piece.manifest());
        if (resources.size() < LISTED_MAX) {
          resources.add(
              new AppliedResource(
                  rendered.target().cluster(),
                  "workflow",
                  identity.apiVersion(),
                  identity.kind(),
                  identity.namespace().isEmpty() ? null : identity.namespace(),
                  identity.name()));
        }
      }
    }
    return List.copyOf(resources);
  }

  /// The conditions as they become; each keeps its time while its status stays.
  private static final class Board {
    private final List<Condition> before;
    private final long generation;
    private final Instant now;
    private final List<Condition> next = new ArrayList<>();

    Board(Application application, Instant now) {
      before = application.status().conditions();
      generation = application.metadata().generation();
      this.now = now;
    }

    void keepAll() {
      before.stream().filter(old -> !old.type().equals(READY)).forEach(next::add);
    }

    Board good(String type, String message) {
      put(Condition.of(type, true, GOOD, message));
      return this;
    }

    Board bad(String type, String reason, String message) {
      put(Condition.of(type, false, reason, message));
      return this;
    }

    /// Something that people should know, and that keeps nothing from running.
    void told(String type, String reason, String message) {
      put(Condition.of(type, true, reason, message));
    }

    private void put(Condition condition) {
      var merged = Condition.merge(before, condition.observed(generation), now);
      next.add(Condition.find(merged, condition.type()).orElseThrow());
    }

    List<Condition> conditions() {
      return List.copyOf(next);
    }
  }
}
