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
  private static final String OF_APPLICATION = "app.oam.dev/name";
  private static final String IN_NAMESPACE = "app.oam.dev/namespace";
  private static final String OF_PLACEMENT = "work.open-cluster-management.io/placementname";
  private static final String OF_REPLICA_SET =
      "work.open-cluster-management.io/manifestworkreplicaset";

  /// The works of one Placement that would come, change and go, as `cluster/name`.
  record Works(List<String> created, List<String> changed, List<String> deleted) {}

  private final ApiClient client;
  private final WorkNames names;
  private final List<ApiObject> applications;
  private final List<ApiObject> replicaSets;
  private final Map<String, List<ApiObject>> found = new HashMap<>(); // works by label

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
    var works = new Sorted();
    for (var application : applications) {
      var asked = asked(application);
      if (asked.contains(placement)) {
        var first = names.ofApplication(application.key());
        var staying = asked.size() > 1; // another policy may want it where it is
        works.add(difference, present(application), first, staying);
      }
    }
    for (var set : replicaSets) {
      if (refers(set, placement)) {
        var first = names.ofReplicaSet(set.key(), placement.name());
        works.add(difference, present(set, placement), first, false);
      }
    }
    return new Works(
        List.copyOf(works.created), List.copyOf(works.changed), List.copyOf(works.deleted));
  }

  private static final class Sorted {
    final TreeSet<String> created = new TreeSet<>();
    final TreeSet<String> changed = new TreeSet<>();
    final TreeSet<String> deleted = new TreeSet<>();

    /// @param present the works of one follower, wherever they are
    /// @param first the name of its work where there is none yet
    /// @param staying whether what is left may stay for another reason
    void add(Difference difference, List<ApiObject> present, String first, boolean staying) {
      var names = new TreeSet<String>();
      var places = new TreeSet<String>();
      for (var work : present) {
        names.add(work.name());
        places.add(work.namespace());
        if (difference.removed().contains(work.namespace())) {
          (staying ? changed : deleted).add(work.namespace() + "/" + work.name());
        }
      }
      if (names.isEmpty()) {
        names.add(first);
      }
      for (var cluster : difference.added()) {
        var into = places.contains(cluster) ? changed : created;
        names.forEach(name -> into.add(cluster + "/" + name));
      }
    }
  }

  private List<ApiObject> present(ApiObject application) {
    return labelled(OF_APPLICATION, application.name()).stream()
        .filter(work -> application.namespace().equals(work.labels().get(IN_NAMESPACE)))
        .toList();
  }

  private List<ApiObject> present(ApiObject set, Key placement) {
    return labelled(OF_REPLICA_SET, set.namespace() + "." + set.name()).stream()
        .filter(work -> placement.name().equals(work.labels().get(OF_PLACEMENT)))
        .toList();
  }

  private List<ApiObject> labelled(String label, String value) {
    return found.computeIfAbsent(
        label + "=" + value, _ -> client.list(WORK, "", Selection.labelled(label, value)).items());
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
