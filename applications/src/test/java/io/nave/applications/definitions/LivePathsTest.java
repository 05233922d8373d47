package io.nave.applications.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import io.nave.api.JsonPaths;
import io.nave.api.Yaml;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class LivePathsTest {
  private static String paths(String source) {
    var found =
        LivePaths.of(List.of(Expressions.compile("test", "status.health", source, Set.of())));
    var text = new StringBuilder();
    found.forEach((key, paths) ->
        paths.forEach(path -> text.append(key).append('|').append(path.jsonPath()).append(' ')));
    return text.toString().strip();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          context.output.status.ready == 1 ; |.status.ready
          context.output.?status.?ready.orValue(0) == 1 ; |.status.ready
          has(context.output.spec.x) && context.output.spec.x > 1 ; |.spec.x
          context.output.metadata.annotations["a.b/c-d"] == "" ; |.metadata.annotations.a\\.b/c-d
          context.output.?metadata.?annotations[?"a.b/c"].hasValue() ; |.metadata.annotations.a\\.b/c
          context.outputs.svc.status.ip == context.outputs["my-svc"].?status.?ip.orValue("") ; my-svc|.status.ip svc|.status.ip
          condition(context.output, "Ready") == "True" ; |.status.conditions[?(@.type=="Ready")].status
          condition(context.outputs.job, "Complete") in ["True"] ; job|.status.conditions[?(@.type=="Complete")].status
          {"a": [context.output.status.a]}.a[0] == (true ? context.output.status.b : 1) ; |.status.a |.status.b
          [1, 2].all(n, n < context.output.status.n) ; |.status.n
          context.output.?status.?loadBalancer.?ingress[?0].?ip.orValue("") == "" ; |.status.loadBalancer.ingress[0].ip
          context.outputs.svc.spec.ports[1].port == 80 ; svc|.spec.ports[1].port
          parameter.x == 1 && context.name == "a" ;
          """)
  void areWhatExpressionsRead(String source, String expected) {
    assertThat(paths(source)).isEqualTo(expected == null ? "" : expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          context.output == parameter.x ; a whole live object is not fed back
          context.output.status.conditions.exists(c, c.type == "Ready") ; a list of a live object is not fed back
          context.output.?status.?conditions.orValue([]).all(c, c.status == "True") ; a list of a live object is not fed back
          condition(context.output, parameter.type) == "True" ; a type written out
          condition(parameter.x, "Ready") == "True" ; condition takes context.output
          """)
  void mustEndAtSingleValues(String source, String message) {
    assertThatThrownBy(() -> paths(source))
        .isInstanceOf(BadDefinition.class)
        .hasMessageStartingWith("test: status.health: ${" + source + "}")
        .hasMessageContaining(message);
  }

  /// - Goal: what an agent reads by the path is what the expression sees when it is laid back.
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void leadAgentsToTheirValues(boolean condition) {
    // Given
    var path =
        condition
            ? LivePath.condition("Ready")
            : LivePath.field(List.of("metadata", "annotations", "a.b/c-d"));
    var live =
        Yaml.parse(
            """
            metadata: {annotations: {a.b/c-d: "yes"}}
            status: {conditions: [{type: Other, status: "False"}, {type: Ready, status: "yes"}]}
            """);
    // When
    var found = JsonPaths.find(live, path.jsonPath());
    var known = (ObjectNode) Yaml.parse("{metadata: {name: x}, status: {conditions: []}}");
    path.put(known, found.getFirst());
    // Then
    assertThat(found).hasSize(1);
    assertThat(known.path("metadata").path("name").asString()).isEqualTo("x");
    assertThat(JsonPaths.find(known, path.jsonPath()).getFirst().asString()).isEqualTo("yes");
  }

  @Test
  void replaceAnEarlierValue() {
    var known = Json.object();
    LivePath.condition("Ready").put(known, Yaml.parse("'False'"));
    LivePath.condition("Ready").put(known, Yaml.parse("'True'"));
    assertThat(known.toString())
        .isEqualTo("{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
  }

  /// - Goal: what is fed back of a list's element is what the expression sees.
  @Test
  void leadIntoLists() {
    var path = LivePath.field(List.of("status", "ingress", "[1]", "ip"));
    var live = Yaml.parse("{status: {ingress: [{ip: a}, {ip: b}]}}");
    var found = JsonPaths.find(live, path.jsonPath()).getFirst();
    var known = (ObjectNode) Yaml.parse("{status: {ingress: {}}}");
    path.put(known, found);
    assertThat(known).isEqualTo(Yaml.parse("{status: {ingress: [{}, {ip: b}]}}"));
    assertThat(path.name()).isEqualTo("status.ingress[1].ip");
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          output.status.clusterIP ; "10.0.0.1" ; |.status.clusterIP
          "http://" + output.status.clusterIP + ":" + string(outputs.svc.spec.port) ; "http://10.0.0.1:80" ; svc|.spec.port |.status.clusterIP
          output.status.gone.deeper ; none ; |.status.gone.deeper
          context.name + parameter.suffix ; "web-x" ;
          """)
  void feedOutputsOfComponents(String source, String value, String paths) {
    var expression = LiveExpression.compile("component \"web\"", "outputs[0].valueFrom", source);
    var live =
        Map.of(
            Definition.MAIN,
            (ObjectNode) Yaml.parse("{status: {clusterIP: 10.0.0.1}}"),
            "svc",
            (ObjectNode) Yaml.parse("{spec: {port: 80}}"));
    var found =
        expression.value(
            (ObjectNode) Yaml.parse("{suffix: -x}"), (ObjectNode) Yaml.parse("{name: web}"), live);
    assertThat(found.map(Object::toString).orElse("none")).isEqualTo(value);
    var read = new TreeSet<String>();
    expression
        .livePaths()
        .forEach((key, each) -> each.forEach(path -> read.add(key + "|" + path.jsonPath())));
    var expected = paths == null ? Set.<String>of() : Set.of(paths.split(" "));
    assertThat(read).containsExactlyInAnyOrderElementsOf(expected);
  }
}
