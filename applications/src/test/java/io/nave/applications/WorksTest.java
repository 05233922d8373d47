package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.work.ManifestWork;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorksTest {
  private static final String LONG = "x".repeat(60);

  @Test
  void areNamedSoThatNoTwoApplicationsShareOne() {
    assertThat(Works.nameOf(Key.of("a", "b-c"))).isEqualTo("app-a.b-c");
    assertThat(Works.nameOf(Key.of("a-b", "c"))).isEqualTo("app-a-b.c");
  }

  @Test
  void haveNamesAndLabelsThatFit() {
    var name = Works.nameOf(Key.of(LONG, LONG));
    assertThat(name).hasSizeLessThanOrEqualTo(63).startsWith("app-xxx");
    assertThat(Works.labelOf(Key.of(LONG, LONG))).hasSizeLessThanOrEqualTo(63);
    assertThat(Works.nameOf(Key.of(LONG, LONG))).isEqualTo(name);
    assertThat(Works.nameOf(Key.of(LONG, LONG + "y"))).isNotEqualTo(name);
  }

  @Test
  void knowTheirApplication() {
    var key = Key.of(LONG, LONG);
    var work = Samples.decide(Samples.webOn("east"), List.of(), Samples.fleet("east")).create();
    assertThat(Works.applicationOf(work.getFirst())).contains(Key.of("shop", "web"));
    assertThat(Works.applicationOf(labelled(Works.labelOf(key), LONG, LONG))).contains(key);
  }

  @Test
  void belongToNoneWhenTheirLabelsDoNotAgree() {
    assertThat(Works.applicationOf(labelled("shop.web", "shop", "other"))).isEmpty();
    assertThat(Works.applicationOf(labelled("", "shop", "web"))).isEmpty();
  }

  private static ManifestWork labelled(String application, String namespace, String name) {
    var meta =
        Meta.named("east", "w")
            .withLabels(
                Map.of(
                    Works.APPLICATION,
                    application,
                    "app.oam.dev/namespace",
                    namespace,
                    "app.oam.dev/name",
                    name));
    return new ManifestWork(
        meta,
        new ManifestWork.Spec(null, null, List.of(), null),
        new ManifestWork.Status(List.of(), null));
  }

  @Test
  void areRefusedWhenAClusterWouldGetTooMuch() {
    var application =
        Samples.web(
            """
            components:
            - name: big
              type: k8s-objects
              properties: {objects: [{apiVersion: v1, kind: ConfigMap, data: {a: %s}}]}
            policies: [{name: where, type: topology, properties: {clusters: [east]}}]
            """
                .formatted("x".repeat(600_000)));
    var status = Samples.decide(application, List.of(), Samples.fleet("east")).status();
    assertThat(Samples.condition(status, "Render").message())
        .startsWith("for cluster east: v1 ConfigMap shop/big has 600")
        .contains("there is no room for it: a work holds 512000");
  }
}
