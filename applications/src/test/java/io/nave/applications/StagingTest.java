package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Yaml;
import io.nave.applications.api.Application.Service;
import io.nave.applications.definitions.Definitions;
import java.util.List;
import org.junit.jupiter.api.Test;

/// - Goal: traits come before, with or after their workload, as their definition says (spec §9.1),
///   and nothing that a cluster has is taken back for it.
class StagingTest {
  private static final String WEB =
      """
      components:
      - name: web
        type: webservice
        properties: {image: %s}
        traits: [%s]
      policies: [{name: where, type: topology, properties: {clusters: [east]}}]
      """;
  private static final String EXPOSE = "{type: expose, properties: {ports: [{port: %d}]}}";

  /// A trait whose ConfigMap has to be there, and to say that it is good, before the workload
  /// comes.
  private static final Definitions WITH_GATE =
      Definitions.builtInAnd(
          Yaml.parseAll(
              """
              apiVersion: core.oam.dev/v1beta1
              kind: TraitDefinition
              metadata: {name: gate}
              spec:
                stage: PreDispatch
                schematic:
                  nave:
                    outputs:
                      gate: {apiVersion: v1, kind: ConfigMap, metadata: {name: gate}}
                    status:
                      health: context.outputs.gate.?status.?open.orValue("") == "yes"
                      message: '"shut"'
              """));

  private static FakeHub hub(String image, String traits) {
    return new FakeHub(Samples.web(WEB.formatted(image, traits)), Samples.fleet("east"));
  }

  private static Service service(FakeHub hub) {
    return hub.application.status().services().getFirst();
  }

  @Test
  void aPostDispatchTraitWaitsUntilTheWorkloadIsHealthy() {
    var hub = hub("a", EXPOSE.formatted(80)).settle();

    assertThat(hub.names("east")).containsExactly("Deployment/web");
    hub.report(live -> FakeAgent.deployment(live, 0), _ -> null);
    assertThat(hub.names("east")).containsExactly("Deployment/web");
    assertThat(service(hub).traits())
        .singleElement()
        .satisfies(trait -> {
          assertThat(trait.pending()).isTrue();
          assertThat(trait.message()).isEqualTo("waits until the workload is healthy");
        });

    hub.report();
    assertThat(hub.names("east")).containsExactly("Deployment/web", "Service/web");
    assertThat(hub.phase()).as("the trait is not there yet").isEqualTo("runningWorkflow");
    hub.report();
    assertThat(hub.phase()).isEqualTo("running");
    assertThat(service(hub).traits()).extracting(trait -> trait.pending()).containsOnlyNulls();
  }

  @Test
  void whatIsThereStaysWhileTheWorkloadRollsOutOrFallsIll() {
    var hub = hub("a", EXPOSE.formatted(80)).settle().report().report();

    hub.edit(WEB.formatted("b", EXPOSE.formatted(81))).settle();
    assertThat(hub.images("east")).containsExactly("b");
    assertThat(hub.names("east")).containsExactly("Deployment/web", "Service/web");
    assertThat(ports(hub))
        .as("the new one comes when the new workload is healthy")
        .containsExactly(80);
    hub.report().report();
    assertThat(ports(hub)).containsExactly(81);
    assertThat(hub.phase()).isEqualTo("running");

    hub.report(live -> FakeAgent.deployment(live, 0), _ -> null);
    assertThat(hub.phase()).isEqualTo("unhealthy");
    assertThat(hub.names("east")).containsExactly("Deployment/web", "Service/web");
  }

  private static List<Integer> ports(FakeHub hub) {
    return hub.works.values().stream()
        .flatMap(work -> Works.manifests(work).stream())
        .filter(manifest -> manifest.path("kind").asString("").equals("Service"))
        .map(manifest -> manifest.at("/spec/ports/0/port").asInt())
        .toList();
  }

  @Test
  void aPreDispatchTraitComesFirst() {
    var hub = hub("a", "{type: gate}, " + EXPOSE.formatted(80));
    hub.definitions = WITH_GATE;
    hub.settle();

    assertThat(hub.names("east")).containsExactly("ConfigMap/gate");
    hub.report();
    assertThat(hub.names("east")).as("it is there, but not good").containsExactly("ConfigMap/gate");
    assertThat(service(hub).message()).isEqualTo("waits for its traits gate");
    assertThat(service(hub).traits()).extracting(trait -> trait.message()).contains("shut");

    hub.report(
        live -> {
          if (live.path("kind").asString("").equals("ConfigMap")) {
            live.withObjectProperty("status").put("open", "yes");
          }
          return FakeAgent.rolledOut(live);
        },
        _ -> null);
    assertThat(hub.names("east")).containsExactlyInAnyOrder("ConfigMap/gate", "Deployment/web");
  }
}
