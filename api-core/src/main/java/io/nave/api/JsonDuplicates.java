package io.nave.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Finds the fields that stand twice in one object of a JSON text.
final class JsonDuplicates {
  private static final int FOUND_MAX = 100;

  /// An object or list that is being read.
  private static final class Level {
    final String path;
    final Set<String> names = new HashSet<>(); // only looked up, never iterated
    String name = "";
    int index = -1; // elements met so far; -1 in an object

    Level(String path) {
      this.path = path;
    }

    /// Of the present field.
    String below() {
      return path.isEmpty() ? name : path + "." + name;
    }
  }

  private final Deque<Level> open = new ArrayDeque<>();
  private final List<String> found = new ArrayList<>();

  private JsonDuplicates() {}

  /// @param parser of the whole text, which is JSON; closed at the end
  static List<String> in(JsonParser parser) {
    var look = new JsonDuplicates();
    try (parser) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        look.at(token, parser);
      }
    }
    return List.copyOf(look.found);
  }

  private void at(JsonToken token, JsonParser parser) {
    var level = open.peek();
    if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
      open.pop();
      return;
    }
    if (token == JsonToken.PROPERTY_NAME && level != null) {
      level.name = parser.currentName();
      if (!level.names.add(level.name) && found.size() < FOUND_MAX) {
        found.add(level.below());
      }
      return;
    }
    if (level != null && level.index >= 0) {
      level.index++;
    }
    if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
      var next = new Level(level == null ? "" : before(level));
      next.index = token == JsonToken.START_ARRAY ? 0 : -1;
      open.push(next);
    }
  }

  /// Where the value stands that begins now: the element's number was counted up already.
  private static String before(Level level) {
    return level.index >= 0 ? level.path + "[" + (level.index - 1) + "]" : level.below();
  }
}
