package io.nave.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.JsonPaths;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What server-side apply leaves out of its patch because others look after it
/// (spec/ocm-behaviour.md §6.4).
///
/// `OnSpokePresent` fields go when the object is there. `OnSpokeChange` fields go when it is there
/// and the hub's manifest did not change since it was last applied, which an annotation on the
/// object tells: the MD5 of the manifest without its `OnSpokePresent` fields.
///
/// jq paths are understood as far as they are paths: names, quoted names, indexes, `[]`, and
/// `select(.name == "value")` after it.
public final class IgnoredFields {
  /// On applied objects: of what the fields were compared.
  public static final String HASH = "open-cluster-management.io/config-spec-hash";

  private static final Pattern SELECT =
      Pattern.compile(
          "\\[\\]\\s*\\|\\s*select\\(\\s*(\\.[\\w.]+)\\s*==\\s*(\"[^\"]*\")\\s*\\)\\s*\\|?\\s*");
  private static final Pattern PLAIN =
      Pattern.compile(
          "(\\.[\\w-]+|\\.?\\[\"[^\"]+\"\\]|\\[\\d*\\]|\\[\\*\\]|\\[\\?\\([^)]*\\)\\])+");
  private static final Pattern LAST =
      Pattern.compile("^(.*?)(\\.[\\w-]+|\\[[^\\[\\]]*\\]|\\[\\?\\(.*\\)\\])$");

  private IgnoredFields() {}

  /// What to apply.
  ///
  /// @param live the object as it is; null when there is none
  /// @throws ApiError BadRequest naming the selector that cannot be used
  public static ApiObject patch(
      ApiObject wanted, List<ManifestWork.IgnoreField> rules, @Nullable ApiObject live) {
    if (rules.isEmpty()) {
      return wanted;
    }
    var bare = without(wanted, rules, "OnSpokePresent");
    var hash = md5(bare);
    var base = live == null ? wanted : bare;
    if (live != null && hash.equals(live.annotations().get(HASH))) {
      base = without(bare, rules, "OnSpokeChange");
    }
    return base.editMeta(meta -> meta.withObjectProperty("annotations").put(HASH, hash));
  }

  private static ApiObject without(
      ApiObject object, List<ManifestWork.IgnoreField> rules, String condition) {
    return object.edit(tree -> {
      for (var rule : rules) {
        if (rule.condition().equals(condition)) {
          rule.jsonPointers().forEach(pointer -> removePointer(tree, pointer));
          rule.jsonPaths().forEach(path -> removePath(tree, bare(path), path));
          rule.jqPathExpressions().forEach(jq -> removePath(tree, ofJq(jq), jq));
        }
      }
    });
  }

  private static void removePointer(ObjectNode tree, String pointer) {
    var cut = pointer.lastIndexOf('/');
    if (cut < 0) {
      throw bad(pointer, "a JSON pointer begins with /");
    }
    var last = pointer.substring(cut + 1).replace("~1", "/").replace("~0", "~");
    switch (tree.at(pointer.substring(0, cut))) {
      case ObjectNode object -> object.remove(last);
      case ArrayNode array when last.matches("\\d{1,6}") -> array.remove(Integer.parseInt(last));
      default -> {
        return; // not there: nothing to leave out
      }
    }
  }

  private static void removePath(ObjectNode tree, String path, String asWritten) {
    var match = LAST.matcher(path);
    if (!match.matches()) {
      throw bad(asWritten, "it must end in a field or an item");
    }
    var parentPath = match.group(1);
    var last = match.group(2);
    List<JsonNode> parents;
    try {
      parents = parentPath.isEmpty() ? List.of(tree) : JsonPaths.find(tree, parentPath);
      for (var parent : parents) {
        removeLast(parent, last);
      }
    } catch (ApiError e) {
      throw bad(asWritten, String.valueOf(e.getMessage()));
    }
  }

  private static void removeLast(JsonNode parent, String last) {
    var name = nameIn(last);
    switch (parent) {
      case ObjectNode object when name.equals("*") -> object.removeAll();
      case ObjectNode object -> object.remove(name);
      case ArrayNode array when name.equals("*") -> array.removeAll();
      case ArrayNode array when name.matches("\\d{1,6}") -> array.remove(Integer.parseInt(name));
      case ArrayNode array -> removeFound(array, JsonPaths.find(array, last));
      default -> {
        return;
      }
    }
  }

  /// The field, index or star in a last step such as `.image`, `['image']` or `[0]`.
  private static String nameIn(String step) {
    var name = step.startsWith(".") ? step.substring(1) : step.substring(1, step.length() - 1);
    var quoted = name.length() > 1 && (name.startsWith("'") || name.startsWith("\""));
    return quoted ? name.substring(1, name.length() - 1) : name;
  }

  @SuppressWarnings("ReferenceEquality") // the very elements that were found, not their equals
  private static void removeFound(ArrayNode array, List<JsonNode> found) {
    for (int i = array.size() - 1; i >= 0; i--) {
      var item = array.get(i);
      if (found.stream().anyMatch(each -> each == item)) {
        array.remove(i);
      }
    }
  }

  private static String bare(String path) {
    var text = path.strip();
    if (text.startsWith("{") && text.endsWith("}")) {
      text = text.substring(1, text.length() - 1);
    }
    text = text.startsWith("$") ? text.substring(1) : text;
    return text.startsWith(".") || text.startsWith("[") ? text : "." + text;
  }

  private static String ofJq(String jq) {
    var path = SELECT.matcher(jq.strip()).replaceAll("[?(@$1==$2)]").replace("[]", "[*]");
    if (!PLAIN.matcher(path).matches()) {
      throw bad(
          jq,
          "only paths are understood here, such as .spec.containers[] | select(.name == \"x\")");
    }
    return path.replace(".[", "[");
  }

  private static ApiError bad(String selector, String why) {
    return ApiError.badRequest("ignoreFields: cannot use \"%s\": %s".formatted(selector, why));
  }

  private static String md5(ApiObject object) {
    try {
      var digest = MessageDigest.getInstance("MD5").digest(Json.encode(object.json()));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
