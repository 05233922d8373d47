package io.nave.practice;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/// Gives the workloads of a practice cluster the status that [WorkloadModel] says.
///
/// - Reads: one workload kind.
/// - Writes: its `status`, when it differs.
final class WorkloadSimulator implements Reconciler {
  private final Host host;
  private final ApiClient client;
  private final ResourceType type;
  private final Cache<ApiObject> cache;
  private final BiFunction<ApiObject, Instant, WorkloadModel.Next> model;

  private WorkloadSimulator(
      Host host,
      ApiClient client,
      ResourceType type,
      Cache<ApiObject> cache,
      BiFunction<ApiObject, Instant, WorkloadModel.Next> model) {
    this.host = host;
    this.client = client;
    this.type = type;
    this.cache = cache;
    this.model = model;
  }

  /// Starts a simulator for each workload kind.
  static Parts start(Host host, ApiClient client, MeterRegistry metrics) {
    var parts = new Parts();
    run(parts, host, client, metrics, PracticeKinds.DEPLOYMENT, WorkloadModel::deployment);
    run(parts, host, client, metrics, PracticeKinds.STATEFUL_SET, WorkloadModel::statefulSet);
    run(parts, host, client, metrics, PracticeKinds.DAEMON_SET, WorkloadModel::daemonSet);
    run(parts, host, client, metrics, PracticeKinds.JOB, WorkloadModel::job);
    return parts;
  }

  private static void run(
      Parts parts,
      Host host,
      ApiClient client,
      MeterRegistry metrics,
      ResourceType type,
      BiFunction<ApiObject, Instant, WorkloadModel.Next> model) {
    var cache = Cache.of(host, client, Cache.Scope.all(type));
    var simulator = new WorkloadSimulator(host, client, type, cache, model);
    var controller =
        new Controller(
            host, "practice-" + type.plural(), simulator, Controller.Options.workers(1), metrics);
    controller.follow(cache, change -> List.of(change.key()));
    parts.open(cache.start());
    parts.open(controller.startAfter(cache));
  }

  @Override
  public Outcome reconcile(Key key) {
    var object = cache.object(key).orElse(null);
    if (object == null || object.deleting()) {
      return new Outcome.Settled();
    }
    var next = model.apply(object, host.now());
    if (!next.status().equals(object.status())) {
      client.patch(type, key, "status", patch(object, next.status()));
    }
    return next.again().<Outcome>map(Outcome.CheckAfter::new).orElseGet(Outcome.Settled::new);
  }

  /// Replaces the status whole, on the very revision it was computed from.
  private static Patch patch(ApiObject object, ObjectNode status) {
    return Patch.merge(body -> {
      body.putObject("metadata").put("resourceVersion", object.resourceVersion());
      var merged = body.putObject("status");
      for (var old : object.status().properties()) {
        merged.putNull(old.getKey());
      }
      merged.setAll(status);
    });
  }
}
