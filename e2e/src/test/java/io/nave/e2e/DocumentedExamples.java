package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/// The examples of the documentation, all at once, on a hub with the clusters `east` and `west`:
/// what they say of other clusters is said of these two.
final class DocumentedExamples {
  /// All of them together; a slow machine with other work takes a minute.
  private static final Duration AT_MOST = Duration.ofMinutes(4);

  private static final String RUNNING = "running";
  private static final String WAITS = "workflowSuspending";

  /// What examples are made of.
  private static final String KINDS =
      "deployments,statefulsets,services,configmaps,jobs,cronjobs,persistentvolumeclaims";

  private final Kubectl onHub;
  private final String text = text();

  DocumentedExamples(Kubectl onHub) {
    this.onHub = onHub;
  }

  private static String text() {
    var all = new StringJoiner("\n---\n");
    try (var files = Files.list(Path.of("..", "docs", "examples"))) {
      for (var file : files.sorted().toList()) {
        all.add(Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the examples", e);
    }
    return all.toString()
        .replace("north", "west")
        .replace("{env: dev}", "{region: east}")
        .replace("{env: test}", "{region: west}");
  }

  void apply() {
    onHub.apply(text);
  }

  /// How far each gets by itself.
  Map<String, String> expected() {
    var expected = new TreeMap<String, String>();
    for (var each : Yaml.parseAll(text)) {
      if (each.path("kind").asString("").equals("Application")) {
        expected.put(each.at("/metadata/name").asString(""), RUNNING);
      }
    }
    assertThat(expected).hasSizeGreaterThanOrEqualTo(16);
    expected.put("canary", WAITS);
    expected.put("shop", WAITS);
    expected.put("fails", "runningWorkflow");
    return expected;
  }

  /// Waits until each is where it should be.
  void await(Map<String, String> expected, ActingKubelet kubelet) {
    var last = new AtomicReference<>(Map.<String, String>of());
    Until.present(
        "the examples",
        AT_MOST,
        () -> {
          kubelet.look();
          last.set(phases());
          return last.get().equals(expected) ? Optional.of(true) : Optional.empty();
        },
        () -> "; expected " + expected + ", last seen " + last.get());
  }

  private Map<String, String> phases() {
    var phases = new TreeMap<String, String>();
    for (var each : onHub.json("get", "applications", "-n", "default").path("items")) {
      phases.put(each.at("/metadata/name").asString(""), each.at("/status/status").asString(""));
    }
    return phases;
  }

  /// That the clusters have what applications that run are said to have there.
  void requireDelivered(Map<String, Kubectl> clusters) {
    var said = new TreeMap<String, TreeSet<String>>();
    for (var each : onHub.json("get", "applications", "-n", "default").path("items")) {
      if (each.at("/status/status").asString("").equals(RUNNING)) {
        for (var one : each.at("/status/appliedResources")) {
          said.computeIfAbsent(one.path("cluster").asString(""), _ -> new TreeSet<>())
              .add(line(one.path("kind").asString(""), one));
        }
      }
    }
    assertThat(said.keySet()).isEqualTo(new TreeSet<>(clusters.keySet()));
    said.forEach((cluster, objects) -> {
      var there = new TreeSet<String>();
      for (var each : clusters.get(cluster).json("get", KINDS, "-A").path("items")) {
        there.add(line(each.path("kind").asString(""), each.path("metadata")));
      }
      assertThat(there).as("objects on " + cluster).containsAll(objects);
    });
  }

  private static String line(String kind, JsonNode where) {
    return kind
        + " "
        + where.path("namespace").asString("")
        + "/"
        + where.path("name").asString("");
  }

  /// Deletes them, and waits until they are gone.
  void remove() {
    onHub.run(text, "delete", "-f", "-", "--ignore-not-found", "--wait=false").ok();
    Until.equals("no example to be left", Map.of(), this::phases);
  }
}
