package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Statuses;
import io.nave.registration.api.ManagedCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Conditions on objects of this module, written only when they say something new.
final class ClusterStatus {
  private ClusterStatus() {}

  /// The write that puts one condition on a ManagedCluster; none when it stands there already.
  static List<Write> condition(ApiObject cluster, Condition condition, Instant now) {
    return condition(ResourceType.of(ManagedCluster.class), cluster, condition, now);
  }

  /// As above, for any type that keeps `status.conditions`.
  static List<Write> condition(
      ResourceType type, ApiObject object, Condition condition, Instant now) {
    var before = conditions(object);
    var after = Condition.merge(before, condition, now);
    if (after.equals(before)) {
      return List.of();
    }
    var status = object.status() instanceof ObjectNode present ? present.deepCopy() : Json.object();
    status.set("conditions", Json.tree(after));
    return Statuses.plan(object, status)
        .<List<Write>>map(patch -> List.of(new Write.Change(type, object.key(), "status", patch)))
        .orElse(List.of());
  }

  /// The conditions of any object.
  static List<Condition> conditions(ApiObject object) {
    var found = new ArrayList<Condition>();
    for (var condition : object.status().path("conditions")) {
      found.add(Codec.decode(condition, Condition.class));
    }
    return List.copyOf(found);
  }
}
