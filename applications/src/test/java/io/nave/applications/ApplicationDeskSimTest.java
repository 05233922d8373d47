package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.apiserver.LocalClient;
import io.nave.applications.Preview.Change;
import io.nave.applications.api.Application;
import io.nave.applications.api.ComponentDefinition;
import io.nave.applications.api.Environment;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.store.StoreKey;
import io.nave.store.View;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// - Goal: who writes something and then asks what would become of an application is answered by
///   what was written.
/// - Method: simulated time; the caches hear nothing of what is written last.
class ApplicationDeskSimTest extends ApplicationsOnHub {
  private static final ResourceType COMPONENT = ResourceType.of(ComponentDefinition.class);
  private static final Key NOTE = Key.of("default", "note");

  private final AtomicBoolean held = new AtomicBoolean();

  private record InView(View view) implements Stored {
    @Override
    public Optional<ApiObject> find(ResourceType type, Key key) {
      return view.get(new StoreKey(type.resource(), key.namespace(), key.name()));
    }

    @Override
    public List<ApiObject> list(ResourceType type, String namespace) {
      return view.list(type.resource(), namespace);
    }
  }

  @Override
  ApiClient controllers(LocalClient door) {
    return new LateNews(door, world.host("hub"), held);
  }

  /// What is written from now on is not known to the controllers, whatever time passes.
  private void hold() {
    world.run(SOON);
    held.set(true);
  }

  @AfterEach
  void tell() {
    held.set(false);
  }

  private Preview preview(String policies, String more) {
    var asked =
        """
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: web, namespace: default}
        spec:
          components: [{name: web, type: note}]
          policies: [%s]
        """
            .formatted(policies);
    var application = Codec.decode(Yaml.parse(asked + more), Application.class);
    world.run(SOON);
    return desk.preview(application, new InView(store.view()));
  }

  private Preview preview(String topology) {
    return preview("{name: where, type: topology, properties: %s}".formatted(topology), "");
  }

  private void createNote(String says) {
    create(
        COMPONENT,
        """
        metadata: {name: note, namespace: default}
        spec: {schematic: {nave: {output: {apiVersion: v1, kind: ConfigMap, data: {says: %s}}}}}
        """
            .formatted(says));
  }

  private static List<String> says(Preview preview) {
    return preview.objects().stream()
        .map(Preview.Difference::after)
        .filter(after -> after != null && after.at("/kind").asString("").equals("ConfigMap"))
        .map(after -> after.at("/data/says").asString(""))
        .toList();
  }

  private static List<String> clusters(Preview preview) {
    return preview.objects().stream().map(Preview.Difference::cluster).distinct().toList();
  }

  @Test
  void aDefinitionCountsOnceItIsStored() {
    hold();
    createNote("hello");

    assertThat(says(preview("{clusters: [east]}"))).containsExactly("hello");
  }

  @Test
  void aDefinitionThatWasChangedCountsAsItIs() {
    createNote("before");
    hold();
    merge(COMPONENT, NOTE, "{spec: {schematic: {nave: {output: {data: {says: after}}}}}}");

    assertThat(says(preview("{clusters: [east]}"))).containsExactly("after");
  }

  @Test
  void aDefinitionOnItsWayOutIsNone() {
    createNote("hello");
    merge(COMPONENT, NOTE, "{metadata: {finalizers: [example.com/holds]}}");
    hold();
    client.delete(COMPONENT, NOTE, null);

    assertThat(catchThrowableOfType(ApiError.class, () -> preview("{clusters: [east]}")))
        .hasMessageContaining("type \"note\" of component \"web\" is unknown");
  }

  @Test
  void whatClustersHaveIsComparedWithTheDefinitionAsItIs() {
    createNote("hello");
    create(
        APPLICATION,
        """
        metadata: {name: web, namespace: default}
        spec:
          components: [{name: web, type: note}]
          policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """);
    world.runUntil(() -> clusters().equals(List.of("east")), SOON);
    hold();
    merge(COMPONENT, NOTE, "{spec: {schematic: {nave: {output: {data: {says: after}}}}}}");

    var changes = preview("{clusters: [east]}").objects().stream().map(d -> d.change()).distinct();
    assertThat(changes).contains(Change.MODIFY).doesNotContain(Change.ADD);
  }

  @Test
  void aPolicyThatWasChangedCountsAsItIs() {
    createNote("hello");
    create(
        ResourceType.of(Policy.class),
        "{metadata: {name: beside, namespace: default}, type: topology,"
            + " properties: {clusters: [east]}}");
    hold();
    merge(
        ResourceType.of(Policy.class),
        Key.of("default", "beside"),
        "{properties: {clusters: [west]}}");

    var workflow =
        "  workflow: {steps: [{name: go, type: deploy, properties: {policies: [beside]}}]}\n";
    assertThat(clusters(preview("", workflow))).containsExactly("west");
  }

  @Test
  void aWorkflowThatWasChangedCountsAsItIs() {
    createNote("hello");
    create(ResourceType.of(Workflow.class), workflow("to-east"));
    hold();
    merge(ResourceType.of(Workflow.class), Key.of("default", "way"), workflow("to-west"));

    var policies =
        "{name: to-east, type: topology, properties: {clusters: [east]}},"
            + " {name: to-west, type: topology, properties: {clusters: [west]}}";
    assertThat(clusters(preview(policies, "  workflow: {ref: way}\n"))).containsExactly("west");
  }

  private static String workflow(String policy) {
    return "{metadata: {name: way, namespace: default}, steps: [{name: go, type: deploy,"
        + " properties: {policies: [%s]}}]}".formatted(policy);
  }

  @Test
  void theLabelsOfAClusterCountAsTheyAre() {
    createNote("hello");
    hold();
    merge(CLUSTER, Key.of("north"), "{metadata: {labels: {env: test}}}");

    var topology = "{clusterLabelSelector: {env: test}}";
    assertThat(clusters(preview(topology))).containsExactly("north");
  }

  @Test
  void anEnvironmentCountsOnceItAndItsSetAreStored() {
    createNote("hello");
    hold();
    create(
        ResourceType.of(ManagedClusterSet.class),
        "{metadata: {name: mine}, spec: {clusterSelector: {selectorType: LabelSelector,"
            + " labelSelector: {matchLabels: {env: prod}}}}}");
    create(
        ResourceType.of(ManagedClusterSetBinding.class),
        "{metadata: {name: mine, namespace: default}, spec: {clusterSet: mine}}");
    create(
        ResourceType.of(Environment.class),
        "{metadata: {name: prod, namespace: default}, spec: {clusterSet: mine}}");

    assertThat(clusters(preview("{environment: prod}"))).containsExactly("east", "north", "west");
  }
}
