package io.nave.applications.definitions;

import io.nave.api.Json;
import io.nave.api.cel.CelValues;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How single objects are judged by their kind alone, for definitions that render anything. Read
/// from `kinds.yaml`; an entry with kind `*` is for the kinds of others.
final class KindHealth {
  private final Supplier<List<ObjectNode>> entries;
  // Looked up by key only, never iterated.
  private final Map<String, Program> programs = new ConcurrentHashMap<>();

  private record Program(StatusProgram status, List<LivePath> paths) {}

  /// @param entries the documents of `kinds.yaml`, read when first needed
  KindHealth(Supplier<List<ObjectNode>> entries) {
    this.entries = entries;
  }

  SortedMap<String, List<LivePath>> livePaths(Map<String, ObjectNode> objects) {
    var paths = new TreeMap<String, List<LivePath>>();
    objects.forEach((key, object) -> paths.put(key, program(object).paths()));
    return paths;
  }

  /// Healthy when every object is; says what the first unhealthy one says, else the main one.
  Definition.Health health(Map<String, ObjectNode> live) {
    var main = new Definition.Health(true, "");
    for (var entry : live.entrySet()) {
      var object = entry.getValue();
      var health = judge(object);
      if (!health.healthy()) {
        return new Definition.Health(
            false, nameOf(object) + ": " + orElse(health.message(), "not ready"));
      }
      main = entry.getKey().equals(Definition.MAIN) ? health : main;
    }
    return main;
  }

  private Definition.Health judge(ObjectNode object) {
    var context = Json.object().set("output", object);
    return program(object)
        .status()
        .judge(
            new TreeMap<>(
                Map.of(
                    "parameter",
                    CelValues.toCel(Json.object()),
                    "context",
                    CelValues.toCel(context))));
  }

  private Program program(ObjectNode object) {
    var group = group(object);
    var kind = object.path("kind").asString("");
    var known = programs.get(group + "/" + kind);
    if (known == null) {
      known = compile(group, kind);
      programs.put(group + "/" + kind, known);
    }
    return known;
  }

  private Program compile(String group, String kind) {
    var entry = entry(group, kind);
    var status = StatusProgram.compile("kinds.yaml " + kind, entry == null ? NONE : entry);
    return new Program(
        status, LivePaths.of(status.expressions()).getOrDefault(Definition.MAIN, List.of()));
  }

  private static final JsonNode NONE = Json.object();

  private @Nullable JsonNode entry(String group, String kind) {
    JsonNode others = null;
    for (var entry : entries.get()) {
      var itsKind = entry.path("kind").asString("");
      if (itsKind.equals(kind) && entry.path("group").asString("").equals(group)) {
        return entry;
      }
      others = itsKind.equals("*") ? entry : others;
    }
    return builtIn(group) ? null : others;
  }

  /// Kubernetes' own groups have no dot, or end in `k8s.io`.
  private static boolean builtIn(String group) {
    return !group.contains(".") || group.endsWith(".k8s.io");
  }

  private static String group(ObjectNode object) {
    var apiVersion = object.path("apiVersion").asString("");
    var slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  private static String nameOf(ObjectNode object) {
    return object.path("kind").asString("")
        + " "
        + object.path("metadata").path("name").asString("");
  }

  private static String orElse(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }
}
