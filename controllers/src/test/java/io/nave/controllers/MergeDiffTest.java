package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.testkit.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class MergeDiffTest {
  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                       | {}                         | {}
          {'a':1}                  | {'a':1}                    | {}
          {'a':1}                  | {'a':2}                    | {'a':2}
          {'a':1,'b':2}            | {'b':2}                    | {'a':null}
          {'a':{'b':1,'c':2}}      | {'a':{'b':1,'c':3}}        | {'a':{'c':3}}
          {'a':{'b':1}}            | {'a':{}}                   | {'a':{'b':null}}
          {'a':{'b':1}}            | {'a':5}                    | {'a':5}
          {'a':5}                  | {'a':{'b':1}}              | {'a':{'b':1}}
          {}                       | {'a':{}}                   | {'a':{}}
          {'a':[1,2]}              | {'a':[1,2,3]}              | {'a':[1,2,3]}
          {'a':[1,{'b':2}]}        | {'a':[1,{'b':2}]}          | {}
          {'a':null}               | {}                         | {}
          {}                       | {'a':null}                 | {}
          {'a':1}                  | {'a':1.0}                  | {}
          {'a':[1]}                | {'a':[1.0]}                | {}
          {'a':1}                  | {'a':'1'}                  | {'a':'1'}
          {'a':false}              | {'a':true}                 | {'a':true}
          """)
  void saysTheLeastThatIsNeeded(String before, String after, String diff) {
    assertThat(MergeDiff.between(json(before), json(after))).isEqualTo(json(diff));
  }

  @Test
  void whatIsNoObjectCountsAsEmpty() {
    assertThat(MergeDiff.between(Json.parse("[1]"), json("{'a':1}"))).isEqualTo(json("{'a':1}"));
    assertThat(MergeDiff.between(json("{}").path("status"), json("{'a':1}")))
        .isEqualTo(json("{'a':1}"));
  }

  @Test
  void doesNotShareItsTreeWithWhatItWasGiven() {
    var after = json("{'a':[1]}");
    var diff = MergeDiff.between(json("{}"), after);
    ((tools.jackson.databind.node.ArrayNode) diff.get("a")).add(2);
    assertThat(after).isEqualTo(json("{'a':[1]}"));
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 50)
  void mergingTheDiffGivesWhatWasWanted(long seed) {
    var random = new SplittableRandom(seed);
    for (var i = 0; i < 200; i++) {
      var before = random(random, 3);
      var after = random(random, 3);
      var diff = MergeDiff.between(before, after);
      assertThat(merge(before, diff)).isEqualTo(after);
      assertThat(diff.isEmpty()).isEqualTo(before.equals(after));
    }
  }

  private static ObjectNode random(SplittableRandom random, int depth) {
    var tree = Json.object();
    for (var i = random.nextInt(4); i > 0; i--) {
      var name = "f" + random.nextInt(4);
      switch (random.nextInt(depth == 0 ? 2 : 4)) {
        case 0 -> tree.put(name, random.nextInt(3));
        case 1 -> tree.putArray(name).add(random.nextInt(2));
        default -> tree.set(name, random(random, depth - 1));
      }
    }
    return tree;
  }

  /// RFC 7396, the code in its section 2.
  private static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode fields)) {
      return patch;
    }
    var result = target instanceof ObjectNode tree ? tree.deepCopy() : Json.object();
    for (var field : fields.properties()) {
      if (field.getValue().isNull()) {
        result.remove(field.getKey());
      } else {
        result.set(field.getKey(), merge(result.path(field.getKey()), field.getValue()));
      }
    }
    return result;
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) Json.parse(text.replace('\'', '"'));
  }
}
