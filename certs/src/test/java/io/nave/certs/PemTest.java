package io.nave.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PemTest {
  @Test
  void whatWasEncodedIsReadBack() {
    var bytes = new byte[200];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    var block = new Pem("SOME THING", bytes);

    var read = Pem.split(block.encode() + "\r\n \n" + block.encode().replace("\n", "\r\n"));

    assertThat(read).hasSize(2);
    assertThat(read.get(1).label()).isEqualTo("SOME THING");
    assertThat(read.get(1).der()).isEqualTo(bytes);
    assertThat(block.encode().lines()).allMatch(line -> line.length() <= 64);
  }

  @Test
  void anEmptyTextHasNoBlocks() {
    assertThat(Pem.split("\n  \n")).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hello                                              | line 1 is outside any PEM block
          -----BEGIN A-----#AAAA                             | BEGIN A has no END line
          -----BEGIN A-----#AAAA#-----END B-----             | line 3: found END B inside the block BEGIN A
          -----BEGIN A-----#AAAA#-----BEGIN A-----           | line 3: found BEGIN A inside the block BEGIN A
          -----END A-----                                    | line 1: found END A without its BEGIN
          -----BEGIN A-----#A!AA#-----END A-----             | BEGIN A is not plain base64
          -----BEGIN A-----#Proc-Type: 4,E##AA#-----END A----- | decrypt it first
          -----BEGIN A-----#AAAA#-----END A-----#x           | line 4 is outside any PEM block
          """)
  void saysWhichLineIsWrong(String text, String message) {
    assertThatThrownBy(() -> Pem.split(text.replace('#', '\n')))
        .isInstanceOf(BadPem.class)
        .hasMessageContaining(message);
  }

  @Test
  void commentsAreSkippedOnlyWhereTheyAreAllowed() {
    var text = "# our CA\n" + new Pem("A", new byte[3]).encode() + "the end";

    assertThat(Pem.splitCommented(text)).hasSize(1);
    assertThatThrownBy(() -> Pem.split(text)).hasMessageContaining("line 1");
    // A boundary that is nearly one must not pass for a comment.
    assertThatThrownBy(() -> Pem.splitCommented("-----BEGIN A----\n")).isInstanceOf(BadPem.class);
  }

  @Test
  void aHugeTextIsRefusedUnread() {
    assertThatThrownBy(() -> Pem.split(" ".repeat(Pem.TEXT_CHARS_MAX + 1)))
        .hasMessageContaining("at most 1048576 characters");
  }

  @Test
  void printsItsSizeOnly() {
    assertThat(new Pem("PRIVATE KEY", new byte[] {1, 2, 3}))
        .hasToString("PEM PRIVATE KEY, 3 bytes");
  }
}
