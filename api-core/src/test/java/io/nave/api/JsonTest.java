package io.nave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'a':1,'a':2}                            | {'a':2}                  | [a]",
        "{'a':{'b':1,'c':[[],{'d':1,'d':{}}]}}    | {'a':{'b':1,'c':[[],{'d':{}}]}} | [a.c[1].d]",
        "[{'a':1},{'a':1,'a':3,'a':4}]            | [{'a':1},{'a':4}]        | [[1].a, [1].a]",
        "{'a':[{'x':1,'x':1}],'a':[1,[2,{'y':0,'y':5}]]} | {'a':[1,[2,{'y':5}]]} | [a[0].x, a, a[1][1].y]",
        "{'a':1,'b':{'a':1}}                      | {'a':1,'b':{'a':1}}      | []",
      })
  void theLastOfTwoFieldsCountsForWhoAsksSo(String json, String read, String twice) {
    var found = new ArrayList<String>();
    assertThat(Json.parse(bytes(json), found::add)).isEqualTo(Json.parse(bytes(read)));
    assertThat(found).hasToString(twice);
    if (!found.isEmpty()) {
      assertThatThrownBy(() -> Json.parse(bytes(json))).isInstanceOf(ApiError.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{'a':1,'a':", "{'a':1,'a':2} x", "{'a':1,'a':1e999}", "nonsense"})
  void whatIsNoJsonIsNoneForThemEither(String json) {
    assertThatThrownBy(() -> Json.parse(bytes(json), _ -> {}))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("not valid JSON");
  }
}
