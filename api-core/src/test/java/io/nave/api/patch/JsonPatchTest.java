package io.nave.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiError.Reason;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class JsonPatchTest {
  private static final ResourceType TYPE =
      ResourceType.of("work.example.io", "v1", "Work", "works", true);

  @ParameterizedTest(name = "{0} with {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"foo":"bar"}           | [{"op":"add","path":"/baz","value":"qux"}]                   | {"foo":"bar","baz":"qux"}
          {"foo":["bar","baz"]}   | [{"op":"add","path":"/foo/1","value":"qux"}]                 | {"foo":["bar","qux","baz"]}
          {"foo":["bar"]}         | [{"op":"add","path":"/foo/-","value":["abc"]}]               | {"foo":["bar",["abc"]]}
          {"foo":["bar"]}         | [{"op":"add","path":"/foo/1","value":1}]                     | {"foo":["bar",1]}
          {"foo":1}               | [{"op":"add","path":"","value":{"a":1}}]                     | {"a":1}
          {"baz":"qux","foo":1}   | [{"op":"remove","path":"/baz"}]                              | {"foo":1}
          {"foo":["a","b","c"]}   | [{"op":"remove","path":"/foo/1"}]                            | {"foo":["a","c"]}
          {"baz":"qux"}           | [{"op":"replace","path":"/baz","value":"boo"}]               | {"baz":"boo"}
          {"foo":[1,2]}           | [{"op":"replace","path":"/foo/0","value":null}]              | {"foo":[null,2]}
          {"a":{"b":1},"c":{}}    | [{"op":"move","from":"/a/b","path":"/c/d"}]                  | {"a":{},"c":{"d":1}}
          {"foo":[1,2,3]}         | [{"op":"move","from":"/foo/0","path":"/foo/2"}]              | {"foo":[2,3,1]}
          {"a":1}                 | [{"op":"move","from":"/a","path":"/a"}]                      | {"a":1}
          {"a":{"b":1}}           | [{"op":"copy","from":"/a","path":"/c"}]                      | {"a":{"b":1},"c":{"b":1}}
          {"a":[1,{"b":2}]}       | [{"op":"test","path":"/a/1/b","value":2}]                    | {"a":[1,{"b":2}]}
          {"a":{"x":1,"y":2}}     | [{"op":"test","path":"/a","value":{"y":2.0,"x":1}}]          | {"a":{"x":1,"y":2}}
          {"a/b":1,"c~d":2}       | [{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/c~0d"}] | {}
          {"":{"":1}}             | [{"op":"replace","path":"//","value":2}]                     | {"":{"":2}}
          {"a":null}              | [{"op":"test","path":"/a","value":null}]                     | {"a":null}
          """)
  void appliesOperations(String original, String patch, String expected) {
    assertThat(apply(original, patch)).isEqualTo(Json.parse(expected));
  }

  @ParameterizedTest(name = "{0} refuses {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"a":1}     | [{"op":"remove","path":"/b"}]                       | patch[0]: Invalid value: "/b": there is no such value
          {"a":1}     | [{"op":"replace","path":"/b","value":1}]            | patch[0]: Invalid value: "/b": there is no such value
          {"a":1}     | [{"op":"add","path":"/b/c","value":1}]              | patch[0]: Invalid value: "/b/c": there is no such value
          {"a":1}     | [{"op":"add","path":"/a/c","value":1}]              | patch[0]: Invalid value: "/a/c": its parent is neither an object nor an array
          {"a":[1]}   | [{"op":"add","path":"/a/3","value":1}]              | patch[0]: Invalid value: "/a/3": index 3 is out of bounds
          {"a":[1]}   | [{"op":"add","path":"/a/01","value":1}]             | patch[0]: Invalid value: "/a/01": "01" is not an array index
          {"a":[1]}   | [{"op":"remove","path":"/a/-"}]                     | patch[0]: Invalid value: "/a/-": "-" is not an array index
          {"a":[1]}   | [{"op":"remove","path":"/a/1"}]                     | patch[0]: Invalid value: "/a/1": index 1 is out of bounds
          {"a":{}}    | [{"op":"move","from":"/a","path":"/a/b"}]           | patch[0]: Invalid value: "/a/b": a value cannot be moved into itself
          {"a":"x"}   | [{"op":"add","path":"/b","value":1},{"op":"test","path":"/a","value":"y"}] | patch[1]: Invalid value: "/a": test failed: the value there is not the expected one
          {"a":"x"}   | [{"op":"merge","path":"/a"}]                        | patch[0]: Invalid value: "/a": op must be add, remove, replace, move, copy or test
          {"a":"x"}   | [{"op":"remove","path":""}]                         | patch[0]: Invalid value: "": the whole document cannot be removed or moved
          {"a":"x"}   | [{"op":"replace","path":"","value":[]}]             | patch[0]: Invalid value: "": the document must stay a JSON object
          """)
  void refusesWhatDoesNotFitTheObject(String original, String patch, String message) {
    var error = catchThrowableOfType(ApiError.class, () -> apply(original, patch));

    assertThat(error.reason()).isEqualTo(Reason.INVALID);
    assertThat(error).hasMessage("Work.work.example.io \"one\" is invalid: " + message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"op":"add"}                                        | a JSON patch must be a JSON array of operations
          [1]                                                 | JSON patch, operation 0: an operation must be an object with a text path
          [{"op":"add","path":"/a"}]                          | JSON patch, operation 0: add needs a value
          [{"op":"test","path":"/a"}]                         | JSON patch, operation 0: test needs a value
          [{"op":"copy","path":"/a"}]                         | JSON patch, operation 0: an operation must be an object with a text from
          [{"op":"remove","path":"a"}]                        | JSON patch, operation 0: path must be empty or begin with /, but is "a"
          """)
  void refusesWhatIsNoPatch(String patch, String message) {
    var error = catchThrowableOfType(ApiError.class, () -> apply("{\"a\":1}", patch));

    assertThat(error.reason()).isEqualTo(Reason.BAD_REQUEST);
    assertThat(error).hasMessage(message);
  }

  @Test
  void refusesMoreOperationsThanKubernetesDoes() {
    var patch = JsonNodeFactory.instance.arrayNode();
    for (var i = 0; i <= JsonPatch.OPERATIONS_MAX; i++) {
      operation(patch, "add").put("path", "/a").put("value", i);
    }

    var error = catchThrowableOfType(ApiError.class, () -> apply(Json.object(), patch));

    assertThat(error.code()).isEqualTo(413);
    assertThat(error)
        .hasMessage("The allowed maximum operations in a JSON patch is 10000, got 10001");
  }

  @Test
  void refusesCopiesThatGrowWithoutEnd() {
    var patch = JsonNodeFactory.instance.arrayNode();
    for (var i = 0; i < 200; i++) {
      operation(patch, "copy").put("from", "/a").put("path", "/a/-");
    }

    var error =
        catchThrowableOfType(
            ApiError.class, () -> apply((ObjectNode) Json.parse("{\"a\":[1]}"), patch));

    assertThat(error.code()).isEqualTo(413);
  }

  @Test
  void refusesNestingThatCouldNotBeReadAgain() {
    var patch = JsonNodeFactory.instance.arrayNode();
    operation(patch, "add").put("path", "/a").putObject("value");
    for (var i = 0; i < 300; i++) {
      operation(patch, "add").put("path", "/b").putObject("value");
      operation(patch, "move").put("from", "/a").put("path", "/b/x");
      operation(patch, "move").put("from", "/b").put("path", "/a");
    }

    var error = catchThrowableOfType(ApiError.class, () -> apply(Json.object(), patch));

    assertThat(error).hasMessageEndingWith("the result would be nested deeper than 200");
  }

  @Test
  void leavesTheOriginalAlone() {
    var original = (ObjectNode) Json.parse("{\"a\":{\"b\":1}}");

    apply(original, Json.parse("[{\"op\":\"replace\",\"path\":\"/a/b\",\"value\":2}]"));

    assertThat(original).isEqualTo(Json.parse("{\"a\":{\"b\":1}}"));
  }

  private static ObjectNode operation(ArrayNode patch, String op) {
    return patch.addObject().put("op", op);
  }

  private static ObjectNode apply(String original, String patch) {
    return apply((ObjectNode) Json.parse(original), Json.parse(patch));
  }

  private static ObjectNode apply(ObjectNode original, JsonNode patch) {
    return new JsonPatch(TYPE, "one").apply(original, patch);
  }
}
