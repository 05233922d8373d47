package io.nave.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlLinesTest {
  private static final String TEXT =
      """
      # a comment
      kind: A
      spec:
        list:
          - name: x
          - {name: y,
             other: z}
        text: >-
          more
          lines
      ---
      ---
      kind: B
      metadata: &m {labels: {a.b/c: d}}
      again: *m
      """;

  @ParameterizedTest(name = "{0} {1} -> {2}")
  @CsvSource({
    "0, '', 2",
    "0, kind, 2",
    "0, spec.list, 4",
    "0, spec.list[0].name, 5",
    "0, spec.list[1].other, 7",
    "0, spec.list[1].gone.deeper, 6",
    "0, spec.text, 8",
    "0, gone, 2",
    "1, kind, 13",
    "1, metadata.labels.a.b/c, 14",
    "1, again.labels, 15",
    "2, kind, 1",
  })
  void areThoseOfKeysAndElements(int document, String path, int line) {
    assertThat(YamlLines.of(TEXT).line(document, path)).isEqualTo(line);
  }
}
