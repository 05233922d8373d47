package io.nave.applications.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.applications.api.Application.Component;
import io.nave.applications.api.Application.Trait;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class OverridesTest {
  private static final List<Component> SHOP =
      Codec.decode(
              Yaml.parseAll(
                      """
                      metadata: {name: shop}
                      spec:
                        components:
                        - name: web
                          type: webservice
                          properties: {image: a, env: [{name: X, value: x}], limit: {cpu: 1, memory: 2}}
                          traits:
                          - {type: scaler, properties: {replicas: 1}}
                          - {type: labels, properties: {team: a}}
                        - {name: web-2, type: webservice, properties: {image: a}}
                        - {name: job, type: task, properties: {image: b}}
                      """)
                  .getFirst(),
              Application.class)
          .spec()
          .components();

  private static Overrides.Changed apply(String properties) {
    return Overrides.apply(SHOP, (ObjectNode) Yaml.parse(properties), "spec.policies[1]");
  }

  private static Component named(Overrides.Changed changed, String name) {
    return changed.components().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String image(Component component) {
    var properties = component.properties();
    return properties == null ? "" : properties.path("image").asString("");
  }

  @Test
  void objectsMergeAndListsAreReplaced() {
    var web =
        named(
            apply(
                "{components: [{name: web, properties: {image: c, env: [{name: Y}], limit: {cpu: 9}}}]}"),
            "web");
    assertThat(web.properties())
        .isEqualTo(Yaml.parse("{image: c, env: [{name: Y}], limit: {cpu: 9, memory: 2}}"));
    assertThat(image(SHOP.getFirst())).as("what came in stays").isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: web}          | web",
        "{name: 'web*'}       | web,web-2",
        "{name: '*'}          | web,web-2,job",
        "{type: webservice}   | web,web-2",
        "{type: task}         | job",
        "{}                   | web,web-2,job",
      })
  void aPatchChangesWhatItsNameOrTypeSelects(String selector, String expected) {
    var patch = (ObjectNode) Yaml.parse(selector);
    patch.set("properties", Yaml.parse("{image: new}"));
    var parameter = io.nave.api.Json.object();
    parameter.putArray("components").add(patch);
    var changed = Overrides.apply(SHOP, parameter, "spec.policies[0]");
    assertThat(
            changed.components().stream().filter(c -> image(c).equals("new")).map(Component::name))
        .containsExactly(expected.split(","));
    assertThat(changed.notices()).isEmpty();
  }

  @Test
  void traitsMergeAreAddedAndAreTakenAway() {
    var web =
        named(
            apply(
                """
                components:
                - name: web
                  traits:
                  - {type: scaler, properties: {replicas: 5}}
                  - {type: labels, disable: true}
                  - {type: sidecar, properties: {name: s}}
                """),
            "web");
    assertThat(web.traits()).extracting(Trait::type).containsExactly("scaler", "sidecar");
    JsonNode properties = web.traits().getFirst().properties();
    assertThat(properties).isEqualTo(Yaml.parse("{replicas: 5}"));
  }

  @Test
  void anUnknownNameAddsAComponent() {
    var changed = apply("{components: [{name: cache, type: worker, properties: {image: r}}]}");
    assertThat(named(changed, "cache").type()).isEqualTo("worker");
    assertThat(changed.components()).hasSize(4);
  }

  @Test
  void anotherTypeReplacesTheComponent() {
    var web = named(apply("{components: [{name: web, type: worker, properties: {x: 1}}]}"), "web");
    assertThat(web.type()).isEqualTo("worker");
    assertThat(web.properties()).isEqualTo(Yaml.parse("{x: 1}"));
    assertThat(web.traits()).isEmpty();
  }

  @Test
  void aSelectorKeepsOnlyWhatItNames() {
    var changed = apply("{selector: [job]}");
    assertThat(changed.components()).extracting(Component::name).containsExactly("job");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{components: [{name: 'api*'}]} | spec.policies[1].properties.components[0]: changes nothing: no component is called \"api*\"; the components are web (webservice), web-2 (webservice), job (task)",
        "{components: [{type: daemon}]} | spec.policies[1].properties.components[0]: changes nothing: no component has the type \"daemon\"; the components are web (webservice), web-2 (webservice), job (task)",
        "{components: [{name: job, traits: [{type: scaler, disable: true}]}]} | spec.policies[1].properties.components[0].traits[0]: changes nothing: component \"job\" has no trait \"scaler\" to disable",
        "{selector: [web, wbe]} | spec.policies[1].properties.selector[1]: selects nothing: there is no component \"wbe\"; the components are web (webservice), web-2 (webservice), job (task)",
      })
  void whatMatchesNothingIsReported(String properties, String notice) {
    assertThat(apply(properties).notices()).containsExactly(notice);
  }

  @Test
  void replicationCopiesWhatItSelects() {
    var copies =
        Replication.apply(
            Replication.none(SHOP),
            (ObjectNode) Yaml.parse("{keys: [a, b], selector: [job, nobody]}"),
            "spec.policies[2]");
    assertThat(copies.copies())
        .extracting(copy -> copy.component().name() + "/" + copy.replicaKey())
        .containsExactly("web/", "web-2/", "job/a", "job/b");
    assertThat(copies.notices())
        .containsExactly(
            "spec.policies[2].properties.selector[1]: copies nothing: there is no component"
                + " \"nobody\"");
  }
}
