package io.nave.agent.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Patch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What must hold at every moment of a run, not only at its end. Every content that a ConfigMap is
/// ever wanted to have is told apart by a value of its own, `name-number`, the numbers rising:
///
/// - what the agent writes was wanted, and is never older than what it wrote before;
/// - what it deletes was at some time wanted no more;
/// - where its status says that a generation is applied, it wrote all of that generation.
final class Ledger {
  private final Map<String, List<String>> objects = new HashMap<>(); // of each work, ever wanted
  private final Map<String, List<String>> generations = new HashMap<>(); // by uid and generation
  private final Map<String, Integer> newest = new HashMap<>(); // number written last, by object
  private final Set<String> written = new HashSet<>(); // all values ever
  private final Set<String> mayGo = new HashSet<>(); // objects
  private final List<String> faults = new ArrayList<>();
  private final Bench bench;
  private int number;
  private int seen; // of the line's writes

  Ledger(Bench bench) {
    this.bench = bench;
    bench.clusterLine.server =
        object -> {
          if (object.kind().equals("ConfigMap")) {
            wrote(object.name(), object.at("/data/key").asString(""));
          }
          return object;
        };
    bench.hubLine.patches = this::told;
  }

  /// A value that no object was ever wanted to have.
  String next(String object) {
    return object + "-" + ++number;
  }

  /// The user wants this work to be so.
  void wants(ApiObject work, List<String> values) {
    generations.put(work.uid() + " " + work.generation(), List.copyOf(values));
  }

  /// Of this work's objects no others than these are wanted now.
  void dropped(String work, List<String> values) {
    var names = values.stream().map(Ledger::object).toList();
    var all = objects.computeIfAbsent(work, _ -> new ArrayList<>());
    all.addAll(names);
    all.stream().filter(name -> !names.contains(name)).forEach(mayGo::add);
  }

  private void wrote(String object, String value) {
    if (!value.startsWith(object + "-")) {
      faults.add(object + " was written as " + value + ", which nobody wanted");
      return;
    }
    var its = number(value);
    if (its < newest.getOrDefault(object, 0)) {
      faults.add(object + " was written as " + value + " after a newer one");
    }
    newest.merge(object, its, Math::max);
    written.add(value);
  }

  private static int number(String value) {
    return Integer.parseInt(value.substring(value.lastIndexOf('-') + 1));
  }

  private static String object(String value) {
    return value.substring(0, value.lastIndexOf('-'));
  }

  private void told(Patch patch) {
    var body = patch.body();
    for (JsonNode condition : body.at("/status/conditions")) {
      if (condition.path("type").asString("").equals("Applied")
          && condition.path("status").asString("").equals("True")) {
        var generation =
            body.at("/metadata/uid").asString("")
                + " "
                + condition.path("observedGeneration").asLong(0);
        for (var value : generations.getOrDefault(generation, List.of())) {
          if (!written.contains(value)) {
            faults.add("a status claims that " + value + " is applied, which was never written");
          }
        }
      }
    }
  }

  /// Looks at what was removed since the last look, and tells what was wrong.
  void check() {
    var writes = bench.clusterLine.writes;
    for (; seen < writes.size(); seen++) {
      var words = writes.get(seen).split(" ");
      var object = words[2].substring(words[2].indexOf('/') + 1);
      if (words[0].equals("delete") && words[1].equals("configmaps") && !mayGo.contains(object)) {
        faults.add(object + " was removed, and the user wants it");
      }
    }
    assertThat(faults).isEmpty();
  }
}
