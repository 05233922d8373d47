package io.nave.agent.work;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.work.ManifestMerge;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where an object is not what its manifest says, as people read it: `spec.replicas: wanted 3, is
/// 5`. Bounded, and without the content of Secrets. Pure.
final class Differences {
  static final int NAMED_MAX = 10;
  private static final int VALUE_MAX = 80;

  private final List<String> found = new ArrayList<>();
  private final boolean secret;
  private int count;

  private Differences(boolean secret) {
    this.secret = secret;
  }

  /// The differences, as one text; empty when there is none.
  ///
  /// @param live null: there is no object
  static String between(ApiObject wanted, @Nullable ApiObject live) {
    if (live == null) {
      return "it is not there";
    }
    var merged = ManifestMerge.merge(wanted, live, null).orElse(live);
    return of(merged, live);
  }

  /// How `next` differs from `live`, server's own metadata aside.
  static String of(ApiObject next, ApiObject live) {
    var differences = new Differences(live.kind().equals("Secret"));
    for (var name : both(next.json(), live.json())) {
      if (name.equals("metadata")) {
        for (var field : List.of("labels", "annotations")) {
          differences.look(
              "metadata." + field, next.metadata().path(field), live.metadata().path(field));
        }
      } else if (!name.equals("status")) {
        differences.look(name, next.json().path(name), live.json().path(name));
      }
    }
    return differences.text();
  }

  private void look(String path, JsonNode wanted, JsonNode is) {
    if (Json.same(wanted, is)) {
      return;
    }
    if (wanted.isObject() && is.isObject()) {
      both(wanted, is).forEach(name -> look(path + "." + name, wanted.path(name), is.path(name)));
    } else if (wanted.isArray() && is.isArray() && wanted.size() == is.size()) {
      for (int i = 0; i < wanted.size(); i++) {
        look(path + "[" + i + "]", wanted.path(i), is.path(i));
      }
    } else {
      count++;
      if (found.size() < NAMED_MAX) {
        found.add(path + ": wanted " + shown(path, wanted) + ", is " + shown(path, is));
      }
    }
  }

  private String shown(String path, JsonNode value) {
    if (value.isMissingNode()) {
      return "absent";
    }
    if (secret && (path.startsWith("data") || path.startsWith("stringData"))) {
      return "(secret)";
    }
    var text = Json.text(value);
    return text.length() <= VALUE_MAX ? text : text.substring(0, VALUE_MAX) + "...";
  }

  private String text() {
    var text = String.join("; ", found);
    return count > found.size() ? text + "; and " + (count - found.size()) + " more" : text;
  }

  private static SortedSet<String> both(JsonNode a, JsonNode b) {
    var names = new TreeSet<>(a.propertyNames());
    names.addAll(b.propertyNames());
    return names;
  }
}
