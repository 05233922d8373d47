package io.nave.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest {
  private static final String STREAM =
      "{\"type\":\"ADDED\",\"object\":{\"a\":\"ü\"}}\n"
          + "{\"type\":\"BOOKMARK\",\"object\":{}}\n"
          + "{\"type\":\"DELETED\",\"object\":{}}\n";

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 40, 41, 1_000})
  void eventsAreFoundHoweverTheStreamIsCut(int size) {
    List<String> types = new ArrayList<>();
    var events = new Events(event -> types.add(event.path("type").asString()), _ -> {});
    var bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    for (var from = 0; from < bytes.length; from += size) {
      events.bytes(java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
    }

    assertThat(types).containsExactly("ADDED", "BOOKMARK", "DELETED");
  }
}
