package io.nave.api.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import io.nave.api.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSetTest {
  private static final FieldSet A = FieldSet.EMPTY.with("f:a");
  private static final FieldSet AB = FieldSet.EMPTY.with("f:a", "f:b");

  @Test
  void isReadAsItWasWritten() {
    var json =
        Json.parse(
            """
            {"f:metadata":{"f:labels":{".":{},"f:app":{}}},
             "f:spec":{"f:ports":{"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:port":{}}},
                       "f:marks":{"v:\\"one\\"":{}},"f:old":{"i:3":{}}}}
            """);

    assertThat(FieldSet.decode(json).encode()).isEqualTo(json);
    assertThat(FieldSet.decode(json).paths())
        .containsExactly(
            ".metadata.labels",
            ".metadata.labels.app",
            ".spec.marks[=\"one\"]",
            ".spec.old[3]",
            ".spec.ports[port=80,protocol=\"TCP\"]",
            ".spec.ports[port=80,protocol=\"TCP\"].port");
  }

  @Test
  void keysAreTheSameHoweverTheyWereWritten() {
    var spaced = Json.parse("{\"k:{ \\\"b\\\": 1, \\\"a\\\": 2 }\":{}}");

    assertThat(FieldSet.decode(spaced)).isEqualTo(FieldSet.EMPTY.with("k:{\"a\":2,\"b\":1}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "{a: {}}", "{'f:a': 1}", "{'k:x': {}}", "{'i:x': {}}", "{'v:': {}}"})
  void whatIsNotInThatFormIsRefused(String yaml) {
    var json = Yaml.parse(yaml);

    assertThatThrownBy(() -> FieldSet.decode(json)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFieldAndWhatIsBelowItAreDifferentThings() {
    assertThat(A.minus(AB)).isEqualTo(A);
    assertThat(AB.minus(A)).isEqualTo(AB);
    assertThat(A.intersect(AB).isEmpty()).isTrue();
    assertThat(A.union(AB).paths()).containsExactly(".a", ".a.b");
    assertThat(A.union(AB).minus(A)).isEqualTo(AB);
    assertThat(A.union(AB).intersect(AB)).isEqualTo(AB);
  }

  @Test
  void theSetWithoutAnythingWritesAsAnEmptyObject() {
    assertThat(AB.minus(AB)).isEqualTo(FieldSet.EMPTY);
    assertThat(FieldSet.EMPTY.encode()).isEqualTo(Json.object());
    assertThat(FieldSet.decode(Json.object()).isEmpty()).isTrue();
  }
}
