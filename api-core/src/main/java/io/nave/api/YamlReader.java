package io.nave.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Builds JSON from the parser's events, so that every bound and fault has a line and a column.
final class YamlReader {
  /// Longest text, in characters.
  private static final int LENGTH_MAX = 16 << 20;

  /// Most aliases to lists and objects in one document.
  private static final int ALIASES_MAX = 50;

  /// Most values that aliases may add to one document.
  private static final int ALIASED_VALUES_MAX = 100_000;

  private static final String STANDARD = "tag:yaml.org,2002:";

  /// @param line where it begins, from 1
  record Document(JsonNode value, int line) {}

  private final Iterator<Event> events;
  private Event event; // the one being looked at
  private final Map<String, JsonNode> anchors = new HashMap<>();
  private int aliases;
  private int aliasedValues;

  YamlReader(String text) {
    var settings = LoadSettings.builder().setCodePointLimit(LENGTH_MAX).build();
    events = new Parse(settings).parseString(text).iterator();
    event = advance();
  }

  List<Document> documents() {
    var documents = new ArrayList<Document>();
    while (parsed(events::hasNext)) {
      event = advance();
      if (event instanceof DocumentStartEvent) {
        anchors.clear();
        aliases = 0;
        aliasedValues = 0;
        event = advance();
        var line = line(event.getStartMark());
        documents.add(new Document(value(0), line));
      }
    }
    return documents;
  }

  /// The value that begins at the present event; leaves its last event as the present one.
  private JsonNode value(int depth) {
    if (depth > Json.DEPTH_MAX) {
      throw fault("nested deeper than " + Json.DEPTH_MAX);
    }
    if (event instanceof AliasEvent alias) {
      return aliased(alias);
    }
    var anchor = event instanceof NodeEvent node ? node.getAnchor() : Optional.empty();
    var value =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar);
          case MappingStartEvent mapping -> mapping(mapping, depth);
          case CollectionStartEvent sequence -> sequence(sequence, depth);
          case DocumentEndEvent _ -> YamlScalars.plain("");
          default -> throw fault("a value is expected here");
        };
    anchor.ifPresent(name -> anchors.put(name.toString(), value));
    return value;
  }

  private JsonNode sequence(CollectionStartEvent start, int depth) {
    checkTag(start, "seq");
    var list = JsonNodeFactory.instance.arrayNode();
    event = advance();
    while (!(event instanceof SequenceEndEvent)) {
      list.add(value(depth + 1));
      event = advance();
    }
    return list;
  }

  private JsonNode mapping(CollectionStartEvent start, int depth) {
    checkTag(start, "map");
    var object = Json.object();
    var inherited = Json.object();
    event = advance();
    while (!(event instanceof MappingEndEvent)) {
      if (event instanceof ScalarEvent scalar
          && scalar.isPlain()
          && scalar.getValue().equals("<<")) {
        event = advance();
        inherit(inherited, value(depth + 1));
      } else {
        var at = event;
        var key = key(depth);
        event = advance();
        if (object.has(key)) {
          throw fault(at.getStartMark(), "the key \"" + key + "\" is already set in this object");
        }
        object.set(key, value(depth + 1));
      }
      event = advance();
    }
    for (var entry : inherited.properties()) {
      object.putIfAbsent(entry.getKey(), entry.getValue());
    }
    return object;
  }

  private void inherit(ObjectNode inherited, JsonNode merged) {
    switch (merged) {
      case ObjectNode object ->
          object
              .properties()
              .forEach(entry -> inherited.putIfAbsent(entry.getKey(), entry.getValue()));
      case ArrayNode list when list.valueStream().allMatch(JsonNode::isObject) ->
          list.forEach(element -> inherit(inherited, element));
      default -> throw fault("<< takes an object or a list of objects");
    }
  }

  private String key(int depth) {
    var key = value(depth + 1);
    if (key.isContainer() || key.isNull()) {
      throw fault("a key must be text, a number or a boolean");
    }
    return key.asString();
  }

  private JsonNode scalar(ScalarEvent scalar) {
    var tag = scalar.getTag().orElse(scalar.isPlain() ? "" : "!");
    try {
      return tagged(scalar.getValue(), tag);
    } catch (IllegalArgumentException e) {
      throw fault(String.valueOf(e.getMessage()));
    }
  }

  private JsonNode tagged(String text, String tag) {
    var type = tag.startsWith(STANDARD) ? tag.substring(STANDARD.length()) : tag;
    var value = YamlScalars.plain(type.equals("str") || type.equals("!") ? "" : text);
    var fits =
        switch (type) {
          case "" -> true;
          case "!", "str", "timestamp" -> {
            value = StringNode.valueOf(text);
            yield true;
          }
          case "int" -> value.isIntegralNumber();
          case "float" -> value.isNumber();
          case "bool" -> value.isBoolean();
          case "null" -> value.isNull();
          default -> throw fault("the tag " + tag + " is not supported");
        };
    if (!fits) {
      throw fault("\"" + text + "\" is no value of type " + type);
    }
    return value;
  }

  /// A copy: trees must not share nodes, since they may be changed.
  private JsonNode aliased(AliasEvent alias) {
    var value = anchors.get(alias.getAlias().toString());
    if (value == null) {
      throw fault("the anchor " + alias.getAlias() + " is not known here");
    }
    if (value.isContainer() && ++aliases > ALIASES_MAX) {
      throw fault("more than " + ALIASES_MAX + " aliases in one document");
    }
    count(value);
    return value.deepCopy();
  }

  private void count(JsonNode value) {
    if (++aliasedValues > ALIASED_VALUES_MAX) {
      throw fault("the aliases stand for more than " + ALIASED_VALUES_MAX + " values");
    }
    value.values().forEach(this::count);
  }

  private void checkTag(CollectionStartEvent start, String type) {
    var tag = start.getTag().orElse("!");
    if (!tag.equals("!") && !tag.equals(STANDARD + type)) {
      throw fault("the tag " + tag + " is not supported");
    }
  }

  private Event advance() {
    return parsed(events::next);
  }

  /// Both asking whether there is more and taking it read on in the text.
  private static <T> T parsed(Supplier<T> step) {
    try {
      return step.get();
    } catch (MarkedYamlEngineException e) {
      throw fault(e.getProblemMark().or(e::getContextMark), String.valueOf(e.getProblem()));
    } catch (YamlEngineException e) {
      throw ApiError.badRequest("YAML: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      // The parser's own of an escape beyond Unicode: `"\\Ud800d800"`.
      throw ApiError.badRequest("YAML: " + e.getMessage());
    }
  }

  private ApiError fault(String what) {
    return fault(event.getStartMark(), what);
  }

  private static ApiError fault(Optional<Mark> mark, String what) {
    var column = mark.map(m -> ", column " + (m.getColumn() + 1)).orElse("");
    return ApiError.badRequest("YAML, line " + line(mark) + column + ": " + what);
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(m -> m.getLine() + 1).orElse(1);
  }
}
