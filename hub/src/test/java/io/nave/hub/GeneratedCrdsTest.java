package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ResourceType;
import io.nave.api.schema.Crds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// - Goal: `deploy/crds` is what the records say.
/// - Method: generate again and compare; `-Dgolden.update` writes instead.
class GeneratedCrdsTest {
  private static final Path FOLDER = Path.of("..", "deploy", "crds");

  @Test
  void theCommittedCrdsAreWhatTheRecordsSay() throws IOException {
    var generated = new TreeMap<String, String>();
    for (var kind : HubKinds.published()) {
      generated.put(ResourceType.of(kind).resource() + ".yaml", Crds.yaml(kind));
    }
    if (System.getProperty("golden.update") != null) {
      for (var file : generated.entrySet()) {
        Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
      }
    }

    var committed = new TreeMap<String, String>();
    try (var files = Files.list(FOLDER)) {
      for (var file : files.toList()) {
        committed.put(file.getFileName().toString(), Files.readString(file));
      }
    }

    assertThat(committed)
        .as("deploy/crds; to renew: ./mvnw -pl hub test -Dtest=GeneratedCrdsTest -Dgolden.update")
        .isEqualTo(generated);
  }
}
