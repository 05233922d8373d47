package io.nave.placement;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.placement.schedule.WhatIf.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Which ManifestWorks follow a Placement: those of replica sets and of Applications that name it.
/// Read from the API when asked, as objects, since they belong to other features.
final class AffectedWorks {
  private static final ResourceType WORK =
      ResourceType.of(
          "work.open-cluster-management.io", "v1", "ManifestWork", "manifestworks", true);
  private static final ResourceType APPLICATION =
      ResourceType.of("core.oam.dev", "v1beta1", "Application", "applications", true);
  private static final String OF_PLACEMENT = "work.open-cluster-management.io/placementname";
  private static final String OF_REPLICA_SET =
      "work.open-cluster-management.io/manifestworkreplicaset";

  private AffectedWorks() {}

  /// The works that would come and go, as `cluster/name`.
  record Works(List<String> created, List<String> deleted) {}

  static Works of(ApiClient client, Difference difference) {
    var names = new TreeSet<String>();
    var deleted = new TreeSet<String>();
    for (var work : works(client, difference.placement())) {
      names.add(work.name());
      if (difference.removed().contains(work.namespace())) {
        deleted.add(work.namespace() + "/" + work.name());
      }
    }
    var created = new ArrayList<String>();
    for (var cluster : difference.added()) {
      names.forEach(name -> created.add(cluster + "/" + name));
    }
    return new Works(List.copyOf(created), List.copyOf(deleted));
  }

  private static List<ApiObject> works(ApiClient client, Key placement) {
    var found = new ArrayList<ApiObject>();
    for (var work :
        client.list(WORK, "", Selection.labelled(OF_PLACEMENT, placement.name())).items()) {
      var owner = work.labels().getOrDefault(OF_REPLICA_SET, "");
      if (owner.startsWith(placement.namespace() + ".")) {
        found.add(work);
      }
    }
    for (var application : client.list(APPLICATION, "", Selection.all()).items()) {
      if (names(application, placement)) {
        var of = Selection.labelled("app.oam.dev/name", application.name());
        client.list(WORK, "", of).items().stream()
            .filter(
                work -> application.namespace().equals(work.labels().get("app.oam.dev/namespace")))
            .forEach(found::add);
      }
    }
    return found;
  }

  private static boolean names(ApiObject application, Key placement) {
    for (var policy : application.at("/spec/policies")) {
      var given = policy.path("properties").path("placement");
      var name = given.isString() ? given.asString("") : given.path("name").asString("");
      var namespace = given.path("namespace").asString("");
      if (placement.name().equals(name)
          && placement
              .namespace()
              .equals(namespace.isEmpty() ? application.namespace() : namespace)) {
        return true;
      }
    }
    return false;
  }
}
