package io.nave.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.JsonPaths;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a work's feedback rules read from an applied object (spec/ocm-behaviour.md §6.7).
///
/// @param errors one for each rule or path that could not be read
public record StatusFeedback(List<ManifestWork.FeedbackValue> values, List<String> errors) {
  /// The manifest condition that says whether feedback could be read.
  public static final String SYNCED = "StatusFeedbackSynced";

  /// Longest JSON text of one value; upstream's default.
  private static final int RAW_MAX = 1024;

  private static final List<ManifestWork.JsonPath> DEPLOYMENT =
      List.of(
          path("ReadyReplicas", ".status.readyReplicas"),
          path("Replicas", ".status.replicas"),
          path("AvailableReplicas", ".status.availableReplicas"));
  private static final List<ManifestWork.JsonPath> DAEMON_SET =
      List.of(
          path("NumberReady", ".status.numberReady"),
          path("DesiredNumberScheduled", ".status.desiredNumberScheduled"),
          path("NumberAvailable", ".status.numberAvailable"));
  private static final List<ManifestWork.JsonPath> JOB =
      List.of(
          path("JobComplete", ".status.conditions[?(@.type==\"Complete\")].status"),
          path("JobSucceeded", ".status.succeeded"));
  private static final List<ManifestWork.JsonPath> POD =
      List.of(
          path("PodReady", ".status.conditions[?(@.type==\"Ready\")].status"),
          path("PodPhase", ".status.phase"));

  public StatusFeedback {
    values = List.copyOf(values);
    errors = List.copyOf(errors);
  }

  /// Shows the object as another version of its kind has it.
  @FunctionalInterface
  public interface Versions {
    /// @return null when it cannot be had in that version
    @Nullable ApiObject in(String version);
  }

  /// Reads what the rules ask for. What is not there yet gives no value and is no error.
  public static StatusFeedback read(ApiObject object, List<ManifestWork.FeedbackRule> rules) {
    return read(object, rules, _ -> null);
  }

  /// As above.
  ///
  /// @param versions asked for paths that name another version than the object's
  public static StatusFeedback read(
      ApiObject object, List<ManifestWork.FeedbackRule> rules, Versions versions) {
    var values = new ArrayList<ManifestWork.FeedbackValue>();
    var errors = new ArrayList<String>();
    for (var rule : rules) {
      var paths = rule.type().equals("WellKnownStatus") ? wellKnown(object) : rule.jsonPaths();
      if (paths == null) {
        errors.add("cannot find the wellknown statuses for resource with gvk " + gvk(object));
        continue;
      }
      for (var path : paths) {
        read(object, path, versions, values, errors);
      }
    }
    return new StatusFeedback(values, errors);
  }

  /// As the manifest's condition; the rules are those that were read.
  public Condition condition(List<ManifestWork.FeedbackRule> rules) {
    if (!errors.isEmpty()) {
      var all = errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]";
      return Condition.of(
          SYNCED,
          false,
          "StatusFeedbackSyncFailed",
          "Sync status feedback failed with error " + all);
    }
    return Condition.of(
        SYNCED, true, rules.isEmpty() ? "NoStatusFeedbackSynced" : "StatusFeedbackSynced", "");
  }

  private static void read(
      ApiObject object,
      ManifestWork.JsonPath path,
      Versions versions,
      List<ManifestWork.FeedbackValue> values,
      List<String> errors) {
    var shown = inVersion(object, path.version(), versions);
    if (shown == null) {
      errors.add(
          "version set in the path %s is not matched for the related resource"
              .formatted(path.name()));
      return;
    }
    List<JsonNode> found;
    try {
      found = JsonPaths.find(shown.json(), path.path());
    } catch (ApiError e) {
      errors.add(
          "failed to parse json path %s of %s with error: %s"
              .formatted(path.path(), path.name(), e.getMessage()));
      return;
    }
    if (found.isEmpty() || found.getFirst().isNull() || found.getFirst().isMissingNode()) {
      return;
    }
    var value = field(found.getFirst());
    if (value == null) {
      raw(found.getFirst(), path.name(), values, errors);
    } else {
      values.add(new ManifestWork.FeedbackValue(path.name(), value));
    }
  }

  private static @Nullable ApiObject inVersion(
      ApiObject object, @Nullable String version, Versions versions) {
    return version == null || version.isEmpty() || gvkVersion(object).equals(version)
        ? object
        : versions.in(version);
  }

  private static ManifestWork.@Nullable FieldValue field(JsonNode value) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return new ManifestWork.FieldValue("Integer", value.asLong(), null, null, null);
    }
    if (value.isString()) {
      return new ManifestWork.FieldValue("String", null, value.asString(), null, null);
    }
    if (value.isBoolean()) {
      return new ManifestWork.FieldValue("Boolean", null, null, value.asBoolean(), null);
    }
    return null;
  }

  /// What is no single value travels as JSON text (upstream's gate RawFeedbackJsonString).
  private static void raw(
      JsonNode found, String name, List<ManifestWork.FeedbackValue> values, List<String> errors) {
    var text = Json.text(found);
    if (text.length() > RAW_MAX) {
      errors.add(
          "the length of returned json raw string for name %s is larger than the maximum length %d"
              .formatted(name, RAW_MAX));
    } else {
      values.add(
          new ManifestWork.FeedbackValue(
              name, new ManifestWork.FieldValue("JsonRaw", null, null, null, text)));
    }
  }

  private static @Nullable List<ManifestWork.JsonPath> wellKnown(ApiObject object) {
    return switch (object.apiVersion() + " " + object.kind()) {
      case "apps/v1 Deployment" -> DEPLOYMENT;
      case "apps/v1 DaemonSet" -> DAEMON_SET;
      case "batch/v1 Job" -> JOB;
      case "v1 Pod" -> POD;
      default -> null;
    };
  }

  /// As Go prints a GroupVersionKind.
  private static String gvk(ApiObject object) {
    var group = object.apiVersion().contains("/") ? "" : "/"; // upstream writes the core group so
    return group + object.apiVersion() + ", Kind=" + object.kind();
  }

  private static String gvkVersion(ApiObject object) {
    return object.apiVersion().substring(object.apiVersion().indexOf('/') + 1);
  }

  private static ManifestWork.JsonPath path(String name, String path) {
    return new ManifestWork.JsonPath(name, path, null);
  }
}
