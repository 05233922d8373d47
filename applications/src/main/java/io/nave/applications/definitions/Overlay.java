package io.nave.applications.definitions;

import io.nave.api.Json;
import io.nave.api.patch.MergeKeys;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Lays the patch of a trait over an object (spec §7.5): objects merge field by field, null removes
/// a field, scalars are set, so that the last trait wins. Lists merge by key where there is one,
/// and are replaced where there is none.
///
/// The keys are those of Kubernetes' own kinds; a patch may name others, and other ways, beside the
/// field they are for:
///
/// - `$patchKey/f: name`: the list `f` merges by `name`; `a,b` for two fields, `a.b` for one within
///   another. Matched elements merge in place, others are added at the end.
/// - `$patchStrategy/f: replace`: the value of `f` is replaced; an empty list removes it
/// - `$patchStrategy/f: retainKeys`: of an object, the same; of a list with a key, matched elements
///   are replaced
final class Overlay {
  private static final String KEY = "$patchKey/";
  private static final String STRATEGY = "$patchStrategy/";

  private final String kind; // as MergeKeys knows it; empty: knows no keys

  private Overlay(String kind) {
    this.kind = kind;
  }

  /// For an object of its kind.
  static Overlay of(ObjectNode object) {
    var apiVersion = object.path("apiVersion").asString("");
    var group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
    return new Overlay(MergeKeys.knows(group) ? object.path("kind").asString("") : "");
  }

  /// For pod templates, whatever kind they are in.
  static Overlay ofPods() {
    return new Overlay("Pod");
  }

  /// A copy of the object with the patch laid over it.
  ///
  /// @throws RenderFault when the patch is no object, or cannot be merged
  ObjectNode lay(ObjectNode object, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      throw new RenderFault("patch: expected an object, found " + patch);
    }
    var copy = object.deepCopy();
    merge(copy, changes, "", "patch");
    return copy;
  }

  private void merge(ObjectNode base, ObjectNode patch, String parent, String path) {
    for (var change : patch.properties()) {
      var field = change.getKey();
      if (!field.startsWith("$")) {
        field(base, patch, parent, field, path + "." + field);
      }
    }
  }

  private void field(ObjectNode base, ObjectNode patch, String parent, String field, String path) {
    var strategy = strategy(patch, field, path);
    switch (patch.get(field)) {
      case ObjectNode object -> {
        var present = base.get(field);
        var into =
            strategy == Strategy.MERGE && present instanceof ObjectNode there
                ? there
                : Json.object();
        base.set(field, into);
        merge(into, object, field, path);
      }
      case ArrayNode list -> {
        var key = strategy == Strategy.REPLACE ? null : key(patch, parent, field);
        var merged = merged(base.path(field), list, key, strategy, field, path);
        if (merged.isEmpty()) {
          base.remove(field);
        } else {
          base.set(field, merged);
        }
      }
      case JsonNode nothing when nothing.isNull() -> base.remove(field);
      case JsonNode scalar -> base.set(field, scalar);
    }
  }

  private enum Strategy {
    MERGE,
    REPLACE,
    RETAIN_KEYS
  }

  private static Strategy strategy(ObjectNode patch, String field, String path) {
    return switch (patch.path(STRATEGY + field).asString("")) {
      case "" -> Strategy.MERGE;
      case "replace" -> Strategy.REPLACE;
      case "retainKeys" -> Strategy.RETAIN_KEYS;
      case String other ->
          throw new RenderFault(
              path + ": expected the patch strategy replace or retainKeys, found " + other);
    };
  }

  /// Null when the list is replaced, empty when it is a set.
  private @Nullable String key(ObjectNode patch, String parent, String field) {
    var given = patch.path(KEY + field).asString("");
    if (!given.isEmpty()) {
      return given;
    }
    return kind.isEmpty() ? null : MergeKeys.of(kind, parent, field);
  }

  private ArrayNode merged(
      JsonNode base,
      ArrayNode patch,
      @Nullable String key,
      Strategy strategy,
      String field,
      String path) {
    if (key == null) {
      return fresh(patch, field, path);
    }
    var result = new ArrayList<>(base.valueStream().toList());
    if (key.isEmpty()) {
      patch.forEach(result::add);
      return JsonNodeFactory.instance.arrayNode().addAll(new LinkedHashSet<>(result));
    }
    var index = 0;
    for (var element : patch) {
      var at = path + "[" + index++ + "]";
      var value = requireValue(element, key, at);
      var position = position(result, key, value);
      var present = position < 0 ? null : result.get(position);
      var into =
          strategy == Strategy.MERGE && present instanceof ObjectNode there ? there : Json.object();
      if (element instanceof ObjectNode object) {
        merge(into, object, field, at);
      }
      if (position < 0) {
        result.add(into);
      } else {
        result.set(position, into);
      }
    }
    return JsonNodeFactory.instance.arrayNode().addAll(result);
  }

  private ArrayNode fresh(ArrayNode patch, String field, String path) {
    var list = JsonNodeFactory.instance.arrayNode();
    for (var element : patch) {
      if (element instanceof ObjectNode object) {
        merge(list.addObject(), object, field, path);
      } else {
        list.add(element);
      }
    }
    return list;
  }

  private static int position(List<JsonNode> list, String key, List<JsonNode> value) {
    for (var i = 0; i < list.size(); i++) {
      if (value.equals(values(list.get(i), key))) {
        return i;
      }
    }
    return -1;
  }

  private static List<JsonNode> requireValue(JsonNode element, String key, String path) {
    var found = values(element, key);
    if (found.stream().allMatch(JsonNode::isMissingNode)) {
      throw new RenderFault(
          path + ": has no " + key + ", by which the list is merged; found " + element);
    }
    return found;
  }

  private static List<JsonNode> values(JsonNode element, String key) {
    var found = new ArrayList<JsonNode>();
    for (var part : key.split(",")) {
      var value = element;
      for (var name : part.strip().split("\\.")) {
        value = value.path(name);
      }
      found.add(value);
    }
    return found;
  }
}
