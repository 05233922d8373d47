package io.nave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
  @Test
  void fieldsAreWantedOrNot() {
    var selection = Selection.parse("", "metadata.name=a,spec.b==c, spec.d!=e,");

    assertThat(selection.fields()).isEqualTo(Map.of("metadata.name", "a", "spec.b", "c"));
    assertThat(selection.without()).isEqualTo(List.of(new Selection.Unwanted("spec.d", "e")));
    assertThat(selection.fieldQuery()).isEqualTo("metadata.name=a,spec.b=c,spec.d!=e");
  }

  @Test
  void whatSeparatesStandsInValuesBehindABackslash() {
    var text = "spec.a=b\\,c\\=d\\\\";

    var selection = Selection.parse("", text);

    assertThat(selection.fields()).isEqualTo(Map.of("spec.a", "b,c=d\\"));
    assertThat(selection.fieldQuery()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a     | invalid selector: 'a'; can't understand 'a'",
        "=a    | invalid selector: '=a'; can't understand '=a'",
        "! =a  | invalid selector: '! =a'; can't understand '! =a'",
        "a===  | invalid field selector: unescaped character in value: =",
        "a=\\b | invalid field selector: invalid escape sequence: \\b",
        "a=b\\ | invalid field selector: invalid escape sequence: \\"
      })
  void whatCannotBeReadIsNamed(String text, String message) {
    assertThatThrownBy(() -> Selection.parse("", text))
        .isInstanceOf(ApiError.class)
        .hasMessage(message);
  }
}
