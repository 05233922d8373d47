package io.nave.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Yaml;
import io.nave.placement.api.AddOnPlacementScore;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.placement.schedule.ClusterRow;
import io.nave.placement.schedule.Engine;
import io.nave.placement.schedule.WhatIf;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: what people write, and what happens to their clusters, becomes exactly these decisions,
///   in exactly these words.
/// - Method: each folder of `golden/` is a story in steps. `in-1.yaml` is there when the hub
///   starts, `in-2.yaml` and so on happen one after the other: objects come or change, `{kind:
///   Delete, of, name}` takes one away, `{kind: Clock, seconds}` lets time pass, `{kind: WhatIf,
///   placement, changes}` asks. `out-N.yaml` holds what then stands: each Placement's status and
///   decisions, and the answers. `-Dgolden.update` writes them anew; a file nobody reads fails.
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
  void comesOutAsExpected(String name) throws IOException {
    var folder = ROOT.resolve(name);
    var output = new TreeMap<String, String>();
    var story = new Story();
    for (var step = 1; Files.exists(folder.resolve("in-" + step + ".yaml")); step++) {
      var input = Files.readString(folder.resolve("in-" + step + ".yaml"));
      output.put("out-" + step + ".yaml", Yaml.writeAll(story.step(Yaml.parseAll(input))));
    }
    if (System.getProperty("golden.update") != null) {
      update(folder, output);
    }
    assertThat(others(folder, output.size())).isEqualTo(output);
  }

  /// All files but the steps that were read.
  private static TreeMap<String, String> others(Path folder, int steps) throws IOException {
    var found = new TreeMap<String, String>();
    try (Stream<Path> files = Files.list(folder)) {
      for (var file : files.toList()) {
        found.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    for (var step = 1; step <= steps; step++) {
      found.remove("in-" + step + ".yaml");
    }
    return found;
  }

  private static void update(Path folder, TreeMap<String, String> output) throws IOException {
    for (var file : output.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  /// A hub's scheduler with what the API would hold for it.
  private static final class Story {
    private final Engine engine = new Engine(new CelExpressions());
    private final TreeMap<Key, Placement> placements = new TreeMap<>();
    private final TreeMap<Key, List<PlacementDecision>> decisions = new TreeMap<>();
    private final List<JsonNode> answers = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    List<JsonNode> step(List<ObjectNode> objects) {
      answers.clear();
      objects.forEach(this::happen);
      if (!engine.begun()) {
        engine.begin(now);
      }
      engine.tick(now);
      for (var key : engine.drain()) {
        write(key);
      }
      var shown = new ArrayList<JsonNode>();
      placements.forEach((key, placement) -> {
        shown.add(shown(placement));
        decisions.getOrDefault(key, List.of()).forEach(each -> shown.add(shown(each)));
      });
      shown.addAll(answers);
      return shown;
    }

    private void happen(ObjectNode object) {
      switch (object.path("kind").asString("")) {
        case "ManagedCluster" -> {
          var document = ApiObject.of(object);
          engine.cluster(
              ClusterRow.of(Codec.decode(document, ManagedCluster.class), document), now);
        }
        case "ManagedClusterSet" -> engine.set(Codec.decode(object, ManagedClusterSet.class), now);
        case "ManagedClusterSetBinding" -> {
          var key = ApiObject.of(object).key();
          engine.bound(key.namespace(), key.name(), now);
        }
        case "AddOnPlacementScore" -> {
          var score = Codec.decode(object, AddOnPlacementScore.class);
          engine.score(score.key(), score, now);
        }
        case "Placement" -> place(Codec.decode(object, Placement.class));
        case "PlacementDecision" -> observe(Codec.decode(object, PlacementDecision.class));
        case "Delete" -> delete(object.path("of").asString(""), ApiObject.of(object));
        case "Clock" -> now = now.plusSeconds(object.path("seconds").asInt(0));
        case "WhatIf" -> ask(object);
        case String kind -> throw new AssertionError("nobody reads the kind " + kind);
      }
    }

    /// As the API would: a status is not taken from whoever writes a spec.
    private void place(Placement given) {
      var before = placements.get(given.key());
      var placement =
          before == null ? given : new Placement(given.metadata(), given.spec(), before.status());
      placements.put(placement.key(), placement);
      engine.placement(placement, now);
    }

    private void observe(PlacementDecision decision) {
      var key = HubPlacementWorld.placementOf(decision);
      decisions.computeIfAbsent(key, _ -> new ArrayList<>()).add(decision);
      engine.observed(
          key, decisions.get(key).stream().flatMap(d -> d.status().decisions().stream()).toList());
    }

    private void delete(String kind, ApiObject what) {
      switch (kind) {
        case "ManagedCluster" -> engine.clusterGone(what.name(), now);
        case "ManagedClusterSet" -> engine.setGone(what.name(), now);
        case "ManagedClusterSetBinding" -> engine.unbound(what.namespace(), what.name(), now);
        case "AddOnPlacementScore" -> engine.score(what.key(), null, now);
        default -> throw new AssertionError("nobody deletes the kind " + kind);
      }
    }

    private void ask(ObjectNode question) {
      engine.tick(now);
      var key =
          Key.of(
              question.path("namespace").asString("apps"), question.path("placement").asString(""));
      var answer = Json.object().put("kind", "Answer");
      var differences = answer.putArray("decisions");
      for (var each : WhatIf.ask(engine, WhatIf.parse(question.path("changes"), key), now)) {
        differences.add(Json.tree(each));
      }
      answers.add(answer);
    }

    private void write(Key key) {
      var placement = placements.get(key);
      if (placement == null) {
        throw new AssertionError("nobody made " + key);
      }
      var change =
          PlacementReconciler.decide(
              placement,
              decisions.getOrDefault(key, List.of()),
              engine.desired(key).orElseThrow(),
              now);
      placements.put(key, new Placement(placement.metadata(), placement.spec(), change.status()));
      decisions.put(key, change.stands());
    }

    private static JsonNode shown(Placement placement) {
      var shown = Json.object().put("kind", "Placement").put("name", placement.key().toString());
      return shown.set("status", Json.tree(placement.status()));
    }

    private static JsonNode shown(PlacementDecision decision) {
      var shown = Json.object().put("kind", "PlacementDecision");
      shown.put("name", decision.metadata().name());
      shown.set("labels", Json.tree(decision.metadata().labels()));
      return shown.set("decisions", Json.tree(decision.status().decisions()));
    }
  }
}
