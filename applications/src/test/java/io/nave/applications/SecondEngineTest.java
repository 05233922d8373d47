package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.DefinitionEngine;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Edit;
import io.nave.applications.definitions.LivePath;
import io.nave.applications.definitions.Role;
import io.nave.applications.policies.Treatments;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: definitions in another language, such as CUE, fit beside ours (DESIGN D10): through
///   understanding, rendering, feedback rules and health.
/// - Method: an engine whose language is single words.
class SecondEngineTest {
  /// `config` is a component of one ConfigMap, `stamp` a trait that labels it and its own output.
  private static final class Words implements DefinitionEngine {
    @Override
    public boolean reads(ObjectNode manifest) {
      return manifest.path("spec").path("schematic").has("words");
    }

    @Override
    public Definition read(ObjectNode manifest) {
      var name = manifest.path("metadata").path("name").asString("");
      return manifest.path("kind").asString("").equals(Role.TRAIT.kind())
          ? new Word(name, Role.TRAIT)
          : new Word(name, Role.COMPONENT);
    }
  }

  private record Word(String name, Role role) implements Definition {
    @Override
    public ObjectNode schema() {
      return Json.object().put("type", "object");
    }

    @Override
    public Parameters check(@Nullable JsonNode properties, String path) {
      var value = properties instanceof ObjectNode object ? object : Json.object();
      return new Parameters(value, List.of(), List.of());
    }

    @Override
    public Rendering render(ObjectNode parameter, ObjectNode context) {
      if (role == Role.TRAIT) {
        var label = Json.object();
        label
            .putObject("metadata")
            .putObject("labels")
            .put("stamp", context.path("name").asString(""));
        return new Rendering(null, Map.of(), List.of(new Edit(MAIN, Edit.Form.MERGE, label)));
      }
      var object = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
      object.set("data", parameter);
      return new Rendering(object, Map.of(), List.of());
    }

    @Override
    public SortedMap<String, List<LivePath>> livePaths(Map<String, ObjectNode> kinds) {
      var paths = new TreeMap<String, List<LivePath>>();
      paths.put(MAIN, List.of(LivePath.field(List.of("data", "state"))));
      return paths;
    }

    @Override
    public Health health(ObjectNode parameter, ObjectNode context, Map<String, ObjectNode> live) {
      var state = live.getOrDefault(MAIN, Json.object()).at("/data/state").asString("");
      return new Health(state.equals("good"), "state " + state);
    }
  }

  private static final Definitions BOTH =
      Definitions.of(
          List.of(new Words()),
          Yaml.parseAll(
              """
              kind: ComponentDefinition
              metadata: {name: config}
              spec: {schematic: {words: {}}}
              ---
              kind: TraitDefinition
              metadata: {name: stamp}
              spec: {schematic: {words: {}}}
              """));

  @Test
  void rendersAndIsReadBack() {
    // Given
    var application =
        Samples.web(
            "components: [{name: notes, type: config, properties: {state: good}, traits: [{type:"
                + " stamp}]}]");
    var blueprint = Blueprint.of(application, BOTH);
    assertThat(blueprint.faults()).isEmpty();
    // When
    var rendered =
        new Renderer(application, Samples.fleet("east"))
            .render(blueprint.components().getFirst(), new Target("east", "shop", false));
    // Then
    assertThat(rendered.main().at("/data/state").asString("")).isEqualTo("good");
    assertThat(rendered.main().at("/metadata/labels/stamp").asString("")).isEqualTo("notes");
    assertThat(rendered.pieces().getFirst().live())
        .extracting(LivePath::jsonPath)
        .containsExactly(".data.state");
    var fleet = Samples.fleet("east");
    var plain = Treatments.of(List.of());
    var works = Works.of(application, List.of(rendered), true, plain, List.of(), fleet).works();
    var work = FakeAgent.stored(works.values().iterator().next(), 1);
    var reported = FakeAgent.reported(work, object -> object);
    var service = new Health(List.of(reported), Samples.fleet("east")).of(rendered);
    assertThat(service.healthy()).isTrue();
    assertThat(service.message()).isEqualTo("state good");
  }
}
