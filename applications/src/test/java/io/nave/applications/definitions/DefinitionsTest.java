package io.nave.applications.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import io.nave.api.Yaml;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class DefinitionsTest {
  private static final KindHealth NO_KINDS = new KindHealth(List::of);

  private static Definition definition(String nave) {
    var manifest =
        """
        kind: ComponentDefinition
        metadata: {name: test}
        spec:
          schematic:
            nave:
        """
            + nave.indent(6);
    return Definitions.of(List.of(new NaveEngine(NO_KINDS)), Yaml.parseAll(manifest))
        .find(Role.COMPONENT, "test")
        .orElseThrow();
  }

  @Test
  void fillsInDefaultsAndTellsWhatItIgnores() {
    var checked =
        definition("parameter: {properties: {a: {type: integer, default: 1}}}")
            .check(Yaml.parse("{b: 2}"), "spec.components[0].properties");
    assertThat(checked.value()).isEqualTo(Json.parse("{\"a\":1}"));
    assertThat(checked.ignored()).containsExactly("spec.components[0].properties.b");
    assertThat(checked.faults()).isEmpty();
  }

  @Test
  void checksParametersThatAreCalledLikeMetadata() {
    var checked =
        definition("parameter: {properties: {kind: {type: integer}}, required: [kind]}")
            .check(Yaml.parse("{kind: x}"), "p.properties");
    assertThat(checked.faults()).hasSize(1);
    assertThat(checked.faults().getFirst().field()).isEqualTo("p.properties.kind");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          outptu: {}                             | has no part "outptu"; did you mean output?
          status: {healthy: x}                   | has no part "healthy"; did you mean health?
          parameter: {properties: {a: {type: string, pattern: '['}}} | parameter: the pattern "[" cannot be read
          """)
  void refusesADefinitionThatIsWrong(String nave, String message) {
    assertThatThrownBy(() -> definition(nave))
        .isInstanceOf(BadDefinition.class)
        .hasMessageStartingWith("ComponentDefinition test")
        .hasMessageContaining(message);
  }

  @Test
  void failsWithTheTextsTheDefinitionGives() {
    var failing = definition("errs: ['${parameter.?a}', 'always this']\noutput: {}");
    assertThatThrownBy(() -> failing.render(Json.object(), Json.object()))
        .isInstanceOf(RenderFault.class)
        .hasMessage("always this");
  }

  @Test
  void refusesToRenderWhatIsNoObject() {
    var wrong = definition("output: {kind: x}");
    assertThatThrownBy(() -> wrong.render(Json.object(), Json.object()))
        .isInstanceOf(RenderFault.class)
        .hasMessage(
            "ComponentDefinition test: output: expected a Kubernetes object with apiVersion and"
                + " kind");
  }

  @Test
  void letsFurtherObjectsSeeTheMainOne() {
    var rendering =
        definition(
                """
                output: {apiVersion: v1, kind: A, metadata: {name: x}}
                outputs:
                  b: {apiVersion: v1, kind: B, metadata: {name: '${context.output.metadata.name}-b'}}
                """)
            .render(Json.object(), Json.object());
    assertThat(rendering.outputs().get("b").at("/metadata/name").asString()).isEqualTo("x-b");
  }

  @Test
  void tellsDetailsThatHealthAndMessageRead() {
    var health =
        definition(
                """
                output: {}
                status:
                  details:
                    $ready: context.output.status.ready
                    ready: string(context.status.details["$ready"]) + " of 3"
                    list: '[1, 2]'
                    gone: context.output.status.gone
                  health: context.status.details["$ready"] == 3
                  message: 'context.status.healthy ? "fine" : "only " + context.status.details.ready'
                """)
            .health(
                Json.object(),
                Json.object(),
                Map.of(Definition.MAIN, (ObjectNode) Yaml.parse("{status: {ready: 2}}")));
    assertThat(health.healthy()).isFalse();
    assertThat(health.message()).isEqualTo("only 2 of 3");
    assertThat(health.details()).isEqualTo(Map.of("ready", "2 of 3", "list", "[1,2]"));
  }

  @Test
  void namesValuesThatTemplatesShare() {
    var rendering =
        definition(
                """
                let: {a: '${parameter.x + 1}', b: '${a * 2}'}
                output: {apiVersion: v1, kind: A, data: '${b}'}
                outputs:
                - c: {apiVersion: v1, kind: B}
                - {forEach: '${[a, b]}', as: e, key: 'd${e}', template: {apiVersion: v1, kind: C}}
                """)
            .render((ObjectNode) Yaml.parse("{x: 1}"), Json.object());
    assertThat(rendering.output()).isEqualTo(Yaml.parse("{apiVersion: v1, kind: A, data: 4}"));
    assertThat(rendering.outputs()).containsOnlyKeys("c", "d2", "d4");
  }

  @Test
  void patchesOutputsAndPods() {
    var trait =
        definition(
            """
            output: {apiVersion: v1, kind: A}
            patch: {a: 1}
            podPatch: {spec: {b: 2}}
            patchOutputs: {svc: {c: 3}}
            """);
    assertThat(trait.render(Json.object(), Json.object()).edits())
        .containsExactly(
            new Edit(Definition.MAIN, Edit.Form.MERGE, Yaml.parse("{a: 1}")),
            new Edit(Definition.MAIN, Edit.Form.POD, Yaml.parse("{spec: {b: 2}}")),
            new Edit("svc", Edit.Form.MERGE, Yaml.parse("{c: 3}")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {kind: Deployment, spec: {template: {spec: {a: 1}}}}                      |             | {kind: Deployment, spec: {template: {spec: {a: 1, b: 2}}}}
          {kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: {}}}}}}      |             | {kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: {b: 2}}}}}}
          {kind: Pod, spec: {a: 1}}                                                 |             | {kind: Pod, spec: {a: 1, b: 2}}
          {kind: Widget, run: {pods: {spec: {}}}}                                   | run.pods.spec | {kind: Widget, run: {pods: {spec: {b: 2}}}}
          """)
  void findsPodTemplates(String object, String path, String expected) {
    var edit = new Edit(Definition.MAIN, Edit.Form.POD, Yaml.parse("{spec: {b: 2}}"));
    assertThat(edit.applyTo((ObjectNode) Yaml.parse(object), path == null ? "" : path))
        .isEqualTo(Yaml.parse(expected));
  }

  @Test
  void refusesToPatchPodsWhereThereAreNone() {
    var edit = new Edit(Definition.MAIN, Edit.Form.POD, Yaml.parse("{spec: {b: 2}}"));
    var service = (ObjectNode) Yaml.parse("{kind: Service, metadata: {name: web}, spec: {}}");
    assertThatThrownBy(() -> edit.applyTo(service, ""))
        .isInstanceOf(RenderFault.class)
        .hasMessage("needs an object that runs pods; Service web has no pod template");
  }

  @Test
  void isUnhealthyWhenTheExpressionFails() {
    var health =
        definition("output: {}\nstatus: {health: context.output.status.gone == 1}")
            .health(Json.object(), Json.object(), Map.of(Definition.MAIN, Json.object()));
    assertThat(health.healthy()).isFalse();
    assertThat(health.message()).contains("key 'status' is not present");
  }

  /// - Goal: each manifest is read by the engine of its language; see SecondEngineTest for the
  ///   rest.
  @Test
  void takesAnotherEngine() {
    DefinitionEngine words =
        new DefinitionEngine() {
          @Override
          public boolean reads(ObjectNode manifest) {
            return manifest.path("spec").path("schematic").has("words");
          }

          @Override
          public Definition read(ObjectNode manifest) {
            return new Words(manifest.path("metadata").path("name").asString());
          }
        };
    var both =
        Definitions.of(
            List.of(new NaveEngine(NO_KINDS), words),
            Yaml.parseAll(
                """
                kind: ComponentDefinition
                metadata: {name: a}
                spec: {schematic: {words: {}}}
                ---
                kind: ComponentDefinition
                metadata: {name: b}
                spec: {schematic: {nave: {}}}
                """));
    assertThat(both.types(Role.COMPONENT)).containsExactly("a", "b");
    assertThat(both.find(Role.COMPONENT, "a")).get().isInstanceOf(Words.class);
  }

  @Test
  void refusesALanguageNobodyReads() {
    var manifest =
        Yaml.parseAll(
            "{kind: ComponentDefinition, metadata: {name: x}, spec: {schematic: {cue: {}}}}");
    assertThatThrownBy(() -> Definitions.of(List.of(new NaveEngine(NO_KINDS)), manifest))
        .isInstanceOf(BadDefinition.class)
        .hasMessage(
            "ComponentDefinition x: spec.schematic: is in no language this hub reads; expected"
                + " nave");
  }

  private record Words(String name) implements Definition {
    @Override
    public Role role() {
      return Role.COMPONENT;
    }

    @Override
    public ObjectNode schema() {
      return Json.object();
    }

    @Override
    public Parameters check(@Nullable JsonNode properties, String path) {
      return new Parameters(Json.object(), List.of(), List.of());
    }

    @Override
    public Rendering render(ObjectNode parameter, ObjectNode context) {
      return new Rendering(Json.object(), Map.of(), List.of());
    }

    @Override
    public SortedMap<String, List<LivePath>> livePaths(Map<String, ObjectNode> kinds) {
      return new TreeMap<>();
    }

    @Override
    public Health health(ObjectNode parameter, ObjectNode context, Map<String, ObjectNode> live) {
      return new Health(true, "");
    }
  }

  /// - Goal: a hub starts, and admits applications, without the half second that CEL takes to load.
  /// - Method: the same classes in a class loader that keeps a list.
  @Test
  void checksPropertiesWithoutLoadingCel() throws Exception {
    try (var loader = new ListingLoader()) {
      var admission =
          loader
              .loadClass("io.nave.applications.ApplicationAdmission")
              .getMethod("builtIn")
              .invoke(null);
      var type = loader.loadClass("io.nave.applications.api.Application");
      var codec = loader.loadClass("io.nave.api.Codec");
      var node = loader.loadClass("tools.jackson.databind.JsonNode");
      var yaml = loader.loadClass("io.nave.api.Yaml");
      var json =
          yaml.getMethod("parse", String.class)
              .invoke(
                  null, "{metadata: {name: a}, spec: {components: [{name: a, type: webservice}]}}");
      var application = codec.getMethod("decode", node, Class.class).invoke(null, json, type);
      var faults =
          (List<?>) admission.getClass().getMethod("check", type).invoke(admission, application);
      assertThat(faults).hasSize(1);
      assertThat(loader.loaded).contains("io.nave.applications.definitions.NaveDefinition");
      assertThat(loader.loaded).noneMatch(name -> name.startsWith("dev.cel"));
    }
  }

  private static final class ListingLoader extends URLClassLoader {
    final List<String> loaded = new ArrayList<>();

    ListingLoader() {
      super(classPath(), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] classPath() {
      return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
          .map(ListingLoader::url)
          .toArray(URL[]::new);
    }

    private static URL url(String entry) {
      try {
        return Path.of(entry).toUri().toURL();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      loaded.add(name);
      return super.findClass(name);
    }
  }
}
