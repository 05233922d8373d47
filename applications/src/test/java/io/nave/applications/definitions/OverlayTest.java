package io.nave.applications.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Yaml;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class OverlayTest {
  private static ObjectNode lay(String kind, String base, String patch) {
    var object = (ObjectNode) Yaml.parse(base);
    object
        .put("apiVersion", kind.equals("Widget") ? "example.com/v1" : "apps/v1")
        .put("kind", kind);
    var result = Overlay.of(object).lay(object, Yaml.parse(patch));
    result.remove("apiVersion");
    result.remove("kind");
    return result;
  }

  @ParameterizedTest(name = "{0}: {1} + {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Deployment | {a: 1, b: {c: 1, d: 2}}  | {a: 2, b: {c: 3}}            | {a: 2, b: {c: 3, d: 2}}
          Deployment | {a: 1, b: 2}             | {a: null}                    | {b: 2}
          Deployment | {}                       | {a: {b: null, c: 1}}         | {a: {c: 1}}
          Deployment | {a: 1}                   | {a: {b: 1}}                  | {a: {b: 1}}
          Deployment | {spec: {containers: [{name: x, image: i}]}} | {spec: {containers: [{name: y}, {name: x, image: j}]}} | {spec: {containers: [{name: x, image: j}, {name: y}]}}
          Deployment | {spec: {tolerations: [{key: a}]}} | {spec: {tolerations: [{key: b}]}} | {spec: {tolerations: [{key: b}]}}
          Widget     | {spec: {containers: [{name: x}]}} | {spec: {containers: [{name: y}]}} | {spec: {containers: [{name: y}]}}
          Widget     | {l: [{n: 1, v: a}]}      | {$patchKey/l: n, l: [{n: 1, w: b}, {n: 2}]} | {l: [{n: 1, v: a, w: b}, {n: 2}]}
          Widget     | {l: [{m: {n: 1}, p: T}, {m: {n: 1}, p: U}]} | {'$patchKey/l': 'm.n, p', l: [{m: {n: 1}, p: U, x: 1}]} | {l: [{m: {n: 1}, p: T}, {m: {n: 1}, p: U, x: 1}]}
          Widget     | {l: [{n: 1, v: a}]}      | {$patchKey/l: n, $patchStrategy/l: retainKeys, l: [{n: 1, w: b}]} | {l: [{n: 1, w: b}]}
          Deployment | {spec: {strategy: {type: R, rollingUpdate: {a: 1}}}} | {spec: {$patchStrategy/strategy: retainKeys, strategy: {type: X}}} | {spec: {strategy: {type: X}}}
          Deployment | {spec: {containers: [{name: x}]}} | {spec: {$patchStrategy/containers: replace, containers: [{name: y}]}} | {spec: {containers: [{name: y}]}}
          Deployment | {spec: {containers: [{name: x}], a: 1}} | {spec: {$patchStrategy/containers: replace, containers: []}} | {spec: {a: 1}}
          Deployment | {metadata: {finalizers: [a, b]}} | {metadata: {finalizers: [b, c]}} | {metadata: {finalizers: [a, b, c]}}
          """)
  void merges(String kind, String base, String patch, String expected) {
    assertThat(lay(kind, base, patch)).isEqualTo(Yaml.parse(expected));
  }

  @ParameterizedTest(name = "{1} + {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Deployment | {} | [1]                                      | patch: expected an object, found [1]
          Deployment | {} | {spec: {containers: [{image: x}]}}       | patch.spec.containers[0]: has no name, by which the list is merged; found {"image":"x"}
          Deployment | {} | {$patchStrategy/a: open, a: 1}           | patch.a: expected the patch strategy replace or retainKeys, found open
          """)
  void refusesWhatItCannotMerge(String kind, String base, String patch, String message) {
    assertThatThrownBy(() -> lay(kind, base, patch))
        .isInstanceOf(RenderFault.class)
        .hasMessage(message);
  }
}
