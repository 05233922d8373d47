package io.nave.api.patch;

import io.nave.api.ApiError;
import io.nave.api.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Kubernetes' strategic merge patch for one built-in kind.
///
/// Objects merge as in RFC 7396; lists named in [MergeKeys] merge element by element, and all
/// others are replaced. Directives steer it: `$patch: delete | replace | merge` on an object or a
/// list element, `$retainKeys` on an object, and beside a list `$setElementOrder/<list>` and
/// `$deleteFromPrimitiveList/<list>`. In a merged list the patch's order holds for what the patch
/// names, and the rest keeps its order around it.
final class StrategicPatch {
  private static final String PATCH = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String ORDER = "$setElementOrder/";
  private static final String DROP = "$deleteFromPrimitiveList/";

  private final String kind;

  StrategicPatch(String kind) {
    this.kind = kind;
  }

  ObjectNode apply(ObjectNode original, ObjectNode patch) {
    return merge(original.deepCopy(), patch.deepCopy(), "");
  }

  /// Merges into `target`, which it may change and return.
  private ObjectNode merge(ObjectNode target, ObjectNode patch, String parent) {
    switch (directive(patch)) {
      case "replace" -> {
        return merge(Json.object(), without(patch, PATCH), parent);
      }
      case "delete" -> {
        return Json.object();
      }
      default -> retain(target, patch);
    }
    for (var field : listsSteered(patch)) {
      steer(target, patch, parent, field);
    }
    for (var change : patch.properties()) {
      var field = change.getKey();
      if (!field.startsWith("$") && !isSteered(patch, field)) {
        change(target, field, change.getValue(), parent);
      }
    }
    return target;
  }

  private void change(ObjectNode target, String field, JsonNode value, String parent) {
    if (value.isNull()) {
      target.remove(field);
      return;
    }
    var present = target.get(field);
    switch (value) {
      case ObjectNode object ->
          target.set(
              field, merge(present instanceof ObjectNode old ? old : Json.object(), object, field));
      case ArrayNode list -> {
        var old = present instanceof ArrayNode array ? array : list.arrayNode();
        target.set(field, mergeList(old, list, null, parent, field));
      }
      default -> target.set(field, value);
    }
  }

  // ---- lists

  private void steer(ObjectNode target, ObjectNode patch, String parent, String field) {
    if (!isMerged(parent, field)) {
      throw fault(field, "the list is replaced whole and takes no directives");
    }
    var changes = list(patch, field);
    var merged = target.get(field) instanceof ArrayNode old ? old : changes.arrayNode();
    var dropped = places(list(patch, DROP + field), MergeKeys.SET);
    merged.removeIf(element -> dropped.containsKey(identity(element, MergeKeys.SET)));
    var order = patch.has(ORDER + field) ? list(patch, ORDER + field) : null;
    if (patch.path(field).isNull()) {
      target.remove(field);
    } else if (!merged.isEmpty() || !changes.isEmpty()) {
      target.set(field, mergeList(merged, changes, order, parent, field));
    }
  }

  private ArrayNode mergeList(
      ArrayNode present,
      ArrayNode changes,
      @Nullable ArrayNode order,
      String parent,
      String field) {
    var key = MergeKeys.of(kind, parent, field);
    if (key == null) {
      return replaced(changes, field);
    }
    if (key.equals(MergeKeys.SET)) {
      return arrange(union(present, changes), present, order == null ? changes : order, key);
    }
    for (var change : changes) {
      if (change instanceof ObjectNode element && directive(element).equals("replace")) {
        return replaced(changes, field);
      }
    }
    return arrange(
        mergeElements(present, changes, key, field), present, order == null ? changes : order, key);
  }

  private ArrayNode mergeElements(ArrayNode present, ArrayNode changes, String key, String field) {
    var merged = copyOf(present);
    var deleted = new HashSet<String>();
    for (var change : changes) {
      if (isDelete(keyed(change, key, field))) {
        deleted.add(identity(change, key));
      }
    }
    merged.removeIf(element -> deleted.contains(identity(element, key)));
    var places = places(merged, key);
    for (var change : changes) {
      var element = keyed(change, key, field);
      if (isDelete(element)) {
        continue;
      }
      var place = places.get(identity(element, key));
      if (place != null && merged.get(place) instanceof ObjectNode old) {
        merged.set(place, merge(old, element, field));
      } else {
        places.put(identity(element, key), merged.size());
        merged.add(merge(Json.object(), element, field));
      }
    }
    return merged;
  }

  private static ObjectNode keyed(JsonNode change, String key, String field) {
    if (change instanceof ObjectNode element && element.hasNonNull(key)) {
      return element;
    }
    throw fault(field, "an element does not contain the declared merge key: " + key);
  }

  private static boolean isDelete(ObjectNode element) {
    return directive(element).equals("delete");
  }

  /// A list taken from the patch whole, free of directives.
  private ArrayNode replaced(ArrayNode changes, String field) {
    var clean = changes.arrayNode();
    for (var change : changes) {
      switch (change) {
        case ObjectNode element when element.has(PATCH) && element.size() == 1 ->
            directive(element);
        case ObjectNode element -> clean.add(merge(Json.object(), without(element, PATCH), field));
        case ArrayNode inner -> clean.add(replaced(inner, field));
        default -> clean.add(change);
      }
    }
    return clean;
  }

  /// What `order` names comes in its order; the others are put among them by where they stood.
  private static ArrayNode arrange(
      ArrayNode merged, ArrayNode before, ArrayNode order, String key) {
    var ranks = places(order, key);
    var named = new ArrayList<JsonNode>();
    var others = new ArrayList<JsonNode>();
    for (var element : merged) {
      (ranks.containsKey(identity(element, key)) ? named : others).add(element);
    }
    named.sort(Comparator.comparing(element -> ranks.getOrDefault(identity(element, key), 0)));
    var was = places(before, key);
    var all = merged.arrayNode();
    var next = 0;
    for (var element : named) {
      int place = was.getOrDefault(identity(element, key), -1);
      while (next < others.size() && isBefore(was.get(identity(others.get(next), key)), place)) {
        all.add(others.get(next++));
      }
      all.add(element);
    }
    return all.addAll(others.subList(next, others.size()));
  }

  private static boolean isBefore(@Nullable Integer other, int place) {
    return other != null && other < place;
  }

  /// Where each element first stands; only looked up, never iterated.
  private static Map<String, Integer> places(ArrayNode list, String key) {
    var places = new HashMap<String, Integer>();
    for (var i = 0; i < list.size(); i++) {
      places.putIfAbsent(identity(list.get(i), key), i);
    }
    return places;
  }

  private static String identity(JsonNode element, String key) {
    return Json.text(key.equals(MergeKeys.SET) ? element : element.path(key));
  }

  private static ArrayNode union(ArrayNode present, ArrayNode changes) {
    var merged = present.arrayNode();
    var seen = new HashSet<String>();
    for (var list : List.of(present, changes)) {
      for (var value : list) {
        if (seen.add(identity(value, MergeKeys.SET))) {
          merged.add(value);
        }
      }
    }
    return merged;
  }

  private static ArrayNode copyOf(ArrayNode list) {
    return list.arrayNode().addAll(list);
  }

  // ---- directives

  private static String directive(ObjectNode patch) {
    var directive = patch.get(PATCH);
    if (directive == null) {
      return "merge";
    }
    return switch (directive.asString("")) {
      case "replace" -> "replace";
      case "delete" -> "delete";
      case "merge" -> "merge";
      default ->
          throw fault(
              PATCH, "unknown directive " + Json.text(directive) + "; delete, replace or merge");
    };
  }

  private static void retain(ObjectNode target, ObjectNode patch) {
    if (!patch.has(RETAIN)) {
      return;
    }
    var kept = new TreeSet<String>();
    list(patch, RETAIN).forEach(name -> kept.add(name.asString("")));
    for (var field : patch.propertyNames()) {
      if (!field.startsWith("$") && !patch.path(field).isNull() && !kept.contains(field)) {
        throw fault(field, RETAIN + " must name every field of the patch");
      }
    }
    target.retain(kept);
  }

  private static SortedSet<String> listsSteered(ObjectNode patch) {
    var fields = new TreeSet<String>();
    for (var name : patch.propertyNames()) {
      if (name.startsWith(ORDER)) {
        fields.add(name.substring(ORDER.length()));
      } else if (name.startsWith(DROP)) {
        fields.add(name.substring(DROP.length()));
      }
    }
    return fields;
  }

  private static boolean isSteered(ObjectNode patch, String field) {
    return patch.has(ORDER + field) || patch.has(DROP + field);
  }

  private boolean isMerged(String parent, String field) {
    return MergeKeys.of(kind, parent, field) != null;
  }

  private static ArrayNode list(ObjectNode patch, String field) {
    return switch (patch.get(field)) {
      case null -> patch.arrayNode();
      case ArrayNode list -> list;
      case JsonNode other when other.isNull() -> patch.arrayNode();
      case JsonNode other -> throw fault(field, "must be a list");
    };
  }

  private static ObjectNode without(ObjectNode patch, String field) {
    return Json.object().setAll(patch).without(field);
  }

  private static ApiError fault(String field, String what) {
    return ApiError.badRequest("strategic merge patch, " + field + ": " + what);
  }
}
