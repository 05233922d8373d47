package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.runtime.Parts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// A client cannot tell this hub from a kube-apiserver: the same requests to both, their answers
/// compared field by field. Every difference stands in `docs/api-differences.md` with its reason,
/// and nothing stands there that is none.
@NeedsKubernetes
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameAsKubernetesE2E {
  private static final Path PAGE = Path.of("..", "docs", "api-differences.md");

  /// A row of the page.
  ///
  /// @param scenario `*`: any
  /// @param field with `*` for any step of a path and `**` for any number of them
  private record Known(String scenario, String field, Pattern pattern) {
    static Known of(String line) {
      var cells = line.split("\\|");
      var scenario = cells[1].strip();
      var field = cells[2].strip().replace("`", "");
      var pattern = Pattern.quote(field).replace("**", "\\E.+\\Q").replace("*", "\\E[^/]+\\Q");
      return new Known(scenario, field, Pattern.compile(pattern));
    }

    boolean covers(String name, String path) {
      return (scenario.equals("*") || scenario.equals(name)) && pattern.matcher(path).matches();
    }
  }

  private final Parts parts = new Parts();
  private final Path folder = Folders.fresh(getClass());
  private final List<Known> known = new ArrayList<>();
  private final Set<Known> met = new LinkedHashSet<>();
  private Remote hub;
  private Remote kubernetes;

  @BeforeAll
  void start() throws IOException {
    for (var line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| ") && line.contains("| `")) {
        known.add(Known.of(line));
      }
    }
    var real = parts.open(KubeCluster.startWithoutTokens(Until.HOST, "kubernetes", folder));
    var ours = parts.open(HubProgram.start(folder));
    kubernetes = parts.open(Remote.open(real.kubeconfig()));
    hub = parts.open(Remote.open(ours.administrator()));
  }

  /// After all cases, for they tell which rows are still true.
  @AfterAll
  void everyRowOfThePageIsTrue() {
    parts.close();
    var idle = new ArrayList<>(known);
    idle.removeAll(met);
    assertThat(idle)
        .as("rows of docs/api-differences.md that are no difference any more")
        .isEmpty();
  }

  static List<Scenario> cases() {
    return Scenario.read("verbs.yaml");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answersAsKubernetes(Scenario scenario) {
    var namespace = "same-" + scenario.name().replace(' ', '-');
    var expected = scenario.play(kubernetes.transport(), namespace);
    var found = scenario.play(hub.transport(), namespace);

    var unexplained = new ArrayList<String>();
    for (var i = 0; i < expected.size(); i++) {
      var differences = new ArrayList<String[]>();
      compare("", expected.get(i).content(), found.get(i).content(), differences);
      for (var difference : differences) {
        if (!explained(scenario.name(), difference[0])) {
          unexplained.add(
              "%s%n    %s%n    kubernetes: %s%n    nave:       %s"
                  .formatted(expected.get(i).step(), difference[0], difference[1], difference[2]));
        }
      }
    }
    assertThat(unexplained).as(scenario.name() + ": differences").isEmpty();
  }

  private boolean explained(String scenario, String path) {
    var rows = known.stream().filter(row -> row.covers(scenario, path)).toList();
    met.addAll(rows);
    return !rows.isEmpty();
  }

  private static void compare(String path, JsonNode expected, JsonNode found, List<String[]> into) {
    if (expected.isObject() && found.isObject()) {
      var names = new TreeSet<>(expected.propertyNames());
      names.addAll(found.propertyNames());
      names.forEach(
          name -> compare(path + "/" + name, expected.path(name), found.path(name), into));
    } else if (expected.isArray() && found.isArray() && expected.size() == found.size()) {
      for (var i = 0; i < expected.size(); i++) {
        compare(path + "/" + i, expected.get(i), found.get(i), into);
      }
    } else if (!Json.same(expected, found)) {
      into.add(new String[] {path, shown(expected), shown(found)});
    }
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() ? "(nothing)" : Json.text(value);
  }

  @Test
  void thePageIsThere() {
    assertThat(known).as("rows in " + PAGE).hasSizeGreaterThan(5);
  }
}
