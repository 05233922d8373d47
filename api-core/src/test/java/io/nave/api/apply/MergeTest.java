package io.nave.api.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MergeTest {
  /// The live value, what is applied, and what comes of it.
  static Stream<String[]> specs() {
    return Stream.of(
        row("{colour: red, size: 1}", "{colour: blue}", "{colour: blue, size: 1}"),
        row("{tags: {a: x}}", "{tags: {b: y}}", "{tags: {a: x, b: y}}"),
        row("{frozen: {a: x}}", "{frozen: {b: y}}", "{frozen: {b: y}}"),
        row("{words: [a, b]}", "{words: [c]}", "{words: [c]}"),
        row("{marks: [a, b]}", "{marks: [c, a]}", "{marks: [c, a, b]}"),
        row("{any: {a: {b: 1}}}", "{any: {a: {c: [2]}}}", "{any: {a: {b: 1, c: [2]}}}"),
        row("{any: {a: [1]}}", "{any: {a: [2]}}", "{any: {a: [2]}}"),
        row("{any: {a: 1}}", "{any: {a: {b: 2}}}", "{any: {a: {b: 2}}}"),
        row("{tags: {}}", "{tags: {}}", "{tags: {}}"),
        row(
            "{tails: [{name: a, side: left, length: 1}, {name: b, side: left}]}",
            "{tails: [{name: a, length: 2}, {name: a, side: right}]}",
            "{tails: [{name: a, side: left, length: 2}, {name: b, side: left},"
                + " {name: a, side: right}]}"),
        row(
            "{inner: {kind: X, metadata: {labels: {a: x}}}}",
            "{inner: {metadata: {labels: {b: y}}}}",
            "{inner: {kind: X, metadata: {labels: {a: x, b: y}}}}"));
  }

  private static String[] row(String... cells) {
    return cells;
  }

  @ParameterizedTest
  @MethodSource("specs")
  void joinsWhatTheSchemaTakesApart(String live, String applied, String merged) {
    assertThat(Merge.of(Kite.of(live), Kite.of(applied), Kite.SHAPE)).isEqualTo(Kite.of(merged));
  }

  /// Orders as structured-merge-diff leaves them.
  @ParameterizedTest
  @CsvSource({
    "'a,b,c', 'a,b,c', 'a,b,c'",
    "'a,b,c', 'c,a', 'b,c,a'",
    "'a,b', 'x,b', 'a,x,b'",
    "'a,b', 'b,x', 'a,b,x'",
    "'a,b', 'x', 'a,b,x'",
    "'b,a', 'a,b', 'a,b'",
    "'a,x,b', 'b,a', 'x,b,a'",
    "'a,b,c,d', 'd,e,b', 'a,c,d,e,b'"
  })
  void theAppliedOrderHoldsForWhatBothHave(String live, String applied, String merged) {
    var marks = Merge.of(marks(live), marks(applied), Kite.SHAPE);

    assertThat(marks).isEqualTo(marks(merged));
  }

  private static tools.jackson.databind.JsonNode marks(String marks) {
    return Kite.of("{marks: [" + marks + "]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{colour: red, size: 1} | {'f:spec': {'f:size': {}}} | {colour: red}",
        "{tags: {a: x, b: y}} | {'f:spec': {'f:tags': {'f:a': {}}}} | {tags: {b: y}}",
        "{tags: {a: x}, size: 1} | {'f:spec': {'f:tags': {'f:a': {}}}} | {size: 1}",
        "{marks: [a, b]} | {'f:spec': {'f:marks': {'v:\"a\"': {}}}} | {marks: [b]}",
        "{frozen: {a: x}} | {'f:spec': {'f:frozen': {'f:a': {}}}} | {frozen: {a: x}}",
        "{words: [a], size: 1} | {'f:spec': {'f:words': {}}} | {size: 1}"
      })
  void removesFields(String live, String fields, String left) {
    var gone = FieldSet.decode(Yaml.parse(fields));

    assertThat(Removal.of(Kite.of(live), gone, Kite.SHAPE)).isEqualTo(Kite.of(left));
  }
}
