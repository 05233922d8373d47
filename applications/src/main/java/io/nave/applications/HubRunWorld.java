package io.nave.applications;

import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.applications.api.Workflow;
import io.nave.applications.api.WorkflowRun;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.controllers.Statuses;
import io.nave.work.ManifestWork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Serves [RunReconciler] from caches and one client.
///
/// @param hub what applications are served from
/// @param asking wakes runs
record HubRunWorld(HubApplicationWorld hub, Cache<WorkflowRun> runs, Asking asking)
    implements RunReconciler.World {
  private static final ResourceType RUN = ResourceType.of(WorkflowRun.class);
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);

  @Override
  public Optional<WorkflowRun> run(Key key) {
    return runs.get(key);
  }

  @Override
  public List<ManifestWork> works(Key owner) {
    return hub.works(owner);
  }

  @Override
  public Fleet fleet() {
    return hub.fleet();
  }

  @Override
  public Optional<Workflow> workflow(Key key) {
    return hub.workflow(key);
  }

  @Override
  public Outside outside(Key asker) {
    return hub.outside(asker, asking);
  }

  @Override
  public Instant now() {
    return hub.now();
  }

  @Override
  public void write(WorkflowRun run, RunReconciler.Change change) {
    var current = Statuses.asRead(RUN, runs.object(run.key()), run.metadata());
    var writes = new ArrayList<Write>();
    change.create().forEach(work -> writes.add(new Write.Create(WORK, Codec.encode(work))));
    for (var work : change.update()) {
      hub.works()
          .object(work.key())
          .ifPresent(old ->
              writes.add(
                  new Write.Change(WORK, work.key(), "", HubApplicationWorld.edit(old, work))));
    }
    // The status first: it is written only onto the object that was read, and all goes with it.
    Statuses.plan(current, (ObjectNode) Json.tree(change.status()))
        .ifPresent(patch -> writes.add(new Write.Change(RUN, run.key(), "status", patch)));
    if (!change.done().isEmpty()) {
      writes.add(
          new Write.Change(
              RUN,
              run.key(),
              "",
              Patch.merge(body -> {
                var meta = body.putObject("metadata").put("uid", current.uid());
                change.done().forEach(meta.putObject("annotations")::putNull);
              })));
    }
    hub.client().commit(writes);
  }
}
