package io.nave.applications.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import io.nave.api.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

class BuiltInsTest {
  private static final Path ROOT = Path.of("src/main/resources/definitions");
  private static final BuiltIns BUILT_INS = new BuiltIns();

  @ParameterizedTest
  @EnumSource(Role.class)
  void areExactlyTheFiles(Role role) throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(role.word()))) {
      var names = new TreeSet<String>();
      files.forEach(file -> names.add(file.getFileName().toString().replace(".yaml", "")));
      assertThat(BUILT_INS.names(role)).isNotEmpty().containsExactlyElementsOf(names);
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void canAllBeRead(Role role) {
    for (var name : BUILT_INS.names(role)) {
      var manifest = BUILT_INS.manifest(role, name);
      assertThat(manifest.at("/metadata/name").asString("")).isEqualTo(name);
      assertThat(manifest.at("/metadata/annotations/definition.oam.dev~1description").asString(""))
          .as(name)
          .endsWith(".");
      var definition = BUILT_INS.find(role, TypeName.of(name)).orElseThrow();
      assertThat(definition.faults()).as(name).isEmpty();
      assertThat(DefinitionCheck.faults(manifest)).as(name).isEmpty();
      assertThat(definition.role()).isEqualTo(role);
      assertThat(manifest.toString()).doesNotContain("$use");
    }
  }

  /// - Goal: what upstream calls required, typed or defaulted is so here too.
  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          POLICY        | topology         | {clusters: [east]}                                 | {"clusters":["east"],"allowEmpty":false} |
          POLICY        | garbage-collect  | {}                                                 | {"keepLegacyResource":false,"continueOnFailure":false} |
          POLICY        | replication      | {keys: [a]}                                        | | p.selector
          POLICY        | read-only        | {rules: [{}]}                                      | | p.rules[0].selector
          POLICY        | take-over        | {rules: [{selector: {oamTypes: [X]}}]}             | | p.rules[0].selector.oamTypes[0]
          POLICY        | resource-update  | {rules: [{selector: {}, strategy: {}}]}            | {"rules":[{"selector":{},"strategy":{"op":"patch"}}]} |
          POLICY        | health           | {interval: soon}                                   | | p.interval
          WORKFLOW_STEP | deploy           | {}                                                 | {"policies":[],"auto":true,"ignoreTerraformComponent":true} |
          WORKFLOW_STEP | deploy           | {parallelism: 0}                                   | | p.parallelism
          WORKFLOW_STEP | suspend          | {duration: 1d}                                     | | p.duration
          WORKFLOW_STEP | suspend          | {duration: 1h30m}                                  | {"duration":"1h30m"} |
          WORKFLOW_STEP | request          | {url: u}                                           | {"url":"u","method":"GET"} |
          WORKFLOW_STEP | check-metrics    | {query: q, condition: nice}                        | | p.condition
          WORKFLOW_STEP | restart-workflow | {after: 1d, every: 1d}                             | | p
          WORKFLOW_STEP | notification     | {slack: {url: {value: u}, message: {text: hi}}}    | {"slack":{"url":{"value":"u"},"message":{"text":"hi","mrkdwn":true}}} |
          WORKFLOW_STEP | webhook          | {url: {secretRef: {name: a}}}                      | | p.url.secretRef.key
          """)
  void checkProperties(Role role, String name, String given, String value, String fault) {
    var checked =
        BUILT_INS
            .find(role, TypeName.of(name))
            .orElseThrow()
            .check(Yaml.parse(given), "p.properties");
    if (fault == null) {
      assertThat(checked.faults()).isEmpty();
      assertThat(checked.value()).isEqualTo(Json.parse(value));
    } else {
      assertThat(checked.faults())
          .singleElement()
          .satisfies(
              f -> assertThat(f.field()).isEqualTo(fault.replaceFirst("^p", "p.properties")));
    }
  }

  @Test
  void shareFragments() {
    var fragments =
        new Fragments(
            (ObjectNode)
                Yaml.parse("{a: {x: 1, l: {$use: b}}, b: [1, 2], c: {$use: a, x: 2, z: 3}}"));
    assertThat(fragments.resolve(Yaml.parse("{k: {$use: c, w: [0, {$use: b}]}}")))
        .isEqualTo(Json.parse("{\"k\":{\"x\":2,\"l\":[1,2],\"z\":3,\"w\":[0,1,2]}}"));
    assertThatThrownBy(() -> fragments.resolve(Yaml.parse("{$use: gone}")))
        .hasMessageContaining("fragment gone");
  }

  @Test
  void useEveryFragment() throws IOException {
    var fragments = Yaml.parseAll(Files.readString(ROOT.resolve("fragments.yaml"))).getFirst();
    var texts = new ArrayList<String>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        texts.add(Files.readString(file));
      }
    }
    for (var name : List.copyOf(fragments.propertyNames())) {
      assertThat(texts).as(name).anyMatch(text -> text.contains("$use: " + name));
    }
  }
}
