package io.nave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `?labelSelector=` takes, as Kubernetes does.
final class LabelSelectorTest {
  private static Map<String, String> labels(String text) {
    var labels = new LinkedHashMap<String, String>();
    for (var pair : text.split(";")) {
      labels.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return labels;
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      textBlock =
          """
          a=b            | a=b     | true
          a==b           | a=c     | false
          a!=b           | x=y     | true
          a in (b, c)    | a=c     | true
          a notin (b,c)  | a=c     | false
          a              | a=      | true
          !a             | a=b     | false
          a=b,c          | a=b;c=d | true
          n>5            | n=6     | true
          n > 5          | n=5     | false
          n<5            | n=-4    | true
          n<5            | n=x     | false
          n<5            | x=1     | false
          a=b,n>1        | a=b;n=2 | true
          """)
  void selects(String selector, String labels, boolean selected) {
    assertThat(LabelSelector.parse(selector).matches(labels(labels))).isEqualTo(selected);
    var again = Selection.parse(selector, "").labelQuery();
    assertThat(LabelSelector.parse(again).matches(labels(labels))).as(again).isEqualTo(selected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=b c", "n>x", "n>", ">5", "n>5.5", "a in b", "a,,b", "-a", "a=b,!"})
  void refusesWhatIsNone(String selector) {
    assertThatThrownBy(() -> LabelSelector.parse(selector))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("unable to parse requirement");
  }

  @Test
  void numbersAreComparedOnlyInTexts() {
    var written =
        new LabelSelector(
            Map.of(), List.of(new LabelSelector.Requirement("n", "Gt", List.of("5"))));
    assertThat(written.fault()).contains("\"Gt\" is not a valid label selector operator");
  }
}
