package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.applications.api.Environment;
import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSetBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// - Goal: every example of the documentation is admitted and becomes works.
class ExamplesTest {
  private static final Path ROOT = Path.of("../docs/examples");

  static List<String> examples() throws IOException {
    try (Stream<Path> files = Files.list(ROOT)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void areThere() throws IOException {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(12).contains("web.yaml", "objects.yaml");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void becomeWorks(String example) throws IOException {
    var applications = new ArrayList<Application>();
    var fleet = fleet();
    for (var object : Yaml.parseAll(Files.readString(ROOT.resolve(example)))) {
      switch (object.path("kind").asString("")) {
        case "Application" -> applications.add(Codec.decode(object, Application.class));
        case "Placement" -> {
          var name = Codec.decode(object, Placement.class).metadata().name();
          fleet = fleet.deciding("default", name, "east", "west");
        }
        case "Environment" -> fleet = fleet.with(Codec.decode(object, Environment.class));
        case "ManagedClusterSetBinding" -> Codec.decode(object, ManagedClusterSetBinding.class);
        case String kind -> throw new AssertionError("nobody reads the kind " + kind);
      }
    }
    assertThat(applications).isNotEmpty();
    for (var application : applications) {
      assertThat(ApplicationAdmission.builtIn().check(application)).isEmpty();
      var outlook =
          new Conduct(application, List.of(), Samples.scene(fleet, Samples.NOW)).outlook();
      assertThat(outlook.plan().works()).isNotEmpty();
      assertThat(outlook.plan().contests()).isEmpty();
      assertThat(outlook.notices()).isEmpty();
    }
  }

  /// The clusters that examples name and select.
  private static Samples.FakeFleet fleet() {
    return new Samples.FakeFleet(
        List.of(
            cluster("east", "prod"),
            cluster("north", "test"),
            cluster("south", "dev"),
            cluster("west", "prod")),
        List.of());
  }

  private static ManagedCluster cluster(String name, String env) {
    return Samples.cluster(
        "{metadata: {name: %s, labels: {env: %s, fleet: all}}, spec: {hubAcceptsClient: true}}"
            .formatted(name, env));
  }
}
