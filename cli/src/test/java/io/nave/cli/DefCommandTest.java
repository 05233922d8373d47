package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Role;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefCommandTest {
  private static final String BAD =
      """
      apiVersion: core.oam.dev/v1beta1
      kind: TraitDefinition
      metadata:
        name: broken
      spec:
        schematic:
          nave:
            parameter:
              type: object
              properties:
                size: {type: strng}
            patch:
              spec:
                size: ${parametr.size}
            podPatch:
              spec: {a: '${1 +}'}
      """;

  @TempDir private Path folder;

  private record Run(int exit, String out) {}

  private static Run run(String... line) {
    var before = System.out;
    var out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      return new Run(Nave.run(line), out.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }

  @Test
  void tellsEveryFaultWithFileLineAndPath() {
    assertThat(DefCommand.Check.faults("broken.yaml", BAD))
        .hasSize(3)
        .satisfiesExactly(
            type ->
                assertThat(type)
                    .isEqualTo(
                        "broken.yaml:11: spec.schematic.nave.parameter.properties.size.type:"
                            + " expected one of [array, boolean, integer, number, object, string],"
                            + " found \"strng\""),
            name ->
                assertThat(name)
                    .startsWith(
                        "broken.yaml:14: spec.schematic.nave.patch.spec.size: ${parametr.size}:"
                            + " undeclared reference to 'parametr'"),
            end ->
                assertThat(end)
                    .startsWith("broken.yaml:16: spec.schematic.nave.podPatch.spec.a: ${1 +}:"));
  }

  @Test
  void checksWhatIsNoYamlAndWhatIsNoDefinition() {
    assertThat(DefCommand.Check.faults("f", "a: [")).singleElement().asString().startsWith("f: ");
    assertThat(DefCommand.Check.faults("f", "kind: Deployment\n"))
        .singleElement()
        .asString()
        .startsWith("f:1: spec.schematic: is in no language this hub reads");
  }

  @Test
  void endsWithOneWhenThereAreFaults() throws Exception {
    var file = folder.resolve("broken.yaml");
    Files.writeString(file, BAD);
    assertThat(run("def", "check", file.toString()).exit()).isEqualTo(1);
    var good = folder.resolve("good.yaml");
    Files.writeString(good, run("def", "show", "scaler", "-o", "yaml").out());
    var checked = run("def", "check", good.toString());
    assertThat(checked.exit()).isZero();
    assertThat(checked.out()).isEqualTo("good\n");
  }

  @Test
  void showsTheProperties() {
    var text =
        DefCommand.Show.text(Definitions.builtIn().find(Role.TRAIT, "hpa").orElseThrow(), "table");
    assertThat(text)
        .startsWith("TraitDefinition hpa: Scales by the use of CPU, memory and metrics of pods.\n")
        .contains("cpu.type                  Utilization|AverageValue            \"Utilization\"")
        .contains("podCustomMetrics[].name   string                    yes\n");
  }

  @Test
  void rendersATraitOnAComponent() throws Exception {
    var file = folder.resolve("properties.yaml");
    Files.writeString(file, "replicas: 3\n");
    var rendered = run("def", "render", "scaler", "-p", file.toString());
    assertThat(rendered.exit()).isZero();
    assertThat(rendered.out()).contains("kind: Deployment").contains("replicas: 3");
    var old = run("def", "render", "hpa", "--component", "worker", "--kubernetes", "v1.20.4");
    assertThat(old.out()).contains("apiVersion: autoscaling/v2beta2");
  }

  @Test
  void rendersATypeOfOnesOwn() throws Exception {
    var file = folder.resolve("own.yaml");
    Files.writeString(
        file,
        """
        kind: ComponentDefinition
        metadata: {name: note}
        spec:
          schematic:
            nave:
              parameter: {required: [text], properties: {text: {type: string}}}
              output: {apiVersion: v1, kind: ConfigMap, data: {text: '${parameter.text}'}}
        """);
    var properties = folder.resolve("properties.yaml");
    Files.writeString(properties, "text: hello\n");
    var rendered = run("def", "render", "note", "-f", file.toString(), "-p", properties.toString());
    assertThat(rendered.out()).contains("text: hello").contains("name: example");
    assertThat(run("def", "render", "note", "-f", file.toString()).exit()).isEqualTo(1);
    assertThat(run("def", "show", "webservce").exit()).isEqualTo(1);
  }

  /// - Goal: what the documentation shows is good.
  @Test
  void theDocumentationsDefinitionsAreGood() throws Exception {
    var blocks = Files.readString(Path.of("../docs/definitions.md")).split("```yaml\n");
    assertThat(blocks).hasSize(3);
    for (var i = 1; i < blocks.length; i++) {
      assertThat(DefCommand.Check.faults("docs", blocks[i].split("```")[0])).isEmpty();
    }
  }
}
