package io.nave.applications.definitions;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads templates of one definition and compiles their expressions. For one task.
final class TemplateReader {
  private static final Set<String> LOOP =
      Set.of("forEach", "as", "index", "key", "template", "includeWhen");
  private static final String NAME = "[a-zA-Z_][a-zA-Z0-9_]*";

  private final String definition;
  private final List<CelExpr> compiled = new ArrayList<>();

  /// @param definition kind and name, for messages
  TemplateReader(String definition) {
    this.definition = definition;
  }

  /// @param path where the template stands in the definition
  /// @throws BadDefinition naming the place of what cannot be read
  Template read(JsonNode node, String path) {
    return read(node, path, Set.of());
  }

  /// The expression of a name that templates read.
  ///
  /// @param before the names that it may read itself
  Expression let(String name, JsonNode node, Set<String> before) {
    if (!name.matches(NAME) || name.equals("parameter") || name.equals("context")) {
      throw bad("let." + name, "expected a name such as item, found \"" + name + "\"");
    }
    return expression(node, "let." + name, before);
  }

  /// @param names what is in scope beside `parameter` and `context`
  Template read(JsonNode node, String path, Set<String> names) {
    return switch (node) {
      case ObjectNode object when object.has("forEach") -> loop(object, path, names);
      case ObjectNode object -> fields(object, path, names);
      case ArrayNode list -> items(list, path, names);
      case JsonNode text when text.isString() -> text(text, path, names);
      default -> new Template.Constant(node);
    };
  }

  private Template fields(ObjectNode object, String path, Set<String> names) {
    var fields = new ArrayList<Template.Field>();
    var constant = !object.has("includeWhen");
    for (var entry : object.properties()) {
      if (!entry.getKey().equals("includeWhen")) {
        var value = read(entry.getValue(), path + "." + entry.getKey(), names);
        constant &= value instanceof Template.Constant;
        fields.add(new Template.Field(entry.getKey(), value));
      }
    }
    return constant
        ? new Template.Constant(object)
        : new Template.Fields(condition(object, path, names), List.copyOf(fields));
  }

  private Template items(ArrayNode list, String path, Set<String> names) {
    var items = new ArrayList<Template>();
    for (var i = 0; i < list.size(); i++) {
      items.add(read(list.get(i), path + "[" + i + "]", names));
    }
    return items.stream().allMatch(item -> item instanceof Template.Constant)
        ? new Template.Constant(list)
        : new Template.Items(List.copyOf(items));
  }

  private Template loop(ObjectNode object, String path, Set<String> names) {
    for (var field : object.propertyNames()) {
      if (!LOOP.contains(field)) {
        throw bad(
            path, "a forEach has no field \"" + field + "\"; expected " + new TreeSet<>(LOOP));
      }
    }
    var list = expression(object.path("forEach"), path + ".forEach", names);
    var as = name(object, "as", path);
    if (as == null || !object.has("template")) {
      throw bad(path, "a forEach needs both \"as\" and \"template\"");
    }
    var index = name(object, "index", path);
    var inner = new TreeSet<>(names);
    inner.add(as);
    if (index != null) {
      inner.add(index);
    }
    var key = object.get("key");
    return new Template.ForEach(
        condition(object, path, names),
        list,
        as,
        index,
        key == null ? null : read(key, path + ".key", inner),
        read(object.path("template"), path + ".template", inner));
  }

  private @Nullable String name(ObjectNode object, String field, String path) {
    var name = object.get(field);
    if (name == null) {
      return null;
    }
    if (!name.isString() || !name.stringValue().matches(NAME)) {
      throw bad(path + "." + field, "expected a name such as item, found " + name);
    }
    return name.stringValue();
  }

  private @Nullable Expression condition(ObjectNode object, String path, Set<String> names) {
    var condition = object.get("includeWhen");
    return condition == null ? null : expression(condition, path + ".includeWhen", names);
  }

  private Expression expression(JsonNode node, String path, Set<String> names) {
    if (node.isString() && text(node, path, names) instanceof Template.Value(var expression)) {
      return expression;
    }
    throw bad(path, "expected one ${expression}, found " + node);
  }

  private Template text(JsonNode node, String path, Set<String> names) {
    var text = node.stringValue();
    var pieces = new ArrayList<Template.Piece>();
    var plain = new StringBuilder();
    for (var at = 0; at < text.length(); ) {
      if (text.startsWith("$${", at)) {
        plain.append("${");
        at += 3;
      } else if (text.startsWith("${", at)) {
        var end = end(text, at + 2, path);
        flush(plain, pieces);
        pieces.add(filled(text.substring(at + 2, end).strip(), path, names));
        at = end + 1;
      } else {
        plain.append(text.charAt(at++));
      }
    }
    flush(plain, pieces);
    if (pieces.size() == 1 && pieces.getFirst() instanceof Template.Piece.Filled(var only)) {
      return new Template.Value(only);
    }
    return pieces.stream().anyMatch(piece -> piece instanceof Template.Piece.Filled)
        ? new Template.Text(List.copyOf(pieces))
        : new Template.Constant(unescaped(node, pieces));
  }

  private static JsonNode unescaped(JsonNode node, List<Template.Piece> pieces) {
    return pieces.size() == 1 && pieces.getFirst() instanceof Template.Piece.Plain(var text)
        ? tools.jackson.databind.node.StringNode.valueOf(text)
        : node;
  }

  private static void flush(StringBuilder plain, List<Template.Piece> pieces) {
    if (!plain.isEmpty()) {
      pieces.add(new Template.Piece.Plain(plain.toString()));
      plain.setLength(0);
    }
  }

  private Template.Piece filled(String source, String path, Set<String> names) {
    var expression = Expressions.compile(definition, path, source, names);
    compiled.add(expression.tree());
    return new Template.Piece.Filled(expression);
  }

  /// The expressions it compiled so far.
  List<CelExpr> compiled() {
    return List.copyOf(compiled);
  }

  /// The closing brace of the expression that begins at `from`: braces inside it and inside its
  /// texts do not count.
  private int end(String text, int from, String path) {
    var depth = 0;
    var quote = '\0';
    for (var at = from; at < text.length(); at++) {
      var c = text.charAt(at);
      if (quote != '\0') {
        at += c == '\\' ? 1 : 0;
        quote = c == quote ? '\0' : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && depth-- == 0) {
        return at;
      }
    }
    throw bad(path, "the expression that begins with ${ has no closing }: " + text);
  }

  private BadDefinition bad(String path, String fault) {
    return new BadDefinition(definition, path, fault);
  }
}
