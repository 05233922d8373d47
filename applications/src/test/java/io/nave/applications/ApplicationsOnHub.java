package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.Yaml;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.kinds.CoreKinds;
import io.nave.apiserver.kinds.Namespace;
import io.nave.apiserver.rbac.Rbac;
import io.nave.apiserver.registry.Registry;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.ComponentDefinition;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.api.Environment;
import io.nave.applications.api.Policy;
import io.nave.applications.api.PolicyDefinition;
import io.nave.applications.api.TraitDefinition;
import io.nave.applications.api.Workflow;
import io.nave.applications.api.WorkflowRun;
import io.nave.applications.api.WorkflowStepDefinition;
import io.nave.controllers.ApiClient;
import io.nave.placement.PlacementHub;
import io.nave.placement.api.AddOnPlacementScore;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.runtime.Parts;
import io.nave.runtime.sim.SimWorld;
import io.nave.store.EmbeddedStore;
import io.nave.store.Limits;
import io.nave.store.MemoryEngine;
import io.nave.work.ManifestWork;
import io.nave.work.WorkStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The application layer on a real API server and store, in simulated time; agents are played by
/// the test.
abstract class ApplicationsOnHub {
  static final ResourceType APPLICATION = ResourceType.of(Application.class);
  static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  static final ResourceType CONFIG = ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
  static final Key WEB = Key.of("default", "web");
  static final Duration SOON = Duration.ofSeconds(10);

  final SimWorld world = new SimWorld(11);
  final Parts parts = new Parts();
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  EmbeddedStore store;
  LocalClient client;
  final ApplicationDesk desk = new ApplicationDesk();

  @BeforeEach
  void start() {
    var host = world.host("hub");
    store = parts.open(EmbeddedStore.open(host, new MemoryEngine(), Limits.defaults(), metrics));
    var rbac = new Rbac(host, store);
    var types = new ArrayList<>(CoreKinds.all(rbac));
    List.of(
            ManagedCluster.class,
            ManagedClusterSet.class,
            ManagedClusterSetBinding.class,
            Placement.class,
            PlacementDecision.class,
            AddOnPlacementScore.class,
            ManifestWork.class,
            Application.class,
            ApplicationRevision.class,
            Workflow.class,
            Policy.class,
            WorkflowRun.class,
            Environment.class,
            ComponentDefinition.class,
            TraitDefinition.class,
            PolicyDefinition.class,
            WorkflowStepDefinition.class,
            DefinitionRevision.class)
        .forEach(kind -> types.add(ServedType.of(kind)));
    var registry = new Registry(host, store, types, rbac, List.of());
    client = new LocalClient(registry, Caller.of("admin", Caller.MASTERS, Caller.AUTHENTICATED));
    Bootstrap.run(client, Bootstrap.HUB_NAMESPACES);
    for (var cluster : List.of("east", "west", "north")) {
      client.create(
          ResourceType.of(Namespace.class),
          ApiObject.named(ResourceType.of(Namespace.class), "", cluster));
      create(
          CLUSTER,
          "{metadata: {name: %s, labels: {env: prod}}, spec: {hubAcceptsClient: true}}"
              .formatted(cluster));
    }
    parts.open(PlacementHub.start(host, client, metrics));
    parts.open(ApplicationsHub.start(host, controllers(client), metrics, Outbound.none(), desk));
  }

  /// What the controllers of applications see and write through.
  ApiClient controllers(LocalClient door) {
    return door;
  }

  @AfterEach
  void stop() {
    parts.close();
    world.close();
    assertThat(world.taskFailures()).isEmpty();
  }

  void create(ResourceType type, String yaml) {
    client.create(type, ApiObject.of(Yaml.parseAll(yaml).getFirst()));
  }

  void createWeb(String topology) {
    create(
        APPLICATION,
        """
        metadata: {name: web, namespace: default}
        spec:
          components: [{name: web, type: webservice, properties: {image: nginx}}]
          policies: [{name: where, type: topology, properties: %s}]
        """
            .formatted(topology));
  }

  Application web() {
    return Codec.decode(client.get(APPLICATION, WEB), Application.class);
  }

  List<ManifestWork> works() {
    return client.list(WORK, "", Selection.all()).items().stream()
        .map(object -> Codec.decode(object, ManifestWork.class))
        .toList();
  }

  List<String> clusters() {
    return works().stream().map(work -> work.metadata().namespace()).toList();
  }

  /// All agents report what they would once everything is rolled out.
  void report() {
    for (var work : works()) {
      var reported = FakeAgent.reported(work, FakeAgent::rolledOut);
      if (!reported.status().equals(work.status())) {
        client.patch(
            WORK,
            work.key(),
            "status",
            Patch.merge(body -> body.set("status", WorkStatus.json(reported.status()))));
      }
    }
  }

  void awaitPhase(String phase) {
    world.runUntil(() -> phase.equals(web().status().status()), SOON);
    assertThat(web().status().status()).isEqualTo(phase);
  }

  /// Agents report what they were told, and what becomes of that.
  void rollOut() {
    for (var round = 0; round < 3; round++) {
      world.run(SOON);
      report();
    }
    world.run(SOON);
  }

  void awaitWorksOn(String... expected) {
    world.runUntil(() -> clusters().equals(List.of(expected)), SOON);
    assertThat(clusters()).containsExactly(expected);
  }

  void merge(ResourceType type, Key key, String patch) {
    client.patch(type, key, "", new Patch(Patch.Form.MERGE, Yaml.parse(patch)));
  }

  /// What the last object of the first work says of who made it; empty: there is none.
  String by() {
    return works().isEmpty()
        ? ""
        : Works.manifests(works().getFirst()).getLast().at("/data/by").asString("");
  }
}
