package io.nave.apiserver.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Frames as real clients sent them: kubectl 1.32, and kube-controller-manager 1.20 for the lease,
/// the event and the delete options. Each `name.pb` has its `name.json`; `-Dgolden.update` writes
/// the latter.
class ProtobufBodyTest {
  private static final Path FRAMES = Path.of("src/test/resources/io/nave/apiserver/protobuf");

  static List<Path> frames() throws IOException {
    try (Stream<Path> files = Files.list(FRAMES)) {
      return files.filter(file -> file.toString().endsWith(".pb")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aRecordedFrameIsTheJsonItStandsFor(Path frame) throws IOException {
    var decoded = ProtobufBody.decode(Files.readAllBytes(frame));
    var expected = frame.resolveSibling(frame.getFileName().toString().replace(".pb", ".json"));
    if (System.getProperty("golden.update") != null) {
      var pretty = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(decoded);
      Files.writeString(expected, pretty + "\n");
    }
    assertThat((JsonNode) decoded).isEqualTo(Json.parse(Files.readAllBytes(expected)));
  }
}
