package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.applications.api.ApplicationReasons;
import io.nave.applications.api.ApplicationReasons.Explanation;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Why an application is not where it should be: its conditions, the steps of its workflow, its
/// components, and for each cluster that is behind what the works there say. Pure.
final class WhyApplication {
  /// Most clusters whose works one screen explains.
  private static final int CLUSTERS_MAX = 5;

  /// Most components that one screen names.
  private static final int COMPONENTS_MAX = 10;

  /// The works of the application in one cluster.
  ///
  /// @param managed null: there is no such cluster
  record Place(String cluster, @Nullable ManagedCluster managed, List<ManifestWork> works) {}

  private final ApiObject application;
  private final List<String> lines = new ArrayList<>();
  private boolean found;

  private WhyApplication(ApiObject application) {
    this.application = application;
  }

  /// The clusters whose works have to be looked at: of an application on its way out, all.
  static List<String> behind(ApiObject application) {
    var clusters = new TreeSet<String>();
    for (var service : application.status().path("services")) {
      if (application.deleting() || !service.path("healthy").asBoolean(false)) {
        clusters.add(service.path("cluster").asString(""));
      }
    }
    return clusters.stream().limit(CLUSTERS_MAX).toList();
  }

  /// As one screen.
  static List<String> lines(ApiObject application, List<Place> places) {
    var why = new WhyApplication(application);
    why.whole();
    why.steps();
    why.components();
    places.forEach(why::place);
    var name = application.namespace() + "/" + application.name();
    var phase = AppStatusCommand.phase(application);
    why.lines.addFirst(
        why.found
            ? "application " + name + " is not ready: " + phase
            : "application " + name + " is ready: " + phase);
    return why.lines;
  }

  private void whole() {
    if ("true".equals(application.labels().get("controller.core.oam.dev/pause"))) {
      add("", "Paused", "", ApplicationReasons.of("Paused"), "");
    }
    var seen = application.status().path("observedGeneration").asLong(0);
    if (seen != application.generation()) {
      add("", "NotSeen", "", ApplicationReasons.of("NotSeen"), "");
    }
    var told = new TreeSet<String>();
    for (var condition : application.status().path("conditions")) {
      var message = condition.path("message").asString("");
      if (isBad(condition) && told.add(message)) {
        var type = condition.path("type").asString("");
        var reason = condition.path("reason").asString("");
        add(type, reason, message, ApplicationReasons.of(type, reason), "");
      }
    }
  }

  private static boolean isBad(JsonNode condition) {
    var contested = condition.path("type").asString("").equals("Contested");
    return condition.path("status").asString("").equals("True") == contested;
  }

  private void steps() {
    var workflow = application.status().path("workflow");
    if (!workflow.path("suspendState").asString("").isEmpty()) {
      var explained = ApplicationReasons.of("SuspendedByPerson");
      add("workflow", "SuspendedByPerson", "", explained, "");
    }
    for (var step : workflow.path("steps")) {
      step(step);
      step.path("subSteps").forEach(this::step);
    }
  }

  private void step(JsonNode step) {
    var reason = step.path("reason").asString("");
    var phase = step.path("phase").asString("");
    if (reason.isEmpty() || phase.equals("succeeded") || phase.equals("skipped")) {
      return;
    }
    var name = step.path("name").asString("");
    var message = step.path("message").asString("");
    add("step " + name, reason, message, ApplicationReasons.of(reason), name);
  }

  private void components() {
    var left = 0;
    var shown = 0;
    for (var service : application.status().path("services")) {
      if (service.path("healthy").asBoolean(false)) {
        continue;
      }
      if (shown++ >= COMPONENTS_MAX) {
        left++;
        continue;
      }
      var about =
          "component %s on %s"
              .formatted(service.path("name").asString(""), service.path("cluster").asString(""));
      var explained = ApplicationReasons.of("ComponentUnhealthy");
      add(about, "ComponentUnhealthy", message(service), explained, "");
    }
    if (left > 0) {
      lines.add("");
      lines.add("  and " + left + " more components: nave app status " + application.name());
    }
  }

  private static String message(JsonNode service) {
    var message = service.path("message").asString("");
    for (var trait : service.path("traits")) {
      var holdsUp =
          !trait.path("healthy").asBoolean(true) && !trait.path("pending").asBoolean(false);
      if (message.isEmpty() && holdsUp) {
        message =
            "trait " + trait.path("type").asString("") + ": " + trait.path("message").asString("");
      }
    }
    return message;
  }

  /// What the works of one cluster say, in the words of `nave why work`.
  private void place(Place place) {
    for (var work : place.works()) {
      var name = work.metadata().name();
      var findings = WhyWork.findings(place.cluster(), name, place.managed(), work);
      if (!findings.isEmpty()) {
        lines.add("");
        WhyWork.lines(place.cluster(), name, findings).forEach(line -> lines.add("  " + line));
      }
    }
  }

  private void add(
      String about, String reason, String message, Optional<Explanation> explained, String step) {
    found = true;
    lines.add("");
    lines.add(
        "  %s%s%s"
            .formatted(
                about.isEmpty() ? "" : about + ": ",
                reason,
                message.isEmpty() ? "" : ": " + message));
    explained.ifPresent(explanation -> {
      lines.add("    cause: " + explanation.cause());
      lines.add("    next:  " + filled(explanation.next(), step));
    });
  }

  private String filled(String next, String step) {
    return next.replace("{app}", application.name())
        .replace("{namespace}", application.namespace())
        .replace("{step}", step.isEmpty() ? "STEP" : step);
  }
}
