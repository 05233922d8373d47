package io.nave.applications;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.ResourceType;
import io.nave.applications.api.Application;
import io.nave.controllers.ApiClient.Write;
import io.nave.registration.api.HubKinds;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What happened to an Application, as events on it with KubeVela's reasons (spec §3.4): that it is
/// deployed, and each thing that fails, when it begins to. The steps in between are in conditions:
/// an event for each would be half a million objects on a hub of 100,000 applications. Of our own,
/// `NothingToDo`: what a person asked of the workflow came to nothing.
final class ApplicationEvents {
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final ResourceType APPLICATION = ResourceType.of(Application.class);

  /// Kubernetes takes notes of at most 1024 characters.
  private static final int NOTE_MAX = 1_000;

  private ApplicationEvents() {}

  /// The writes that tell of a change; none when nothing worth telling changes.
  static List<Write> of(Application before, ApplicationReconciler.Change change, Instant now) {
    var found = new ArrayList<Write>();
    var was = before.status();
    var after = change.status();
    var idle = change.annotating().idle();
    if (idle != null) {
      found.add(event(before, "Warning", "NothingToDo", Hands.ASKED + ": " + idle, now));
    }
    if (Progress.RUNNING.equals(after.status())
        && !Progress.RUNNING.equals(was.status())
        && !Progress.UNHEALTHY.equals(was.status())) {
      var revision = after.latestRevision() == null ? "" : after.latestRevision().name();
      found.add(event(before, "Normal", "Deployed", revision + " is deployed", now));
    }
    for (var stage : Stage.values()) {
      var condition = Condition.find(after.conditions(), stage.condition()).orElse(null);
      var old = Condition.find(was.conditions(), stage.condition()).orElse(null);
      var again = old != null && condition != null && old.message().equals(condition.message());
      if (condition != null && failed(stage, condition) && !again) {
        found.add(event(before, "Warning", reason(stage), condition.message(), now));
      }
    }
    return found;
  }

  /// A workflow that is on its way, or waits for someone, has not failed.
  private static boolean failed(Stage stage, Condition condition) {
    return condition.status().equals("False")
        && (stage != Stage.WORKFLOW
            || (!condition.reason().equals("Executing")
                && !condition.reason().equals("Suspending")));
  }

  private static String reason(Stage stage) {
    return switch (stage) {
      case PARSED -> "FailedParse";
      case REVISION -> "FailedRevision";
      case POLICY, RENDER -> "FailedApply";
      case WORKFLOW -> "FailedWorkflow";
    };
  }

  private static Write event(
      Application about, String type, String reason, String note, Instant now) {
    var own = about.metadata();
    var stamp = Long.toHexString(now.getEpochSecond() * 1_000_000_000L + now.getNano());
    var name = Names.bounded(own.name(), 200) + "." + reason.toLowerCase(Locale.ROOT) + "." + stamp;
    var text = note.length() <= NOTE_MAX ? note : note.substring(0, NOTE_MAX) + "......";
    return new Write.Create(
        HubKinds.EVENT,
        ApiObject.named(HubKinds.EVENT, own.namespace(), name)
            .edit(tree -> {
              tree.put("eventTime", MICRO_TIME.format(now.truncatedTo(ChronoUnit.MICROS)));
              tree.put("reportingController", "application-controller");
              tree.put("reportingInstance", "application-controller-nave-hub");
              tree.put("action", reason).put("reason", reason);
              tree.put("type", type).put("note", text);
              tree.putObject("regarding")
                  .put("apiVersion", APPLICATION.apiVersion())
                  .put("kind", APPLICATION.kind())
                  .put("namespace", own.namespace())
                  .put("name", own.name())
                  .put("uid", own.uid());
            }));
  }
}
