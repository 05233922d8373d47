package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedClusterSetBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
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
    assertThat(examples()).contains("web.yaml", "web-by-label.yaml", "objects.yaml");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void becomeWorks(String example) throws IOException {
    var applications = new ArrayList<Application>();
    var placements = new TreeSet<String>();
    for (var object : Yaml.parseAll(Files.readString(ROOT.resolve(example)))) {
      switch (object.path("kind").asString("")) {
        case "Application" -> applications.add(Codec.decode(object, Application.class));
        case "Placement" -> placements.add(Codec.decode(object, Placement.class).metadata().name());
        case "ManagedClusterSetBinding" -> Codec.decode(object, ManagedClusterSetBinding.class);
        case String kind -> throw new AssertionError("nobody reads the kind " + kind);
      }
    }
    assertThat(applications).hasSize(1);
    var application =
        new Application(
            applications
                .getFirst()
                .metadata()
                .withFinalizers(List.of(ApplicationReconciler.FINALIZER)),
            applications.getFirst().spec(),
            applications.getFirst().status());
    assertThat(ApplicationAdmission.builtIn().check(application)).isEmpty();
    var fleet = Samples.fleet("east", "west");
    for (var placement : placements) {
      fleet = fleet.deciding("default", placement, "east", "west");
    }
    var change = Samples.decide(application, List.of(), fleet);
    assertThat(change.status().conditions())
        .filteredOn(condition -> condition.reason().equals("ReconcileError"))
        .isEmpty();
    assertThat(change.create()).hasSize(2);
  }
}
