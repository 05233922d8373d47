package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.work.ManifestWorkReplicaSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: the hub says why a cluster is chosen and what would be, by the API people have.
/// - Method: a whole hub but for its socket; clusters without agents.
class PlacementQuestionsIT {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final ResourceType PLACEMENT = ResourceType.of(Placement.class);
  private static final ResourceType DECISION = ResourceType.of(PlacementDecision.class);
  private static final Key WEB = Key.of("default", "web");

  private static WholeHub hub;

  @BeforeAll
  static void startWithTwoClustersAndWhatFollowsAPlacement() {
    hub = WholeHub.start("test");
    hub.create(
        ResourceType.of(ManagedClusterSetBinding.class),
        "{metadata: {namespace: default, name: default}, spec: {clusterSet: default}}");
    for (var region : Map.of("east", "eu", "west", "us").entrySet()) {
      hub.create(
          CLUSTER,
          "{metadata: {name: %s, labels: {region: %s}}, spec: {hubAcceptsClient: true}}"
              .formatted(region.getKey(), region.getValue()));
    }
    place("web", "eu");
    place("none", "moon");
    hub.create(
        ResourceType.of(Application.class),
        """
        {metadata: {namespace: default, name: shop}, spec: {
          components: [{name: settings, type: k8s-objects, properties: {objects: [
            {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}]}}],
          policies: [{name: where, type: topology, properties: {placement: none}}]}}
        """);
    hub.create(
        ResourceType.of(ManifestWorkReplicaSet.class),
        """
        {metadata: {namespace: default, name: tools}, spec: {placementRefs: [{name: web}],
          manifestWorkTemplate: {workload: {manifests: [
            {apiVersion: v1, kind: ConfigMap, metadata: {namespace: default, name: tools}}]}}}}
        """);
    hub.await(() -> chosen("web").equals(List.of("east")) && works("east").size() == 1);
    hub.await(() -> knowsTwoClusters("web") && knowsTwoClusters("none"));
  }

  /// Questions are answered from what the hub's scheduler knows, which follows in a moment.
  private static boolean knowsTwoClusters(String placement) {
    try {
      var answer = hub.admin().ask(PLACEMENT, Key.of("default", placement), "explain", null);
      return answer.at("/clusters").size() == 2;
    } catch (ApiError e) {
      return false; // it has not heard of the placement yet
    }
  }

  private static void place(String name, String region) {
    hub.create(
        PLACEMENT,
        """
        {metadata: {namespace: default, name: %s}, spec: {replicaDivision: {replicas: 3},
          tolerations: [
            {key: cluster.open-cluster-management.io/unreachable, operator: Exists},
            {key: cluster.open-cluster-management.io/unavailable, operator: Exists}],
          predicates: [{requiredClusterSelector: {labelSelector: {matchLabels: {region: %s}}}}]}}
        """
            .formatted(name, region));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  @Test
  void saysWhyEachClusterIsChosenOrNot() {
    var answer = hub.admin().ask(PLACEMENT, WEB, "explain", null);

    assertThat(answer.at("/clusters/0/name").asString("")).isEqualTo("east");
    assertThat(answer.at("/clusters/0/reason").asString("")).contains("3 of 3 replicas");
    assertThat(answer.at("/clusters/1/removedBy").asString("")).isEqualTo("Predicate");
  }

  @Test
  void saysWhatWouldBecomeOfOnePlacement() {
    var answer =
        ask(PLACEMENT, WEB, "[{label: {cluster: west, labels: {region: eu}}}, {drain: east}]");

    var decision = answer.at("/decisions/0");
    assertThat(decision.path("added").toString()).isEqualTo("[\"west\"]");
    assertThat(decision.path("removed").toString()).isEqualTo("[\"east\"]");
    var work = works("east").getFirst().name();
    assertThat(decision.path("worksCreated").toString()).isEqualTo("[\"west/" + work + "\"]");
    assertThat(decision.path("worksDeleted").toString()).isEqualTo("[\"east/" + work + "\"]");
    assertThat(chosen("web")).as("nothing is changed").containsExactly("east");
  }

  @Test
  void saysWhatWouldBecomeOfAllPlacementsEvenBeforeThereAreWorks() {
    var answer = ask(CLUSTER, Key.of("west"), "[{label: {cluster: west, labels: {region: moon}}}]");

    assertThat(answer.at("/decisions").size()).isEqualTo(1);
    assertThat(answer.at("/decisions/0/placement").asString("")).isEqualTo("default/none");
    assertThat(answer.at("/decisions/0/worksCreated").toString())
        .isEqualTo("[\"west/app-default.shop\"]");
  }

  @Test
  void refusesQuestionsThatCannotBeRead() {
    assertThatThrownBy(() -> ask(CLUSTER, Key.of("west"), "[{drain: east}]"))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("changes[0]: expected a change of cluster west");
    assertThatThrownBy(() -> ask(PLACEMENT, WEB, "[{dream: east}]"))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("changes[0].dream: unknown; expected one of");
    assertThatThrownBy(() -> ask(PLACEMENT, WEB, "[]"))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("expected a list of 1 to 1000 changes");
  }

  @Test
  void tellsEventsAndSharesOfReplicas() {
    var decision = hub.admin().get(DECISION, Key.of("default", "web-decision-1"));
    assertThat(decision.at("/status/decisions/0/replicas").asInt(0)).isEqualTo(3);

    hub.await(() -> reasons().contains("DecisionCreate"));
  }

  private static List<String> reasons() {
    return hub.admin().list(HubKinds.EVENT, "default", Selection.all()).items().stream()
        .filter(event -> event.at("/regarding/name").asString("").equals("web"))
        .map(event -> event.at("/reason").asString(""))
        .toList();
  }

  private static ApiObject ask(ResourceType type, Key key, String changes) {
    return hub.admin()
        .ask(
            type,
            key,
            "explain",
            ApiObject.of((ObjectNode) Yaml.parse("{changes: " + changes + "}")));
  }

  private static List<String> chosen(String placement) {
    return hub.admin()
        .find(DECISION, Key.of("default", placement + "-decision-1"))
        .map(decision ->
            decision
                .at("/status/decisions")
                .valueStream()
                .map(each -> each.path("clusterName").asString(""))
                .toList())
        .orElse(List.of());
  }

  private static List<ApiObject> works(String cluster) {
    var type =
        ResourceType.of(
            "work.open-cluster-management.io", "v1", "ManifestWork", "manifestworks", true);
    return hub.admin().list(type, cluster, Selection.all()).items();
  }
}
