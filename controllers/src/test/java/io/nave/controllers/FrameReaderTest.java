package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FrameReaderTest {
  private static final String TEXT = "{\"a\":1}\n\n{\"b\":\"ä\"}\r\n{}\n{\"begun\":";

  @Test
  void cutsAtNewlinesWhereverThePiecesEnd() {
    var bytes = bytes(TEXT);
    for (var first = 0; first <= bytes.length; first++) {
      for (var second = first; second <= bytes.length; second++) {
        var reader = new FrameReader(100);
        var frames = new ArrayList<String>();
        read(reader, java.util.Arrays.copyOfRange(bytes, 0, first), frames);
        read(reader, java.util.Arrays.copyOfRange(bytes, first, second), frames);
        read(reader, java.util.Arrays.copyOfRange(bytes, second, bytes.length), frames);
        assertThat(frames).containsExactly("{\"a\":1}", "{\"b\":\"ä\"}\r", "{}");
        assertThat(reader.begun()).isTrue();
      }
    }
  }

  @Test
  void cutsAtNewlinesByteByByte() {
    var reader = new FrameReader(100);
    var frames = new ArrayList<String>();
    for (var b : bytes(TEXT)) {
      read(reader, new byte[] {b}, frames);
    }
    assertThat(frames).containsExactly("{\"a\":1}", "{\"b\":\"ä\"}\r", "{}");
  }

  @Test
  void acceptsAFrameOfTheLongestLengthAndRefusesALongerOne() {
    var reader = new FrameReader(8);
    var frames = new ArrayList<String>();
    read(reader, bytes("1234"), frames);
    read(reader, bytes("5678\n12345678"), frames);
    assertThat(frames).containsExactly("12345678");
    reader.feed(bytes("9"));
    assertThatThrownBy(reader::next)
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> assertThat(e.reason()).isEqualTo(ApiError.Reason.REQUEST_ENTITY_TOO_LARGE))
        .hasMessageContaining("longer than 8 bytes");
  }

  @Test
  void doesNotLoseAPieceThatWasNotReadToItsEnd() {
    var reader = new FrameReader(8);
    reader.feed(bytes("a\nb\n"));
    assertThat(reader.next()).isEqualTo(bytes("a"));
    assertThatThrownBy(() -> reader.feed(bytes("c\n"))).isInstanceOf(IllegalStateException.class);
  }

  private static void read(FrameReader reader, byte[] piece, List<String> frames) {
    reader.feed(piece);
    for (var frame = reader.next(); frame != null; frame = reader.next()) {
      frames.add(new String(frame, StandardCharsets.UTF_8));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
