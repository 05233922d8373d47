package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.ManagedClusterSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the sets `default` (every cluster without another set) and `global` (every cluster) there
/// and as they are meant (spec §4.5).
///
/// - Reads, writes: those two `ManagedClusterSet`s.
public final class DefaultSetReconciler implements Reconciler {
  static final List<Key> SETS = List.of(Key.of(ClusterAdmission.DEFAULT_SET), Key.of("global"));

  private static final String AUTO_UPDATE = "cluster.open-cluster-management.io/autoupdate";
  private static final ResourceType SET = ResourceType.of(ManagedClusterSet.class);

  /// The little this reconciler needs; `HubSetWorld` serves it from caches and the client.
  interface World {
    Optional<ApiObject> set(Key key);

    void write(List<Write> writes);
  }

  private final World world;

  DefaultSetReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    if (SETS.contains(key)) {
      world.write(plan(key, world.set(key).orElse(null)));
    }
    return new Outcome.Settled();
  }

  static List<Write> plan(Key key, @Nullable ApiObject present) {
    var selector = selector(key);
    if (present == null) {
      var set =
          ApiObject.named(SET, "", key.name())
              .edit(tree -> tree.putObject("spec").set("clusterSelector", selector));
      return List.of(new Write.Create(SET, set));
    }
    if (present.deleting()
        || "false".equals(present.annotations().get(AUTO_UPDATE))
        || Json.same(selector, present.spec().path("clusterSelector"))) {
      return List.of();
    }
    return List.of(
        new Write.Change(
            SET,
            key,
            "",
            Patch.merge(body -> {
              body.putObject("metadata").put("resourceVersion", present.resourceVersion());
              var wanted = selector.deepCopy();
              if (!wanted.has("labelSelector")) {
                wanted.putNull("labelSelector");
              }
              body.putObject("spec").set("clusterSelector", wanted);
            })));
  }

  private static ObjectNode selector(Key key) {
    var selector = Json.object();
    if (key.name().equals(ClusterAdmission.DEFAULT_SET)) {
      return selector.put("selectorType", ManagedClusterSet.EXCLUSIVE);
    }
    selector.put("selectorType", ManagedClusterSet.BY_LABELS);
    selector.putObject("labelSelector");
    return selector;
  }
}
