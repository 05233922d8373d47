package io.nave.api.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cel.common.values.NullValue;
import io.nave.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Views of JSON are to CEL what copies of it in plain maps and lists are: same answers, same
/// faults, same cost.
class JsonViewTest {
  private static final CelEnvironment SELF = CelEnvironment.standard().with(List.of("self", "o"));
  private static final String JSON =
      """
      {"n": 2, "d": 1.5, "big": 4000000000, "t": "aaa", "yes": true, "no": null,
       "list": [1, 2, 3], "map": {"key": "v", "other": "w"}, "empty": {}, "none": [],
       "items": [{"name": "a", "ports": [{"p": 80}]}, {"name": "b", "ports": []}]}
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "self.n + 1 == 3",
        "self.d < self.n",
        "self.big",
        "self",
        "self.items",
        "self.items[0].ports[0].p",
        "self.items.map(i, i.name)",
        "self.items.filter(i, i.ports.size() > 0)",
        "self.items.all(i, has(i.name))",
        "self.map.all(k, self.map[k] != '')",
        "self.map.map(k, k)",
        "'key' in self.map",
        "2 in self.list",
        "self.map == {'other': 'w', 'key': 'v'}",
        "{'other': 'w', 'key': 'v'} == self.map",
        "self.list == [1, 2, 3]",
        "[1, 2.0, 3] == self.list",
        "self.map == o.map",
        "self == o",
        "self.map != self.empty",
        "size(self.map) + size(self.list) + self.items.size()",
        "self.list + self.none + [4]",
        "self.no == null",
        "has(self.absent)",
        "self.absent",
        "self.t.absent",
        "self.list[7]",
        "self.map['nope']",
        "self.?absent.?more.orValue(7)",
        "self.?map.?key",
        "self.?no",
        "self[?'map'].hasValue()",
        "self.list[?5].orValue(0)",
        "optional.ofNonZeroValue(self.empty).hasValue()",
        "optional.ofNonZeroValue(self.none).hasValue()",
        "optional.ofNonZeroValue(self.map).hasValue()",
        "type(self.n) == int && type(self.t) == string",
        "self.map.upperAscii()",
        "self.n.map(x, x)",
        "[self.map, self.empty].map(m, m.size())",
        "{'a': self.map, 'b': self.list}",
        "self.items.map(i, i.ports.map(p, p.p))",
        "dyn(self.map) == dyn(self.list)",
        "self.yes ? self.map : self.empty",
        "self.map.size() == 2 || self.absent"
      })
  void answerAsCopiesDo(String source) {
    var program = SELF.compile(source);
    var json = Json.parse(JSON);

    assertThat(told(program, CelValues.toCel(json), CelValues.toCel(Json.parse(JSON))))
        .isEqualTo(told(program, copy(json), copy(json)));
  }

  private static String told(CelProgram program, Object self, Object other) {
    var budget = CelBudget.forExpression();
    String answer;
    try {
      answer =
          String.valueOf(CelValues.toJson(program.value(Map.of("self", self, "o", other), budget)));
    } catch (CelFault e) {
      answer = "fault: " + e.getMessage();
    }
    return answer + " for " + (CelBudget.EXPRESSION_UNITS_MAX - budget.left());
  }

  /// Every value as plain Java.
  private static Object copy(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        var map = new LinkedHashMap<String, Object>();
        node.properties().forEach(field -> map.put(field.getKey(), copy(field.getValue())));
        yield map;
      }
      case ARRAY -> {
        var list = new ArrayList<Object>();
        node.forEach(element -> list.add(copy(element)));
        yield list;
      }
      case STRING -> node.stringValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> node.isIntegralNumber() ? (Object) node.longValue() : (Object) node.asDouble();
      default -> NullValue.NULL_VALUE;
    };
  }

  @Test
  void areMapsToJavaToo() {
    var map = (Map<?, ?>) CelValues.toCel(Json.parse(JSON));

    assertThat(map).isEqualTo(copy(Json.parse(JSON))).hasSameHashCodeAs(copy(Json.parse(JSON)));
    assertThat(map.keySet()).isEqualTo(((Map<?, ?>) copy(Json.parse(JSON))).keySet());
    assertThat(map.containsKey("n")).isTrue();
    assertThat(map.containsKey("absent")).isFalse();
    assertThat(map.get("absent")).isNull();
    assertThatThrownBy(() -> map.remove("n")).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> map.entrySet().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void whatBecomesJsonIsACopy() {
    var json = (ObjectNode) Json.parse(JSON);

    var copy = (ObjectNode) CelValues.toJson(CelValues.toCel(json));

    assertThat(copy).isEqualTo(json).isNotSameAs(json);
    copy.withObjectProperty("map").put("key", "changed");
    assertThat(json.at("/map/key").stringValue()).isEqualTo("v");
  }
}
