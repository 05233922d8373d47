package io.nave.practice;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the status of a workload is at a moment, were there nodes to run it. Pure.
///
/// A change takes [#START_TIME] to become ready, counted from when it was first seen; a container
/// whose image is named `fail` (with or without registry, tag or digest) never becomes ready, and a
/// Job of it fails.
final class WorkloadModel {
  /// How long a pod takes to become ready.
  static final Duration START_TIME = Duration.ofMillis(800);

  /// When the change that is being rolled out was first seen; stands in the object's status.
  private static final String SINCE = "lastUpdateTime";

  private WorkloadModel() {}

  /// A status and when to look again, if it is not final.
  record Next(ObjectNode status, Optional<Duration> again) {}

  static Next deployment(ApiObject object, Instant now) {
    return replicated(object, now, "availableReplicas");
  }

  static Next statefulSet(ApiObject object, Instant now) {
    return replicated(object, now, "availableReplicas");
  }

  static Next daemonSet(ApiObject object, Instant now) {
    var progress = Progress.of(object, now);
    var ready = progress.ready() ? 1 : 0;
    var status = Json.object();
    status
        .put("observedGeneration", object.generation())
        .put("desiredNumberScheduled", 1)
        .put("currentNumberScheduled", 1)
        .put("updatedNumberScheduled", 1)
        .put("numberMisscheduled", 0)
        .put("numberReady", ready)
        .put("numberAvailable", ready);
    progress.describe(status, ready == 1);
    return new Next(status, progress.again());
  }

  static Next job(ApiObject object, Instant now) {
    if (object.status() instanceof ObjectNode before && isOver(before)) {
      return new Next(before, Optional.empty()); // a Job runs once
    }
    var progress = Progress.of(object, now);
    var status = Json.object();
    var started = Optional.ofNullable(object.creationTimestamp()).orElse(now);
    var wanted = object.spec().path("completions").asInt(1);
    status.put("startTime", started.truncatedTo(ChronoUnit.SECONDS).toString());
    if (!progress.over()) {
      progress.describe(status.put("active", wanted), false);
      return new Next(status, progress.again());
    }
    var type = progress.fails() ? "Failed" : "Complete";
    status.put(progress.fails() ? "failed" : "succeeded", wanted);
    if (!progress.fails()) {
      status.put("completionTime", progress.end().toString());
    }
    var condition = condition(status, type, "True", progress.end());
    condition.put("lastProbeTime", progress.end().toString());
    if (progress.fails()) {
      condition
          .put("reason", "BackoffLimitExceeded")
          .put("message", "Job has reached the specified backoff limit");
    }
    return new Next(status, Optional.empty());
  }

  private static boolean isOver(ObjectNode jobStatus) {
    return jobStatus
        .path("conditions")
        .valueStream()
        .map(condition -> condition.path("type").asString(""))
        .anyMatch(type -> type.equals("Complete") || type.equals("Failed"));
  }

  private static Next replicated(ApiObject object, Instant now, String available) {
    var wanted = object.spec().path("replicas").asInt(1);
    var progress = Progress.of(object, now);
    var before = Math.min(wanted, object.status().path("readyReplicas").asInt(0));
    var ready = progress.fails() ? 0 : progress.over() ? wanted : before;
    var status = Json.object();
    status
        .put("observedGeneration", object.generation())
        .put("replicas", wanted)
        .put("updatedReplicas", wanted)
        .put("readyReplicas", ready)
        .put(available, ready);
    if (ready < wanted) {
      status.put("unavailableReplicas", wanted - ready);
    }
    progress.describe(status, ready >= wanted);
    return new Next(status, progress.again());
  }

  private static ObjectNode condition(ObjectNode status, String type, String value, Instant at) {
    return status
        .withArrayProperty("conditions")
        .addObject()
        .put("type", type)
        .put("status", value)
        .put("lastTransitionTime", at.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /// How far the roll-out of the present generation is.
  private record Progress(Instant since, Instant now, boolean fails) {
    static Progress of(ApiObject object, Instant now) {
      var observed = object.status().path("observedGeneration").asLong(-1);
      var seen = object.status().at("/conditions/0/" + SINCE).asString("");
      var since =
          seen.isEmpty() || (observed >= 0 && observed < object.generation())
              ? now
              : Instant.parse(seen);
      return new Progress(since, now, fails(object.at("/spec/template/spec/containers")));
    }

    private static boolean fails(JsonNode containers) {
      for (var container : containers) {
        var image = container.path("image").asString("");
        var name = image.substring(image.lastIndexOf('/') + 1).split("[:@]", 2)[0];
        if (name.equals("fail")) {
          return true;
        }
      }
      return false;
    }

    Instant end() {
      return since.plus(START_TIME).truncatedTo(ChronoUnit.SECONDS);
    }

    boolean over() {
      return !now.isBefore(since.plus(START_TIME));
    }

    boolean ready() {
      return over() && !fails;
    }

    Optional<Duration> again() {
      return over() ? Optional.empty() : Optional.of(Duration.between(now, since.plus(START_TIME)));
    }

    /// The conditions of a Deployment; the first carries when the roll-out began.
    void describe(ObjectNode status, boolean available) {
      condition(status, "Progressing", fails && over() ? "False" : "True", since)
          .put(SINCE, since.toString())
          .put("reason", available ? "NewReplicaSetAvailable" : progressReason())
          .put("message", available ? "All replicas are up to date" : progressMessage());
      condition(status, "Available", available ? "True" : "False", since)
          .put("reason", available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable")
          .put(
              "message",
              available
                  ? "Deployment has minimum availability."
                  : "Deployment does not have minimum availability.");
    }

    private String progressReason() {
      return fails && over() ? "ProgressDeadlineExceeded" : "ReplicaSetUpdated";
    }

    private String progressMessage() {
      return fails && over() ? "the image named fail never starts" : "Pods are starting";
    }
  }
}
