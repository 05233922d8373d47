package io.nave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One object in every way it can be held: nobody can tell them apart.
class ApiObjectTest {
  private static final String JSON =
      """
      {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","namespace":"n","uid":"u",\
      "resourceVersion":"7","labels":{"a":"b"},"finalizers":["x/y"]},"data":{"k":"v"}}\
      """;

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  static List<ApiObject> forms() {
    return List.of(
        ApiObject.of(Json.parseObject(bytes(JSON))),
        ApiObject.parse(bytes(JSON)),
        ApiObject.stored(bytes(JSON)),
        ApiObject.of(Json.parseObject(bytes(JSON))).settled(),
        ApiObject.parse(bytes(JSON)).settled(),
        // Fields in another order: the head is not at the head.
        ApiObject.stored(
            bytes(
                """
                {"data":{"k":"v"},"metadata":{"resourceVersion":"7","uid":"u","name":"m",\
                "namespace":"n","labels":{"a":"b"},"finalizers":["x/y"]},\
                "kind":"ConfigMap","apiVersion":"v1"}\
                """)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormSaysTheSame(ApiObject object) {
    assertThat(object.apiVersion()).isEqualTo("v1");
    assertThat(object.kind()).isEqualTo("ConfigMap");
    assertThat(object.key()).isEqualTo(new Key("n", "m"));
    assertThat(object.uid()).isEqualTo("u");
    assertThat(object.revision()).isEqualTo(7);
    assertThat(object.labels()).containsEntry("a", "b");
    assertThat(object.finalizers()).containsExactly("x/y");
    assertThat(object.at("/data/k").asString()).isEqualTo("v");
    assertThat(object.spec().isMissingNode()).isTrue();
    assertThat(object).hasToString("ConfigMap n/m@7");
    for (var other : forms()) {
      assertThat(object).isEqualTo(other).hasSameHashCodeAs(other);
    }
    assertThat(object).isNotEqualTo(object.edit(tree -> tree.remove("data")));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aChangedCopyLeavesTheObjectAsItWas(ApiObject object) {
    for (var parsedBefore : List.of(false, true)) {
      if (parsedBefore) {
        object.json();
      }
      var changed = object.editMeta(meta -> meta.put("name", "other")).edit(t -> t.remove("data"));
      assertThat(changed.name()).isEqualTo("other");
      assertThat(changed.at("/data").isMissingNode()).isTrue();
      assertThat(changed.settled()).isEqualTo(changed);
      assertThat(object.name()).isEqualTo("m");
      assertThat(object.at("/data/k").asString()).isEqualTo("v");
      assertThat(Json.parse(object.bytes())).isEqualTo(Json.parse(JSON));
    }
  }

  @Test
  void bytesAreKeptAsTheyCame() {
    var bytes = bytes(JSON);
    assertThat(ApiObject.stored(bytes).bytes()).isSameAs(bytes);
    assertThat(ApiObject.parse(bytes).settled().bytes()).isSameAs(bytes);
    var settled = ApiObject.stored(bytes);
    assertThat(settled.settled()).isSameAs(settled);
  }

  @Test
  void objectsWithoutAHeadHaveAnEmptyOne() {
    for (var json : List.of("{}", "{\"data\":{\"kind\":\"x\"}}", "{\"metadata\":null}")) {
      var object = ApiObject.stored(bytes(json));
      assertThat(object.kind()).isEmpty();
      assertThat(object.name()).isEmpty();
      assertThat(object).isEqualTo(ApiObject.parse(bytes(json)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "nothing", "{\"metadata\":{\"name\":", "\u0000\u0001"})
  void storedBytesThatAreNoObjectAreAFault(String garbage) {
    var object = ApiObject.stored(bytes(garbage));
    assertThatThrownBy(object::name).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(object::json)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stored object");
  }

  /// Patches may build deeper than a body may be; a restart must not fail on it.
  @Test
  void whatGrewBeyondTheBoundsOfBodiesIsReadBack() {
    var deep = Json.object();
    var at = deep;
    for (var i = 0; i < 2 * Json.DEPTH_MAX; i++) {
      at = at.putObject("d");
    }
    at.put("n".repeat(2_000), 1);
    var bytes = ApiObject.of(deep).bytes();
    assertThatThrownBy(() -> ApiObject.parse(bytes)).isInstanceOf(ApiError.class);
    assertThat(ApiObject.stored(bytes)).isEqualTo(ApiObject.of(deep));
  }
}
