package io.nave.applications.definitions;

import io.nave.api.Json;
import io.nave.api.cel.CelValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Expands templates with the values of one rendering, within two budgets: of what it produces, as
/// no more fits into a work anyway, and of what all its expressions may cost together.
final class Expansion {
  /// Most values (fields, elements, leaves) that one rendering produces.
  private static final int VALUES_MAX = 50_000;

  /// Most characters of text that one rendering produces; a work takes 500 KB.
  private static final int TEXT_MAX = 1 << 20;

  private final String definition;
  private final RenderBudget budget = new RenderBudget();
  private int values;
  private int characters;

  /// @param definition kind and name, for messages
  Expansion(String definition) {
    this.definition = definition;
  }

  /// What an expression yields as it is, for a name that others read.
  Object evaluate(Expression expression, Map<String, Object> scope) {
    return expression.value(scope, budget);
  }

  /// The JSON the template stands for; null when it is dropped.
  ///
  /// @throws RenderFault when an expression fails or the budget is spent
  @Nullable JsonNode expand(Template template, Map<String, Object> scope) {
    return switch (template) {
      case Template.Constant(var value) -> spend(value.deepCopy());
      case Template.Value(var expression) -> value(expression, scope);
      case Template.Text(var pieces) -> text(pieces, scope);
      case Template.Fields(var condition, var fields) -> fields(condition, fields, scope);
      case Template.Items(var items) -> items(items, scope);
      case Template.ForEach loop ->
          loop.key() == null ? list(elements(loop, scope)) : named(loop, loop.key(), scope);
    };
  }

  private @Nullable JsonNode value(Expression expression, Map<String, Object> scope) {
    try {
      var node = CelValues.toJson(expression.value(scope, budget));
      return node == null || node.isNull() ? null : spend(node);
    } catch (IllegalArgumentException e) {
      throw expression.fault(Objects.requireNonNullElse(e.getMessage(), "is no JSON"));
    }
  }

  private JsonNode text(List<Template.Piece> pieces, Map<String, Object> scope) {
    var text = new StringBuilder();
    for (var piece : pieces) {
      switch (piece) {
        case Template.Piece.Plain(var plain) -> text.append(plain);
        case Template.Piece.Filled(var expression) -> text.append(filled(expression, scope));
      }
    }
    return spend(JsonNodeFactory.instance.stringNode(text.toString()));
  }

  private String filled(Expression expression, Map<String, Object> scope) {
    var value = CelValues.present(expression.value(scope, budget));
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw expression.fault(
        "expected a text, number or bool inside a text, found " + CelValues.typeOf(value));
  }

  private @Nullable JsonNode fields(
      @Nullable Expression condition, List<Template.Field> fields, Map<String, Object> scope) {
    if (condition != null && !condition.isTrue(scope, budget)) {
      return null;
    }
    var object = Json.object();
    for (var field : fields) {
      var value = expand(field.value(), scope);
      if (value != null) {
        object.set(field.name(), value);
      }
    }
    return object;
  }

  private @Nullable JsonNode items(List<Template> items, Map<String, Object> scope) {
    var found = new ArrayList<JsonNode>();
    for (var item : items) {
      if (item instanceof Template.ForEach loop && loop.key() == null) {
        found.addAll(elements(loop, scope));
      } else {
        var value = expand(item, scope);
        if (value != null) {
          found.add(value);
        }
      }
    }
    return list(found);
  }

  /// Null when empty: Kubernetes takes an empty list for an absent one.
  private static @Nullable JsonNode list(List<JsonNode> elements) {
    return elements.isEmpty() ? null : JsonNodeFactory.instance.arrayNode().addAll(elements);
  }

  private List<JsonNode> elements(Template.ForEach loop, Map<String, Object> scope) {
    var found = new ArrayList<JsonNode>();
    for (var inner : rounds(loop, scope)) {
      var value = expand(loop.body(), inner);
      if (value != null) {
        found.add(value);
      }
    }
    return found;
  }

  private @Nullable JsonNode named(Template.ForEach loop, Template key, Map<String, Object> scope) {
    var object = Json.object();
    for (var inner : rounds(loop, scope)) {
      var name = expand(key, inner);
      var value = expand(loop.body(), inner);
      if (value != null && name != null) {
        object.set(name.asString(), value);
      }
    }
    return object.isEmpty() ? null : object;
  }

  /// The scope of each round. A map counts as a list of its entries, each with `key` and `value`.
  private List<Map<String, Object>> rounds(Template.ForEach loop, Map<String, Object> scope) {
    var condition = loop.includeWhen();
    if (condition != null && !condition.isTrue(scope, budget)) {
      return List.of();
    }
    var value = CelValues.present(loop.list().value(scope, budget));
    List<?> elements =
        switch (value) {
          case null -> List.of();
          case List<?> list -> list;
          case Map<?, ?> map ->
              map.entrySet().stream()
                  .map(e -> Map.of("key", e.getKey(), "value", e.getValue()))
                  .toList();
          default ->
              throw loop.list()
                  .fault("forEach: expected a list or map, found " + CelValues.typeOf(value));
        };
    var rounds = new ArrayList<Map<String, Object>>();
    for (var i = 0; i < elements.size(); i++) {
      var inner = new LinkedHashMap<>(scope);
      inner.put(loop.as(), elements.get(i));
      if (loop.index() != null) {
        inner.put(loop.index(), (long) i);
      }
      count(1);
      rounds.add(inner);
    }
    return rounds;
  }

  private JsonNode spend(JsonNode node) {
    count(1);
    if (node.isString()) {
      characters += node.stringValue().length();
    }
    if (characters > TEXT_MAX) {
      throw new RenderFault(
          definition + ": produces more than " + TEXT_MAX + " characters of text");
    }
    node.forEach(this::spend);
    return node;
  }

  private void count(int more) {
    values += more;
    if (values > VALUES_MAX) {
      throw new RenderFault(definition + ": produces more than " + VALUES_MAX + " values");
    }
  }
}
