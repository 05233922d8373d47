package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.ManagedClusterSetBinding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Says of a binding whether its set is there (spec §4.5).
///
/// - Reads: `ManagedClusterSetBinding` (primary), its set.
/// - Writes: its condition `Bound`.
public final class SetBindingReconciler implements Reconciler {
  static final String BOUND = "Bound";
  private static final ResourceType BINDING = ResourceType.of(ManagedClusterSetBinding.class);

  /// The little this reconciler needs; `HubSetWorld` serves it from caches and the client.
  interface World {
    Optional<ApiObject> binding(Key key);

    boolean setExists(String name);

    void write(List<Write> writes);

    Instant now();
  }

  private final World world;

  SetBindingReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var binding = world.binding(key).orElse(null);
    if (binding != null && !binding.deleting()) {
      var set = binding.spec().path("clusterSet").asString("");
      var condition = decide(set, world.setExists(set));
      world.write(ClusterStatus.condition(BINDING, binding, condition, world.now()));
    }
    return new Outcome.Settled();
  }

  static Condition decide(String set, boolean exists) {
    return exists
        ? Condition.of(BOUND, true, "ClusterSetBound", "")
        : Condition.of(BOUND, false, "ClusterSetNotFound", "there is no ManagedClusterSet " + set);
  }
}
