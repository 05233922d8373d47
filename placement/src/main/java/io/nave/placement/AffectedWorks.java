package io.nave.placement;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.placement.schedule.WhatIf.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Which ManifestWorks follow Placements: those of the replica sets and Applications that name
/// them, whether or not they have any works yet. Read from the API when asked, as objects, since
/// they belong to other features; each list is read once.
final class AffectedWorks {
  private static final ResourceType WORK =
      ResourceType.of(
          "work.open-cluster-management.io", "v1", "ManifestWork", "manifestworks", true);
  private static final ResourceType REPLICA_SET =
      ResourceType.of(
          "work.open-cluster-management.io",
          "v1alpha1",
          "ManifestWorkReplicaSet",
          "manifestworkreplicasets",
          true);
  private static final ResourceType APPLICATION =
      ResourceType.of("core.oam.dev", "v1beta1", "Application", "applications", true);
  private static final String OF_PLACEMENT = "work.open-cluster-management.io/placementname";
  private static final String OF_REPLICA_SET =
      "work.open-cluster-management.io/manifestworkreplicaset";

  /// The works of one Placement that would come, change and go, as `cluster/name`.
  record Works(List<String> created, List<String> changed, List<String> deleted) {}

  private final ApiClient client;
  private final WorkNames names;
  private final List<ApiObject> applications;
  private final List<ApiObject> replicaSets;
  private final Map<String, List<ApiObject>> byCluster = new HashMap<>();

  private AffectedWorks(ApiClient client, WorkNames names) {
    this.client = client;
    this.names = names;
    this.applications = client.list(APPLICATION, "", Selection.all()).items();
    this.replicaSets = client.list(REPLICA_SET, "", Selection.all()).items();
  }

  /// The works of each difference, in their order.
  static List<Works> of(ApiClient client, WorkNames names, List<Difference> differences) {
    if (differences.isEmpty()) {
      return List.of();
    }
    var affected = new AffectedWorks(client, names);
    return differences.stream().map(affected::of).toList();
  }

  private Works of(Difference difference) {
    var placement = difference.placement();
    var created = new TreeSet<String>();
    var changed = new TreeSet<String>();
    var deleted = new TreeSet<String>();
    for (var application : applications) {
      if (names(application, placement)) {
        var work = names.ofApplication(application.key());
        difference.added().forEach(c -> (has(c, work) ? changed : created).add(c + "/" + work));
        var leaving = placements(application) > 1 ? changed : deleted; // else it may stay there
        difference.removed().stream()
            .filter(cluster -> has(cluster, work))
            .forEach(cluster -> leaving.add(cluster + "/" + work));
      }
    }
    for (var set : replicaSets) {
      if (refers(set, placement)) {
        var work = names.ofReplicaSet(set.key(), placement.name());
        difference.added().forEach(cluster -> created.add(cluster + "/" + work));
        for (var cluster : difference.removed()) {
          children(cluster, set, placement).forEach(child -> deleted.add(cluster + "/" + child));
        }
      }
    }
    return new Works(List.copyOf(created), List.copyOf(changed), List.copyOf(deleted));
  }

  private boolean has(String cluster, String name) {
    return works(cluster).stream().anyMatch(work -> work.name().equals(name));
  }

  private List<String> children(String cluster, ApiObject set, Key placement) {
    var owner = set.namespace() + "." + set.name();
    return works(cluster).stream()
        .filter(work -> owner.equals(work.labels().get(OF_REPLICA_SET)))
        .filter(work -> placement.name().equals(work.labels().get(OF_PLACEMENT)))
        .map(ApiObject::name)
        .toList();
  }

  private List<ApiObject> works(String cluster) {
    return byCluster.computeIfAbsent(
        cluster, _ -> client.list(WORK, cluster, Selection.all()).items());
  }

  private static boolean refers(ApiObject set, Key placement) {
    if (!set.namespace().equals(placement.namespace())) {
      return false;
    }
    for (var reference : set.at("/spec/placementRefs")) {
      if (reference.path("name").asString("").equals(placement.name())) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(ApiObject application, Key placement) {
    return asked(application).contains(placement);
  }

  private static int placements(ApiObject application) {
    return asked(application).size();
  }

  /// The Placements its policies name; one that asks for clusters otherwise stands for itself.
  private static List<Key> asked(ApiObject application) {
    var asked = new ArrayList<Key>();
    for (var policy : application.at("/spec/policies")) {
      if (policy.path("type").asString("").equals("topology")) {
        asked.add(placement(application, policy.path("properties").path("placement")));
      }
    }
    return asked;
  }

  private static Key placement(ApiObject application, JsonNode given) {
    var name = given.isString() ? given.asString("") : given.path("name").asString("");
    var namespace = given.path("namespace").asString("");
    return Key.of(namespace.isEmpty() ? application.namespace() : namespace, name);
  }
}
