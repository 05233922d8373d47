package io.nave.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWork.ManifestStatus;
import io.nave.work.StatusFeedback;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What holds once everything is up and calm, whatever happened before.
final class Promises {
  private static final List<String> OWN = List.of("default", "kube-system", "kube-public");

  private final Fleet fleet;

  Promises(Fleet fleet) {
    this.fleet = fleet;
  }

  void check() {
    assertThat(fleet.witness().faults()).isEmpty();
    assertThat(fleet.world().taskFailures()).isEmpty();
    cachesEqualTheStore();
    for (var cluster : fleet.clusters()) {
      everyWorkIsApplied(cluster);
      nothingElseRuns(cluster);
    }
  }

  private void cachesEqualTheStore() {
    fleet
        .witness()
        .held()
        .forEach((type, held) -> assertThat(held).as("cache of " + type).isEqualTo(list(type)));
  }

  private List<ApiObject> list(ResourceType type) {
    var admin = fleet.administrator();
    return admin.insist(() -> admin.client().list(type, "", Selection.all())).items().stream()
        .sorted((a, b) -> a.key().compareTo(b.key()))
        .toList();
  }

  private void everyWorkIsApplied(SimCluster cluster) {
    for (var work : fleet.witness().works(cluster.name())) {
      assertThat(work.metadata().deleting()).as("%s is stuck", work.key()).isFalse();
      assertThat(fleet.witness().settled(work.key())).as("%s", work.key()).isTrue();
      var manifests = work.spec().workload().manifests();
      for (var manifest : manifests) {
        var live = live(cluster, manifest);
        assertThat(contains(live.json(), manifest))
            .as("%s of %s shows %s, wanted %s", live, cluster.name(), live.json(), manifest)
            .isTrue();
      }
      for (var status : work.status().resourceStatus().manifests()) {
        statusTellsTheTruth(cluster, work, status, manifests);
      }
    }
  }

  private void statusTellsTheTruth(
      SimCluster cluster, ManifestWork work, ManifestStatus status, List<JsonNode> manifests) {
    var meta = status.resourceMeta();
    var live = live(cluster, manifests.get(meta.ordinal()));
    assertThat(Condition.isTrue(status.conditions(), ManifestWork.APPLIED)).isTrue();
    var feedback = status.statusFeedback();
    if (feedback != null) {
      assertThat(feedback.values())
          .as("feedback of %s in %s", meta, cluster.name())
          .isEqualTo(StatusFeedback.read(live, Witness.rules(work, status)).values());
    }
  }

  /// Objects of the watched kinds, outside the cluster's own namespaces, all stand in a work.
  private void nothingElseRuns(SimCluster cluster) {
    var wanted = new TreeSet<String>();
    for (var work : fleet.witness().works(cluster.name())) {
      for (var manifest : work.spec().workload().manifests()) {
        wanted.add(manifest.path("kind").asString() + " " + key(manifest));
      }
    }
    var found = new TreeSet<String>();
    for (var type : SimCluster.WATCHED) {
      for (var object : cluster.client().list(type, "", Selection.all()).items()) {
        if (!OWN.contains(object.namespace())) {
          found.add(type.kind() + " " + object.key());
        }
      }
    }
    wanted.removeIf(each -> each.startsWith("Namespace "));
    assertThat(found).as("what runs on %s", cluster.name()).isEqualTo(wanted);
  }

  private static ApiObject live(SimCluster cluster, JsonNode manifest) {
    var kind = manifest.path("kind").asString();
    var type =
        kind.equals("Namespace")
            ? ResourceType.of("", "v1", "Namespace", "namespaces", false)
            : SimCluster.WATCHED.stream()
                .filter(each -> each.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    return cluster.client().get(type, key(manifest));
  }

  private static Key key(JsonNode manifest) {
    return new Key(
        manifest.at("/metadata/namespace").asString(""), manifest.at("/metadata/name").asString());
  }

  /// Whether `live` says all that `wanted` says.
  private static boolean contains(JsonNode live, JsonNode wanted) {
    if (wanted.isObject()) {
      for (Map.Entry<String, JsonNode> field : wanted.properties()) {
        if (!contains(live.path(field.getKey()), field.getValue())) {
          return false;
        }
      }
      return live.isObject();
    }
    if (wanted.isArray()) {
      if (live.size() != wanted.size()) {
        return false;
      }
      for (var i = 0; i < wanted.size(); i++) {
        if (!contains(live.path(i), wanted.path(i))) {
          return false;
        }
      }
      return true;
    }
    return Json.same(live, wanted);
  }
}
