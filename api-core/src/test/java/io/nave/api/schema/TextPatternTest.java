package io.nave.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextPatternTest {
  @ParameterizedTest(name = "{0} in {1}: {2}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          ^a$           ; a    ; true
          ^a$           ; xa   ; false
          a             ; xax  ; true
          [a$]          ; $    ; true
          a\\$          ; a$   ; true
          ^[[:alpha:]]+$ ; aB  ; true
          ^[[:alpha:]]+$ ; a1  ; false
          ^[[:^digit:]]$ ; 1   ; false
          ^[]a]+$       ; ]a   ; true
          ^[^]a]+$      ; b]   ; false
          ^[[a]+$       ; [a   ; true
          ^[a&&b]+$     ; a&   ; true
          ^(?P<n>a)$    ; a    ; true
          ^\\d{2}$      ; 12   ; true
          """)
  void readsRe2(String pattern, String text, boolean found) {
    assertThat(TextPattern.of(pattern).isIn(text)).isEqualTo(found);
  }

  @Test
  void endsAtTheVeryEnd() {
    assertThat(TextPattern.of("^a$").isIn("a\n")).isFalse();
  }

  @Test
  void looksAtNoTextBeyondItsBound() {
    assertThat(TextPattern.of("a").isIn("a".repeat(TextPattern.LENGTH_MAX))).isTrue();
    assertThat(TextPattern.of("a").isIn("a".repeat(TextPattern.LENGTH_MAX + 1))).isFalse();
  }

  @Test
  void givesUpOnPatternsThatRecurseTooDeep() {
    assertThat(TextPattern.of("^(a|b)*$").isIn("ab".repeat(40))).isTrue();
    assertThat(TextPattern.of("^(a|b|(c))*d$").isIn("abc".repeat(3_000))).isFalse();
  }
}
