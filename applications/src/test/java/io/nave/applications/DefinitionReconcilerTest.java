package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.api.Yaml;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.definitions.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DefinitionReconcilerTest {
  private final List<DefinitionRevision> revisions = new ArrayList<>();
  private final TreeSet<String> used = new TreeSet<>();
  private final List<Key> held = new ArrayList<>();

  private static ApiObject definition(String version, String kind) {
    return ApiObject.of(
        Yaml.parseAll(
                """
                apiVersion: core.oam.dev/v1beta1
                kind: ComponentDefinition
                metadata: {namespace: shop, name: web, uid: u1}
                spec:
                  version: '%s'
                  schematic: {nave: {output: {apiVersion: v1, kind: %s}}}
                """
                    .formatted(version, kind))
            .getFirst());
  }

  private DefinitionReconciler.Change decide(ApiObject definition) {
    return DefinitionReconciler.decide(
        Role.COMPONENT,
        definition,
        revisions,
        used::contains,
        key -> revisions.stream().anyMatch(revision -> revision.key().equals(key)),
        held::contains,
        Samples.NOW);
  }

  /// The name of the revision made, which is there from now on; empty when none is made.
  private String write(ApiObject definition) {
    var change = decide(definition);
    change.create().ifPresent(revisions::add);
    revisions.removeIf(revision -> change.delete().contains(revision.key()));
    return change.create().map(revision -> revision.metadata().name()).orElse("");
  }

  @Test
  void makesARevisionOfEachChange() {
    assertThat(write(definition("", "A"))).isEqualTo("web-v1");
    assertThat(write(definition("", "A"))).isEmpty();
    assertThat(write(definition("", "B"))).isEqualTo("web-v2");
    assertThat(write(definition("", "A"))).isEqualTo("web-v3");
    assertThat(write(definition("1.2.0", "A"))).isEqualTo("web-v1.2.0");
    assertThat(write(definition("1.2.0", "B"))).isEqualTo("web-v1.2.0-component-5");
  }

  @Test
  void keepsTwoOldOnesAndThoseInUse() {
    used.add("1");
    for (var kind : List.of("A", "B", "C", "D", "E")) {
      write(definition("", kind));
    }
    assertThat(revisions)
        .extracting(revision -> revision.metadata().name())
        .containsExactly("web-v1", "web-v3", "web-v4", "web-v5");
  }

  @Test
  void keepsWhatARevisionOfAnApplicationHoldsOnTo() {
    held.add(Key.of("shop", "web-v1"));
    for (var kind : List.of("A", "B", "C", "D", "E")) {
      write(definition("", kind));
    }
    assertThat(revisions)
        .extracting(revision -> revision.metadata().name())
        .containsExactly("web-v1", "web-v3", "web-v4", "web-v5");
  }

  @Test
  void holdsTheDefinitionAndDoesNotGoWithIt() {
    var revision = decide(definition("", "A")).create().orElseThrow();
    assertThat(revision.key()).isEqualTo(Key.of("shop", "web-v1"));
    assertThat(revision.spec().definitionType()).isEqualTo("Component");
    assertThat(revision.metadata().ownerReferences()).isEmpty();
    assertThat(
            Optional.ofNullable(revision.spec().componentDefinition())
                .orElseThrow()
                .at("/metadata/name")
                .asString(""))
        .isEqualTo("web");
  }

  /// As earlier versions of this program made them.
  @Test
  void freesRevisionsThatTheirDefinitionOwns() {
    write(definition("", "A"));
    var old = revisions.removeFirst();
    var owner =
        new Meta.OwnerReference(
            "core.oam.dev/v1beta1", "ComponentDefinition", "web", "u1", true, null);
    revisions.add(new DefinitionRevision(old.metadata().withOwner(owner), old.spec()));
    assertThat(decide(definition("", "A")).free()).containsExactly(old.key());
    assertThat(decide(definition("", "B")).free()).containsExactly(old.key());
  }

  @Test
  void saysInTheStatusWhetherItCanBeUsed() {
    var good = decide(definition("", "A")).status();
    assertThat(good.at("/conditions/0/status").asString("")).isEqualTo("True");
    assertThat(good.at("/latestRevision/name").asString("")).isEqualTo("web-v1");
    assertThat(good.at("/latestRevision/revision").asInt(0)).isEqualTo(1);
    var bad = decide(definition("", "'${parametr}'")).status();
    assertThat(bad.at("/conditions/0/status").asString("")).isEqualTo("False");
    assertThat(bad.at("/conditions/0/message").asString(""))
        .startsWith("spec.schematic.nave.output.kind: ${parametr}: undeclared reference");
  }
}
