package io.nave.applications;

import static io.nave.applications.Samples.condition;
import static io.nave.applications.Samples.fleet;
import static io.nave.applications.Samples.web;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Condition;
import io.nave.applications.api.Application;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What policies make of an application, over many passes; and that what is foretold happens.
class PoliciesTest {
  private static final String PLAIN =
      """
      components:
      - {name: web, type: webservice, properties: {image: "nginx:1", ports: [{port: 80, expose: true}]}}
      - {name: api, type: webservice, properties: {image: "api:1"}}
      policies:
      - {name: where, type: topology, properties: {clusters: [east]}}
      """;

  private static FakeHub hub(String spec, String... clusters) {
    return new FakeHub(web(spec), fleet(clusters));
  }

  private static Application.Status status(FakeHub hub) {
    return hub.application.status();
  }

  /// What the works hold, by cluster and object.
  private static Map<String, JsonNode> held(FakeHub hub) {
    var held = new TreeMap<String, JsonNode>();
    for (var work : hub.works.values()) {
      for (var manifest : Works.manifests(work)) {
        held.put(
            work.metadata().namespace() + manifest.at("/kind") + manifest.at("/metadata/name"),
            manifest);
      }
    }
    return held;
  }

  private static Map<String, JsonNode> foretold(FakeHub hub) {
    var outlook =
        new Conduct(hub.application, List.copyOf(hub.works.values()), hub.scene()).outlook();
    var foretold = new TreeMap<String, JsonNode>();
    for (var difference :
        Preview.of(outlook.plan().works().values(), hub.works.values(), List.of()).objects()) {
      var after = difference.after();
      if (after != null) {
        foretold.put(difference.cluster() + after.at("/kind") + after.at("/metadata/name"), after);
      }
    }
    return foretold;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PLAIN,
        PLAIN
            + "- {name: o, type: override, properties: {components: [{name: web, properties: {image: 'nginx:2'}}]}}",
        PLAIN + "- {name: o, type: override, properties: {selector: [api]}}",
        """
        components:
        - {name: db, type: webservice, properties: {image: db}, outputs: [{name: host, valueFrom: output.metadata.name}]}
        - {name: web, type: webservice, dependsOn: [db], properties: {image: web, env: [{name: DB, value: none}]},
           inputs: [{from: host, parameterKey: 'env[0].value'}]}
        policies:
        - {name: a, type: topology, properties: {clusters: [east]}}
        - {name: b, type: topology, properties: {clusters: [west]}}
        - {name: o, type: override, properties: {components: [{name: web, properties: {image: other}}]}}
        workflow:
          steps:
          - {name: one, type: deploy, properties: {policies: [a]}}
          - {name: two, type: deploy, properties: {policies: [b, o]}}
        """,
      })
  void whatIsForetoldIsWhatHappens(String spec) {
    var hub = hub(spec, "east", "west");
    var foretold = foretold(hub);
    for (var i = 0; i < 6; i++) {
      hub.settle().report();
    }
    assertThat(hub.phase()).isEqualTo("running");
    assertThat(held(hub)).isEqualTo(foretold).isNotEmpty();
  }

  @Test
  void anEditIsForetoldToo() {
    var hub = hub(PLAIN, "east").settle().report();
    hub.edit(PLAIN.replace("nginx:1", "nginx:2"));
    var foretold = foretold(hub);
    assertThat(foretold).isNotEqualTo(held(hub));
    hub.settle().report();
    assertThat(held(hub)).isEqualTo(foretold);
  }

  @Test
  void anOverrideThatChangesNothingIsReportedAndDeliveryGoesOn() {
    var hub =
        hub(
                PLAIN
                    + "- {name: o, type: override, properties: {components: [{name: 'wbe*',"
                    + " properties: {image: x}}]}}",
                "east")
            .settle()
            .report();
    assertThat(hub.phase()).isEqualTo("running");
    assertThat(condition(status(hub), "Policy").message())
        .contains("runs on east; spec.policies[1].properties.components[0]: changes nothing: no")
        .contains("the components are web (webservice), api (webservice)");
  }

  @Test
  void wrongPropertiesOfAPolicyAreRefusedWithTheirPath() {
    var faults =
        ApplicationAdmission.builtIn()
            .check(
                web(
                    PLAIN
                        + "- {name: o, type: override, properties: {}}\n"
                        + "- {name: g, type: garbage-collect, properties: {order: random}}\n"
                        + "- {name: n, type: nonsense, properties: {}}\n"));
    assertThat(faults)
        .extracting(fault -> fault.field())
        .contains(
            "spec.policies[1].properties",
            "spec.policies[2].properties.order",
            "spec.policies[3].type");
  }

  @Test
  void twoThatWantOneObjectAreToldAndTheOtherGoesOn() {
    var hub = hub(PLAIN, "east");
    var rival = hub.fleet;
    hub.fleet = new Rivalry(rival, "api");
    hub.settle().report();
    var contested = condition(status(hub), "Contested");
    assertThat(contested.isTrue()).isTrue();
    assertThat(contested.message())
        .contains(
            "Deployment shop/api on cluster east belongs to application shop/rival, and"
                + " application shop/web wants it too");
    assertThat(status(hub).contested()).hasSize(1);
    assertThat(status(hub).contested().getFirst().holder()).isEqualTo("shop/rival");
    assertThat(hub.names("east")).contains("Deployment/web").doesNotContain("Deployment/api");
    assertThat(status(hub).services())
        .filteredOn(service -> service.name().equals("api"))
        .allSatisfy(service -> assertThat(service.message()).contains("shop/rival"));
    hub.fleet = rival;
    hub.after(Duration.ofSeconds(31)).report();
    assertThat(hub.phase()).isEqualTo("running");
    assertThat(status(hub).contested()).isEmpty();
    assertThat(Condition.find(status(hub).conditions(), "Contested")).isEmpty();
  }

  @Test
  void aHealthPolicyBearsAnIllnessForItsTime() {
    var hub = hub(PLAIN + "- {name: h, type: health, properties: {timeout: 20s}}", "east");
    hub.settle().report();
    assertThat(hub.phase()).isEqualTo("running");
    hub.report(live -> live, _ -> null);
    assertThat(hub.phase()).isEqualTo("running");
    assertThat(condition(status(hub), "Ready").isTrue()).isFalse();
    hub.after(Duration.ofSeconds(21));
    assertThat(hub.phase()).isEqualTo("unhealthy");
    hub.report();
    assertThat(hub.phase()).isEqualTo("running");
  }

  @Test
  void replicasAreTheSameComponentUnderDifferentKeys() {
    var delivery =
        Delivery.of(
            web(
                PLAIN
                    + "- {name: r, type: replication, properties: {keys: [a, b], selector: [api]}}"),
            fleet("east"),
            Samples.DEFINITIONS);
    assertThat(delivery.blueprint().components())
        .extracting(bound -> bound.name() + "/" + bound.replicaKey())
        .containsExactly("web/", "api/a", "api/b");
  }

  @Test
  void aDeletedApplicationGoesComponentByComponentWhenAskedTo() {
    var spec =
        PLAIN.replace(
                "properties: {image: \"api:1\"}",
                "dependsOn: [web], properties: {image: \"api:1\"}")
            + "- {name: g, type: garbage-collect, properties: {order: dependency}}";
    var hub = hub(spec, "east");
    for (var i = 0; i < 4; i++) {
      hub.settle().report();
    }
    assertThat(hub.works).hasSize(2);
    var step =
        Dismantling.next(
            hub.application,
            List.copyOf(hub.works.values()),
            new PolicyProperties(Samples.DEFINITIONS).treatments(hub.application, hub.fleet),
            hub.now);
    assertThat(step.delete()).hasSize(1);
    assertThat(step.delete().getFirst().metadata().labels()).containsEntry(Works.COMPONENT, "api");
  }
}
