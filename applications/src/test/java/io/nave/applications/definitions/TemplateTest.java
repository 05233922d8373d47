package io.nave.applications.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.api.cel.CelValues;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TemplateTest {
  private static final String PARAMETER =
      """
      image: nginx
      count: 3
      share: 0.5
      big: true
      small: false
      none: null
      names: [a, b]
      ports: [{port: 80}, {port: 443, name: tls}]
      labels: {x: "1", z: null}
      """;

  private static @Nullable JsonNode expand(String template) {
    var read = new TemplateReader("ComponentDefinition test").read(Yaml.parse(template), "output");
    var scope = new LinkedHashMap<String, Object>();
    scope.put("parameter", CelValues.toCel(Yaml.parse(PARAMETER)));
    scope.put("context", CelValues.toCel(Yaml.parse("{name: web, output: {status: {n: 1}}}")));
    return new Expansion("ComponentDefinition test").expand(read, scope);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          plain                                          | "plain"
          ${parameter.image}                             | "nginx"
          ${parameter.count}                             | 3
          ${parameter.share}                             | 0.5
          ${parameter.big}                                | true
          ${parameter.names}                             | ["a","b"]
          ${parameter.labels}                            | {"x":"1","z":null}
          a ${parameter.count} b ${parameter.big}         | "a 3 b true"
          $${parameter.image}                            | "${parameter.image}"
          a $${x} ${parameter.image}                     | "a ${x} nginx"
          '${ {"a": "}"}.a }'                            | "}"
          [1, '${parameter.?gone}', 2]                   | [1,2]
          {a: '${parameter.?gone}', b: '${parameter.none}', c: 1} | {"c":1}
          {a: {includeWhen: '${parameter.big}', b: 1}}    | {"a":{"b":1}}
          {a: {includeWhen: '${parameter.small}', b: 1}}   | {}
          [{includeWhen: '${parameter.small}', b: 1}, 2]   | [2]
          {a: ['${parameter.?gone}']}                    | {}
          {forEach: '${parameter.names}', as: e, template: '${e}!'} | ["a!","b!"]
          [0, {forEach: '${parameter.names}', as: e, index: i, template: {i: '${i}', name: '${e}'}}, 9] | [0,{"i":0,"name":"a"},{"i":1,"name":"b"},9]
          {a: {forEach: '${parameter.?gone}', as: e, template: '${e}'}} | {}
          {forEach: '${parameter.names}', as: e, key: 'k-${e}', template: 1} | {"k-a":1,"k-b":1}
          [{forEach: '${parameter.ports}', as: p, template: '${p.?name}'}] | ["tls"]
          {forEach: '${ {"k": 1} }', as: e, template: '${e.key}=${e.value}'} | ["k=1"]
          '${merge({"a": 1, "b": 1}, {"b": 2})}'         | {"a":1,"b":2}
          '${distinctBy([{"n": "a", "v": 1}, {"n": "a", "v": 2}], "n")}' | [{"n":"a","v":1}]
          """)
  void expands(String template, String expected) {
    assertThat(expand(template)).isEqualTo(Json.parse(expected));
  }

  @Test
  void dropsTheWholeWhenItIsAbsent() {
    assertThat(expand("${parameter.?gone}")).isNull();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {a: [1, '${parameter.}']}               | output.a[1]: ${parameter.}:
          {a: '${parametr.image}'}                | undeclared reference to 'parametr'
          {a: '${parameter.image'}                | has no closing }
          {forEach: '${parameter.names}', as: e}  | needs both "as" and "template"
          {forEach: x, as: e, template: 1}        | output.forEach: expected one ${expression}, found "x"
          {forEach: '${parameter.names}', as: 1n, template: 1} | expected a name such as item, found "1n"
          {forEach: '${parameter.names}', as: e, tmplate: 1}   | a forEach has no field "tmplate"
          {a: {includeWhen: true}}                | output.a.includeWhen: expected one ${expression}, found true
          """)
  void refusesWhatCannotBeRead(String template, String message) {
    assertThatThrownBy(() -> expand(template))
        .isInstanceOf(BadDefinition.class)
        .hasMessageStartingWith("ComponentDefinition test: output")
        .hasMessageContaining(message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {a: {b: '${parameter.gone}'}}           | output.a.b: ${parameter.gone}: evaluation error
          x ${parameter.names}                    | expected a text, number or bool inside a text, found list
          {includeWhen: '${parameter.image}'}     | expected true or false, found string
          {forEach: '${parameter.count}', as: e, template: 1} | expected a list or map, found int
          ${timestamp('2026-01-01T00:00:00Z')}    | cannot stand in an object
          """)
  void saysWhereRenderingFails(String template, String message) {
    assertThatThrownBy(() -> expand(template))
        .isInstanceOf(RenderFault.class)
        .hasMessageStartingWith("ComponentDefinition test: output")
        .hasMessageContaining(message);
  }

  /// - Goal: a template that explodes or never ends is stopped, by rounds, values, or characters.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ${[1,2,3,4,5,6,7,8,9,0].map(a, [1,2,3,4,5,6,7,8,9,0].map(b, [1,2,3,4,5,6,7,8,9,0].map(c, [1,2,3,4,5,6,7,8,9,0].map(d, [1,2,3,4,5,6,7,8,9,0].map(e, 1)))))} | stopped: it cost more than the 1000000 units allowed
          """)
  void stopsLoopsThatDoTooMuch(String template, String message) {
    assertThatThrownBy(() -> expand(template))
        .isInstanceOf(RenderFault.class)
        .hasMessageContaining(message);
  }

  @Test
  void stopsTemplatesThatProduceTooMuch() {
    var ten = "${[1,2,3,4,5,6,7,8,9,0]}";
    var template = "{forEach: '" + ten + "', as: v%d, template: %s}";
    var nested = "'x'";
    for (var level = 0; level < 5; level++) {
      nested = template.formatted(level, nested);
    }
    var exploding = nested;
    assertThatThrownBy(() -> expand(exploding))
        .isInstanceOf(RenderFault.class)
        .hasMessageContaining("produces more than 50000 values");
  }

  @Test
  void refusesAnExpressionThatIsTooLong() {
    var source = "${" + "1 + ".repeat(2_000) + "1}";
    assertThatThrownBy(() -> expand(source)).isInstanceOf(BadDefinition.class);
  }
}
