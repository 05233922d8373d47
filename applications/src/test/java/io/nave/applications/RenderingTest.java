package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.LabelSelector;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.Role;
import io.nave.registration.api.ManagedCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: applications as KubeVela's users write them become exactly these objects, by the
///   built-in types, every one of which is used.
/// - Method: each `rendering/<case>.yaml` holds an Application, the cluster `east` where its
///   version matters, and objects of the hub it refers to; `rendering/expected/<case>.yaml` the
///   objects there. `-Dgolden.update` writes those anew.
class RenderingTest {
  private static final Path ROOT = Path.of("src/test/resources/rendering");
  private static final Path EXPECTED = ROOT.resolve("expected");

  static List<String> cases() throws IOException {
    return names(ROOT);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private record Input(Application application, ClusterFacts fleet) {}

  private static Input read(String name) throws IOException {
    var applications = new ArrayList<Application>();
    var clusters = new ArrayList<ManagedCluster>();
    var objects = new ArrayList<ObjectNode>();
    for (var object : Yaml.parseAll(Files.readString(ROOT.resolve(name)))) {
      switch (object.path("kind").asString("")) {
        case "Application" -> applications.add(Codec.decode(object, Application.class));
        case "ManagedCluster" -> clusters.add(Codec.decode(object, ManagedCluster.class));
        default -> objects.add(object);
      }
    }
    assertThat(applications).hasSize(1);
    return new Input(applications.getFirst(), new Hub(clusters, objects));
  }

  /// A hub with clusters, and objects that components refer to.
  private record Hub(List<ManagedCluster> clusters, List<ObjectNode> objects)
      implements ClusterFacts {
    @Override
    public Optional<ManagedCluster> cluster(String name) {
      return clusters.stream().filter(each -> each.metadata().name().equals(name)).findFirst();
    }

    @Override
    public List<ObjectNode> objects(String namespace, Reference reference) {
      return objects.stream()
          .filter(object -> object.at("/metadata/namespace").asString("").equals(namespace))
          .filter(object ->
              ObjectKinds.plural(object.path("kind").asString("")).equals(reference.resource()))
          .filter(object ->
              reference.name().isEmpty()
                  ? LabelSelector.ofLabels(reference.labels())
                      .matches(ApiObject.of(object).labels())
                  : object.at("/metadata/name").asString("").equals(reference.name()))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void becomesItsObjects(String name) throws IOException {
    // Given
    var input = read(name);
    var blueprint = Blueprint.of(input.application(), Samples.DEFINITIONS);
    assertThat(blueprint.faults()).isEmpty();
    assertThat(blueprint.ignored()).isEmpty();
    // When
    var objects = new LinkedHashSet<JsonNode>(); // what is rendered twice is one object
    var renderer = new Renderer(input.application(), input.fleet());
    for (var component : blueprint.components()) {
      renderer
          .render(component, new Target("east", "shop", false))
          .pieces()
          .forEach(piece -> objects.add(piece.manifest()));
    }
    // Then
    var text = Yaml.writeAll(List.copyOf(objects));
    var expected = EXPECTED.resolve(name);
    if (System.getProperty("golden.update") != null) {
      Files.createDirectories(EXPECTED);
      Files.writeString(expected, text);
    }
    assertThat(text).isEqualTo(Files.readString(expected));
  }

  @Test
  void expectsNothingThatNobodyRenders() throws IOException {
    assertThat(names(EXPECTED)).isEqualTo(cases());
  }

  @Test
  void usesEveryBuiltInType() throws IOException {
    var components = new TreeSet<String>();
    var traits = new TreeSet<String>();
    for (var name : cases()) {
      for (var component : read(name).application().spec().components()) {
        components.add(component.type());
        component.traits().forEach(trait -> traits.add(trait.type()));
      }
    }
    assertThat(components).containsAll(Samples.DEFINITIONS.types(Role.COMPONENT));
    assertThat(traits).containsAll(Samples.DEFINITIONS.types(Role.TRAIT));
  }
}
