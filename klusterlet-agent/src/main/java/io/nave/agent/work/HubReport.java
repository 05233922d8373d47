package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.work.ManifestWork;
import io.nave.work.WorkStatus;

/// What the agent writes on the hub: its finalizer and the status of works, by merge patches that
/// name the work's uid.
final class HubReport {
  private static final ResourceType TYPE = ResourceType.of(ManifestWork.class);

  private final ApiClient hub;

  HubReport(ApiClient hub) {
    this.hub = hub;
  }

  static ManifestWork.Status status(ApiObject work) {
    return Codec.decode(work, ManifestWork.class).status();
  }

  /// Puts the agent's finalizer on a work: from then on it cannot vanish without the agent.
  ApiObject hold(ApiObject work, WorkMemory memory) {
    var patch =
        Patch.merge(body -> {
          var meta = body.putObject("metadata");
          meta.put("uid", work.uid()).put("resourceVersion", work.resourceVersion());
          var finalizers = meta.putArray("finalizers");
          work.finalizers().forEach(finalizers::add);
          finalizers.add(ManifestWork.FINALIZER);
        });
    var stored = hub.patch(TYPE, work.key(), "", patch);
    memory.reported = stored.settled();
    return stored;
  }

  /// Writes the status where it differs from the hub's.
  void report(ApiObject work, ManifestWork.Status status, WorkMemory memory) {
    if (status.equals(status(work))) {
      return;
    }
    var patch =
        Patch.merge(body -> {
          body.putObject("metadata").put("uid", work.uid());
          body.set("status", WorkStatus.json(status));
        });
    memory.reported = hub.patch(TYPE, work.key(), "status", patch).settled();
  }

  /// Takes the agent's finalizer off: nothing of the work is left in the cluster.
  void release(ApiObject work, WorkMemory memory) {
    memory.reported = null;
    if (!work.finalizers().contains(ManifestWork.FINALIZER)) {
      return;
    }
    var patch =
        Patch.merge(body -> {
          var meta = body.putObject("metadata");
          meta.put("uid", work.uid()).put("resourceVersion", work.resourceVersion());
          var kept = meta.putArray("finalizers");
          work.finalizers().stream()
              .filter(f -> !f.equals(ManifestWork.FINALIZER))
              .forEach(kept::add);
        });
    try {
      hub.patch(TYPE, work.key(), "", patch);
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
