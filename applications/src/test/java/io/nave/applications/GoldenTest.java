package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: what people write becomes exactly what clusters get, and is reported in exact words.
/// - Method: each folder of `golden/` holds an Application and its surroundings (`in-*.yaml`), the
///   works it becomes (`out-works.yaml`, if any) and its first status (`out-status.yaml`).
///   `-Dgolden.update` writes the expected files anew.
class GoldenTest {
  private static final Path ROOT = Path.of("src/test/resources/golden");
  private static final int CASES_MIN = 10;

  static List<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void hasCases() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(CASES_MIN);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersAsExpected(String name) throws IOException {
    // Given
    var input = read(ROOT.resolve(name));
    // When
    var change = Samples.decide(input.application(), input.works(), input.fleet());
    // Then
    var output = new TreeMap<String, String>();
    var works = works(change);
    if (!works.isEmpty()) {
      output.put("out-works.yaml", Yaml.writeAll(works));
    }
    output.put("out-status.yaml", Yaml.write(Json.tree(change.status())));
    if (System.getProperty("golden.update") != null) {
      update(ROOT.resolve(name), output);
    }
    assertThat(expected(ROOT.resolve(name))).isEqualTo(output);
  }

  private record Input(Application application, List<ManifestWork> works, Fleet fleet) {}

  private static Input read(Path folder) throws IOException {
    var applications = new ArrayList<Application>();
    var clusters = new ArrayList<ManagedCluster>();
    var decisions = new ArrayList<PlacementDecision>();
    var works = new ArrayList<ManifestWork>();
    for (var file : files(folder, "in-")) {
      for (var object : Yaml.parseAll(Files.readString(file))) {
        switch (object.path("kind").asString("")) {
          case "Application" -> applications.add(held(object));
          case "ManagedCluster" -> clusters.add(Codec.decode(object, ManagedCluster.class));
          case "PlacementDecision" -> decisions.add(Codec.decode(object, PlacementDecision.class));
          case "ManifestWork" -> works.add(Codec.decode(object, ManifestWork.class));
          case String kind -> throw new AssertionError(file + ": nobody reads the kind " + kind);
        }
      }
    }
    assertThat(applications).as("applications in " + folder).hasSize(1);
    return new Input(applications.getFirst(), works, new Samples.FakeFleet(clusters, decisions));
  }

  private static Application held(ObjectNode object) {
    var application = Codec.decode(object, Application.class);
    return new Application(
        application.metadata().withFinalizers(List.of(ApplicationReconciler.FINALIZER)),
        application.spec(),
        application.status());
  }

  private static List<JsonNode> works(ApplicationReconciler.Change change) {
    var found = new ArrayList<JsonNode>();
    change.create().forEach(work -> found.add(labelled("create", work)));
    change.update().forEach(work -> found.add(labelled("update", work)));
    change.delete().forEach(work -> found.add(labelled("delete", work)));
    return found;
  }

  private static JsonNode labelled(String verb, ManifestWork work) {
    var key = Json.object().put("namespace", work.metadata().namespace());
    key.put("name", work.metadata().name());
    var shown = Json.object();
    shown.set(verb, key);
    if (!verb.equals("delete")) {
      key.set("labels", Json.tree(work.metadata().labels()));
      shown.set("spec", Json.tree(work.spec()));
    }
    return shown;
  }

  private static TreeMap<String, String> expected(Path folder) throws IOException {
    var found = new TreeMap<String, String>();
    try (Stream<Path> files = Files.list(folder)) {
      for (var file : files.toList()) {
        var name = file.getFileName().toString();
        if (!name.matches("in-.*\\.yaml")) {
          found.put(name, Files.readString(file));
        }
      }
    }
    return found;
  }

  private static void update(Path folder, TreeMap<String, String> output) throws IOException {
    for (var old : files(folder, "out-")) {
      Files.delete(old);
    }
    for (var file : output.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private static List<Path> files(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .filter(file -> file.getFileName().toString().endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }
}
