package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Condition;
import io.nave.applications.api.Application;
import io.nave.applications.api.Application.AppliedResource;
import io.nave.applications.api.Application.Service;
import io.nave.applications.api.Application.Status;
import io.nave.work.ManifestIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Sums up how far an Application got, as its `status` (spec §3). Pure.
final class Progress {
  static final String READY = "Ready";
  static final String RUNNING = "running";
  static final String UNHEALTHY = "unhealthy";
  static final String DELIVERING = "runningWorkflow";
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
        before.appliedResources());
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
        before.appliedResources());
  }

  /// It was handed to the clusters.
  ///
  /// @param ignored paths of properties no definition knows
  static Status delivered(
      Application application,
      List<Rendered> components,
      List<Service> services,
      List<String> ignored,
      Instant now) {
    var board = new Board(application, now);
    board.good(
        Stage.PARSED.condition(),
        ignored.isEmpty() ? "" : "ignored, since no definition knows it: " + named(ignored));
    board.good(Stage.POLICY.condition(), "runs on " + named(clusters(components)));
    board.good(Stage.RENDER.condition(), "");
    var phase = phase(application, services);
    var summary = summary(services);
    if (phase.equals(DELIVERING)) {
      board.bad(Stage.WORKFLOW.condition(), "Executing", summary);
    } else {
      board.good(Stage.WORKFLOW.condition(), "");
    }
    switch (phase) {
      case RUNNING -> board.good(READY, summary);
      case UNHEALTHY -> board.bad(READY, "Unhealthy", summary);
      default -> board.bad(READY, "Executing", summary);
    }
    return new Status(
        phase,
        application.metadata().generation(),
        board.conditions(),
        bounded(services),
        resources(components));
  }

  /// Delivered is delivered: what fails later is unhealthy, until the next edit is delivered.
  private static String phase(Application application, List<Service> services) {
    if (services.stream().allMatch(Service::healthy)) {
      return RUNNING;
    }
    var before = application.status();
    var seen = before.observedGeneration();
    var deliveredBefore =
        seen != null
            && seen == application.metadata().generation()
            && (RUNNING.equals(before.status()) || UNHEALTHY.equals(before.status()));
    return deliveredBefore ? UNHEALTHY : DELIVERING;
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
    var resources = new ArrayList<AppliedResource>();
    for (var rendered : components) {
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

    void good(String type, String message) {
      put(Condition.of(type, true, GOOD, message));
    }

    void bad(String type, String reason, String message) {
      put(Condition.of(type, false, reason, message));
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
