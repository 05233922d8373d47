package io.nave.applications.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class CatalogTest {
  private final Catalog catalog = new Catalog();
  private final InMemoryObjects objects = new InMemoryObjects();

  /// Definitions by hand; each is told apart by its description.
  private static final class InMemoryObjects implements DefinitionObjects {
    private final List<ApiObject> definitions = new ArrayList<>();
    private final List<ApiObject> revisions = new ArrayList<>();

    void add(String namespace, String name, String version, String about) {
      definitions.add(ApiObject.of(manifest(namespace, name, version, about)));
    }

    void addRevision(String namespace, String name, int number, String version, String about) {
      var revision = Json.object();
      revision
          .putObject("metadata")
          .put("namespace", namespace)
          .put("name", name + "-v" + number)
          .put("uid", about);
      revision
          .putObject("spec")
          .put("revision", number)
          .put("definitionType", "Component")
          .set("componentDefinition", manifest(namespace, name, version, about));
      revisions.add(ApiObject.of(revision));
    }

    private static ObjectNode manifest(
        String namespace, String name, String version, String about) {
      return Yaml.parseAll(
              """
              apiVersion: core.oam.dev/v1beta1
              kind: ComponentDefinition
              metadata:
                namespace: %s
                name: %s
                uid: %s
                annotations: {definition.oam.dev/description: %s}
              spec:
                version: '%s'
                schematic: {nave: {output: {apiVersion: v1, kind: ConfigMap}}}
              """
                  .formatted(namespace, name, about, about, version))
          .getFirst();
    }

    @Override
    public Optional<ApiObject> revision(Key key) {
      return revisions.stream().filter(revision -> revision.key().equals(key)).findFirst();
    }

    @Override
    public Optional<ApiObject> definition(Role role, String namespace, String name) {
      return definitions.stream()
          .filter(d -> role == Role.COMPONENT)
          .filter(d -> d.namespace().equals(namespace) && d.name().equals(name))
          .findFirst();
    }

    @Override
    public List<String> names(Role role, String namespace) {
      return definitions.stream()
          .filter(d -> role == Role.COMPONENT && d.namespace().equals(namespace))
          .map(ApiObject::name)
          .toList();
    }

    @Override
    public List<ApiObject> revisions(Role role, String namespace, String name) {
      return revisions.stream().filter(r -> r.namespace().equals(namespace)).toList();
    }
  }

  private String find(String namespace, String type, boolean newest) {
    return catalog
        .of(objects, namespace, newest)
        .find(Role.COMPONENT, type)
        .map(Definition::description)
        .orElse("none");
  }

  @Test
  void looksInTheNamespaceThenInTheSystemsThenAtWhatShips() {
    objects.add("vela-system", "web", "", "system");
    objects.add("vela-system", "worker", "", "mine");
    objects.add("shop", "web", "", "shop");
    assertThat(find("shop", "web", false)).isEqualTo("shop");
    assertThat(find("other", "web", false)).isEqualTo("system");
    assertThat(find("shop", "worker", false)).isEqualTo("mine");
    assertThat(find("shop", "task", false)).startsWith("A job");
    assertThat(find("shop", "gone", false)).isEqualTo("none");
    assertThat(catalog.of(objects, "shop", false).types(Role.COMPONENT))
        .contains("web", "worker", "webservice");
  }

  @ParameterizedTest(name = "{0}, newest {1}: {2}")
  @CsvSource({
    "web, false, now",
    "web@v1.2.0, false, first",
    "web@v1.2.3, false, second",
    "web@v1.2, false, none",
    "web@v1.2, true, second",
    "web@v1, true, third",
    "web@v1.10.0, true, third",
    "web@v2.0.0, false, now",
    "web@v2, true, now",
    "web@v3, true, none",
  })
  void findsVersions(String type, boolean newest, String expected) {
    objects.add("shop", "web", "2.0.0", "now");
    objects.addRevision("shop", "web", 1, "1.2.0", "first");
    objects.addRevision("shop", "web", 2, "1.2.3", "second");
    objects.addRevision("shop", "web", 3, "1.10.0", "third");
    assertThat(find("shop", type, newest)).isEqualTo(expected);
  }

  @Test
  void findsRevisionsByTheirNumber() {
    objects.addRevision("shop", "web", 1, "", "first");
    objects.addRevision("shop", "web", 2, "", "second");
    assertThat(find("shop", "web@v1", false)).isEqualTo("first");
    assertThat(find("shop", "web@v2", false)).isEqualTo("second");
    assertThat(find("shop", "web@v3", false)).isEqualTo("none");
  }

  @Test
  void readsADefinitionOnce() {
    objects.add("shop", "web", "", "shop");
    var first = catalog.of(objects, "shop", false).find(Role.COMPONENT, "web");
    var second = catalog.of(objects, "shop", false).find(Role.COMPONENT, "web");
    assertThat(second.orElseThrow()).isSameAs(first.orElseThrow());
  }

  @Test
  void saysWhyAStoredOneCannotBeRead() {
    objects.definitions.add(
        ApiObject.of(
            Yaml.parseAll(
                    """
                    kind: ComponentDefinition
                    metadata: {namespace: shop, name: web}
                    spec: {schematic: {cue: {template: ''}}}
                    """)
                .getFirst()));
    var definitions = catalog.of(objects, "shop", false);
    assertThatThrownBy(() -> definitions.find(Role.COMPONENT, "web"))
        .isInstanceOf(BadDefinition.class)
        .hasMessageContaining("is in no language this hub reads");
  }
}
