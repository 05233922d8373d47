package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FramesTest {
  private final Frames frames = new Frames();
  private final byte[] object = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

  @Test
  void aLineIsOneJsonObject() {
    assertThat(frames.line("ADDED", object))
        .asString()
        .isEqualTo("{\"type\":\"ADDED\",\"object\":{\"a\":1}}\n");
  }

  @Test
  void watchersOfOneEventShareItsLine() {
    assertThat(frames.line("MODIFIED", object)).isSameAs(frames.line("MODIFIED", object));
  }

  @Test
  void theSameObjectMayBeNewToOneAndChangedToAnother() {
    frames.line("MODIFIED", object);

    assertThat(frames.line("ADDED", object)).asString().startsWith("{\"type\":\"ADDED\"");
  }

  @Test
  void equalBytesOfAnotherObjectAreNoReasonToShare() {
    var other = "{\"a\":2}".getBytes(StandardCharsets.UTF_8);
    frames.line("ADDED", object);

    assertThat(frames.line("ADDED", other)).asString().contains("\"a\":2");
  }
}
