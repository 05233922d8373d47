package io.nave.registration.hub;

import io.nave.api.Key;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import java.util.ArrayList;
import java.util.List;

/// Keeps the roles that are not one cluster's: those all clusters' bindings refer to, while there
/// is a cluster, and those of bootstrap credentials, always.
///
/// - Reads: whether there is a `ManagedCluster`, the roles.
/// - Writes: the roles.
public final class SharedRightsReconciler implements Reconciler {
  /// The one key of this reconciler.
  static final Key ALL = Key.of("shared-rights");

  /// The little this reconciler needs; `HubRightsWorld` serves it from caches and the client.
  interface World extends AcceptanceReconciler.Present {
    boolean anyCluster();

    /// All or none.
    void write(List<Write> writes);
  }

  private final World world;

  SharedRightsReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    world.write(plan(world, world.anyCluster()));
    return new Outcome.Settled();
  }

  static List<Write> plan(AcceptanceReconciler.Present present, boolean anyCluster) {
    var writes = new ArrayList<Write>();
    for (var wanted : ClusterRights.bootstrap()) {
      var found = present.find(wanted.type(), wanted.object().key()).orElse(null);
      wanted.toward(found).ifPresent(writes::add);
    }
    for (var wanted : ClusterRights.shared()) {
      var found = present.find(wanted.type(), wanted.object().key()).orElse(null);
      if (anyCluster) {
        wanted.toward(found).ifPresent(writes::add);
      } else if (found != null) {
        Wanted.remove(wanted.type(), found).ifPresent(writes::add);
      }
    }
    return List.copyOf(writes);
  }
}
