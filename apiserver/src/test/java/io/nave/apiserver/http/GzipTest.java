package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GzipTest {
  private static final byte[] LARGE =
      "0123456789abcdef".repeat(16_384).getBytes(StandardCharsets.UTF_8);

  private static Transport.Request accepting(String encodings) {
    return new Transport.Request("GET", "/", Map.of("accept-encoding", encodings), new byte[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "gzip, 200000, true",
    "'deflate, gzip;q=0.5', 200000, true",
    "gzip, 131071, false",
    "gzip;q=0, 200000, false",
    "identity, 200000, false"
  })
  void compressesLargeAnswersForThoseWhoTakeThem(String encodings, int bytes, boolean compressed) {
    var reply = Gzip.apply(accepting(encodings), Replies.json(200, new byte[bytes]));

    assertThat(reply).isInstanceOf(Service.Reply.Full.class);
    var full = ((Service.Reply.Full) reply).response();
    assertThat(full.headers().containsKey("content-encoding")).isEqualTo(compressed);
    assertThat(full.body().length < bytes).isEqualTo(compressed);
  }

  @Test
  void aLargeListIsTheSameAfterwards() throws IOException {
    var pieces = Stream.generate(() -> LARGE).limit(9).iterator();

    var reply = Gzip.apply(accepting("gzip"), new Chunks(pieces).reply());

    var stream = (Service.Reply.Streaming) reply;
    assertThat(stream.headers()).containsEntry("content-encoding", "gzip");
    var packed = new ByteArrayOutputStream();
    while (!stream.feed().ended()) {
      var piece = stream.feed().next(Duration.ZERO);
      packed.writeBytes(piece == null ? new byte[0] : piece);
    }
    assertThat(packed.size()).isLessThan(LARGE.length);
    var plain = new GZIPInputStream(new ByteArrayInputStream(packed.toByteArray())).readAllBytes();
    assertThat(plain).hasSize(9 * LARGE.length).startsWith(LARGE).endsWith(LARGE);
  }

  @Test
  void aWatchIsLeftAsItIs() {
    var watch = Replies.stream(new Chunks(Stream.of(LARGE).iterator()));

    assertThat(Gzip.apply(accepting("gzip"), watch)).isSameAs(watch);
  }
}
