package io.nave.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Yaml;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class AdoptionTest {
  private static final Adoption OWN = new Adoption(Set.of("app", "team"), Set.of(), Set.of());

  private static ObjectNode object(String labels) {
    return Yaml.parseAll(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: shop, name: a, labels: %s}\n"
                .formatted(labels))
        .getFirst();
  }

  @Test
  void anObjectWithTheSameLabelsIsItsOwn() {
    var manifest = object("{app: web, team: blue, more: x}");
    assertThat(OWN.refusal(manifest, ApiObject.of(object("{app: web, team: blue}")))).isEmpty();
  }

  @Test
  void anotherOneIsNotWritten() {
    var manifest = object("{app: web, team: blue}");
    assertThat(OWN.refusal(manifest, ApiObject.of(object("{app: other}"))))
        .hasValue(
            "v1 ConfigMap shop/a exists but is not managed by this application (its label app is"
                + " \"other\", team is missing); name it in a take-over policy, or rename it");
  }

  @Test
  void whatIsToBeTakenOverIsWritten() {
    var taking = new Adoption(OWN.labels(), Set.of("v1 ConfigMap shop/a"), Set.of());
    assertThat(taking.refusal(object("{app: web, team: blue}"), ApiObject.of(object("{}"))))
        .isEmpty();
  }

  @Test
  void aManifestWithoutTheLabelsIsWrittenOverAnything() {
    assertThat(OWN.refusal(object("{app: web}"), ApiObject.of(object("{}")))).isEmpty();
    assertThat(Adoption.of(Map.of()).refusal(object("{app: web}"), ApiObject.of(object("{}"))))
        .isEmpty();
  }

  @Test
  void isReadBackFromAnnotations() {
    var all =
        new Adoption(
            OWN.labels(), Set.of("v1 ConfigMap shop/a", "v1 Secret shop/b"), Set.of("x y z/w"));
    assertThat(Adoption.of(all.annotations())).isEqualTo(all);
    assertThat(all.replaces(new ManifestIdentity("x", "y", "z", "w"))).isTrue();
  }
}
