package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.Definitions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedParametersTest {
  private static final Definitions DEFINITIONS =
      Definitions.builtInAnd(
          Yaml.parseAll(
              """
              apiVersion: core.oam.dev/v1beta1
              kind: ComponentDefinition
              metadata: {name: disk}
              spec:
                schematic:
                  nave:
                    parameter:
                      type: object
                      properties:
                        class: {type: string, x-immutable: true}
                        size: {type: string}
                        parts:
                          type: array
                          items:
                            type: object
                            properties: {name: {type: string, x-immutable: true}, size: {type: string}}
                    output: {apiVersion: v1, kind: ConfigMap}
              ---
              apiVersion: core.oam.dev/v1beta1
              kind: TraitDefinition
              metadata: {name: zone}
              spec:
                schematic:
                  nave:
                    parameter: {type: object, properties: {in: {type: string, x-immutable: true}}}
                    patch: {metadata: {labels: {zone: '${parameter.in}'}}}
              """));

  private static List<String> changed(
      String before, String after, Map<String, String> annotations) {
    var was = Samples.web("components: [" + before + "]");
    var is = Samples.web("components: [" + after + "]");
    var next = new Application(is.metadata().withAnnotations(annotations), is.spec(), is.status());
    return FixedParameters.faults(was, next, DEFINITIONS).stream()
        .map(ApiError.Cause::field)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "{name: d, type: disk, properties: {class: a}} | {name: d, type: disk, properties: {class: b}} | spec.components[0].properties.class",
        "{name: d, type: disk, properties: {class: a}} | {name: d, type: disk, properties: {size: b}} | spec.components[0].properties.class",
        "{name: d, type: disk, properties: {class: a}} | {name: d, type: disk} | spec.components[0].properties.class",
        "{name: d, type: disk, properties: {size: a}} | {name: d, type: disk, properties: {class: a, size: b}} | none",
        "{name: d, type: disk, properties: {class: a}} | {name: e, type: disk, properties: {class: b}} | none",
        "{name: d, type: disk, properties: {class: a}} | {name: d, type: webservice, properties: {image: b}} | none",
        "{name: d, type: disk, properties: {parts: [{name: a, size: b}]}} | {name: d, type: disk, properties: {parts: [{name: a, size: c}]}} | none",
        "{name: d, type: disk, properties: {parts: [{name: a, size: b}]}} | {name: d, type: disk, properties: {parts: [{name: c, size: b}]}} | spec.components[0].properties.parts[0].name",
        "{name: d, type: disk, traits: [{type: zone, properties: {in: a}}]} | {name: d, type: disk, traits: [{type: labels, properties: {}}, {type: zone, properties: {in: b}}]} | spec.components[0].traits[1].properties.in",
      })
  void whatIsFixedMayNeitherChangeNorVanish(String before, String after, String field) {
    assertThat(changed(before, after, Map.of()))
        .isEqualTo(field == null ? List.of() : List.of(field));
  }

  @Test
  void whoForcesItMay() {
    assertThat(
            changed(
                "{name: d, type: disk, properties: {class: a}}",
                "{name: d, type: disk, properties: {class: b}}",
                Map.of("app.oam.dev/force-param-mutations", "true")))
        .isEmpty();
  }
}
