package io.nave.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/// On which lines the values of a YAML text stand, for messages about them.
public final class YamlLines {
  private final List<Map<String, Integer>> documents = new ArrayList<>(); // looked up by path only
  private final Iterator<Event> events;
  private Map<String, Integer> lines = new HashMap<>();

  private YamlLines(String text) {
    events = new Parse(LoadSettings.builder().build()).parseString(text).iterator();
  }

  /// Reads a text that [Yaml#parseAll] can read.
  public static YamlLines of(String text) {
    var found = new YamlLines(text);
    while (found.events.hasNext()) {
      if (found.events.next() instanceof DocumentStartEvent) {
        found.document();
      }
    }
    return found;
  }

  /// The line, from 1, of the value at a path such as `spec.items[0].name`, or of the innermost
  /// value around it that is written out.
  ///
  /// @param document counts the documents that are objects, from 0
  public int line(int document, String path) {
    if (document >= documents.size()) {
      return 1;
    }
    var known = documents.get(document);
    var place = path;
    while (!known.containsKey(place) && !place.isEmpty()) {
      place =
          place.substring(0, Math.max(0, Math.max(place.lastIndexOf('.'), place.lastIndexOf('['))));
    }
    return known.getOrDefault(place, 1);
  }

  private void document() {
    lines = new HashMap<>();
    var root = events.next();
    if (root instanceof MappingStartEvent) {
      documents.add(lines);
    }
    value(root, "");
  }

  private void value(Event start, String path) {
    lines.putIfAbsent(path, line(start));
    switch (start) {
      case MappingStartEvent _ -> mapping(path);
      case SequenceStartEvent _ -> sequence(path);
      default -> {}
    }
  }

  private void mapping(String path) {
    for (var key = events.next(); !(key instanceof MappingEndEvent); key = events.next()) {
      if (key instanceof ScalarEvent name) {
        var child = path.isEmpty() ? name.getValue() : path + "." + name.getValue();
        lines.put(child, line(key));
        value(events.next(), child);
      } else {
        value(key, path + ".?");
        value(events.next(), path + ".?");
      }
    }
  }

  private void sequence(String path) {
    var index = 0;
    for (var element = events.next();
        !(element instanceof SequenceEndEvent);
        element = events.next()) {
      value(element, path + "[" + index++ + "]");
    }
  }

  private static int line(Event event) {
    return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
