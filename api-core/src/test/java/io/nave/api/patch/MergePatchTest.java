package io.nave.api.patch;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class MergePatchTest {
  @ParameterizedTest(name = "{0} + {1} = {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"a":"b"}               | {"a":"c"}                     | {"a":"c"}
          {"a":"b"}               | {"b":"c"}                     | {"a":"b","b":"c"}
          {"a":"b"}               | {"a":null}                    | {}
          {"a":"b","b":"c"}       | {"a":null}                    | {"b":"c"}
          {"a":["b"]}             | {"a":"c"}                     | {"a":"c"}
          {"a":"c"}               | {"a":["b"]}                   | {"a":["b"]}
          {"a":{"b":"c"}}         | {"a":{"b":"d","c":null}}      | {"a":{"b":"d"}}
          {"a":[{"b":"c"}]}       | {"a":[1]}                     | {"a":[1]}
          {"e":null}              | {"a":1}                       | {"e":null,"a":1}
          {}                      | {"a":{"bb":{"ccc":null}}}     | {"a":{"bb":{}}}
          {"a":"b"}               | {"a":{"x":1,"y":null}}        | {"a":{"x":1}}
          {"a":1}                 | {"a":[{"x":null}]}            | {"a":[{"x":null}]}
          """)
  void followsRfc7396(String original, String patch, String expected) {
    assertThat(MergePatch.apply(object(original), object(patch))).isEqualTo(object(expected));
  }

  @Test
  void leavesBothSidesAlone() {
    var original = object("{\"a\":{\"b\":1}}");
    var patch = object("{\"a\":{\"c\":[1]}}");

    var merged = MergePatch.apply(original, patch);
    merged.withObjectProperty("a").withArrayProperty("c").add(2);

    assertThat(original).isEqualTo(object("{\"a\":{\"b\":1}}"));
    assertThat(patch).isEqualTo(object("{\"a\":{\"c\":[1]}}"));
  }

  /// - Goal: whatever two objects are, the patch between them leads from one to the other.
  /// - Method: 2,000 seeded pairs and an own diff.
  @Test
  void leadsFromAnyObjectToAnyOther() {
    for (var seed = 0; seed < 2_000; seed++) {
      var draw = new RandomJson(seed);
      var original = draw.object(4);
      var target = draw.object(4);

      var merged = MergePatch.apply(original, diff(original, target));

      assertThat(merged).as("seed %d", seed).isEqualTo(target);
    }
  }

  private static ObjectNode diff(ObjectNode from, ObjectNode to) {
    var patch = Json.object();
    for (var name : from.propertyNames()) {
      if (!to.has(name)) {
        patch.putNull(name);
      }
    }
    for (var entry : to.properties()) {
      var old = from.get(entry.getKey());
      if (old instanceof ObjectNode a && entry.getValue() instanceof ObjectNode b) {
        patch.set(entry.getKey(), diff(a, b));
      } else if (!entry.getValue().equals(old)) {
        patch.set(entry.getKey(), entry.getValue());
      }
    }
    return patch;
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) Json.parse(json);
  }
}
