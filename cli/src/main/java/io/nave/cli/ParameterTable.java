package io.nave.cli;

import io.nave.applications.definitions.Definition;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The properties of a type as a table for people: one line each, nested ones by their path.
final class ParameterTable {
  private static final int WIDE = 60;

  private record Row(String name, String type, String required, String preset, String about) {
    List<String> cells() {
      return List.of(name, type, required, preset, about);
    }
  }

  private final List<Row> rows = new ArrayList<>();

  private ParameterTable() {}

  /// The description of the type, then the table.
  static String of(Definition definition) {
    var table = new ParameterTable();
    table.rows.add(new Row("PROPERTY", "TYPE", "REQUIRED", "DEFAULT", "DESCRIPTION"));
    table.fields(definition.schema(), "");
    var head = definition.role().kind() + " " + definition.name();
    var about = definition.description();
    return head + (about.isEmpty() ? "" : ": " + about) + "\n\n" + table.text();
  }

  private void fields(JsonNode schema, String prefix) {
    var required = new ArrayList<String>();
    schema.path("required").forEach(name -> required.add(name.asString("")));
    for (var property : schema.path("properties").properties()) {
      var name = prefix + property.getKey();
      var field = property.getValue();
      rows.add(
          new Row(
              name,
              typeOf(field),
              required.contains(property.getKey()) ? "yes" : "",
              field.has("default") ? shortened(field.path("default").toString()) : "",
              field.path("description").asString("")));
      fields(field, name + ".");
      fields(field.path("items"), name + "[].");
    }
  }

  private static String typeOf(JsonNode field) {
    var values = field.path("enum");
    if (!values.isEmpty()) {
      var names = values.valueStream().map(value -> value.asString("")).toList();
      return shortened(String.join("|", names));
    }
    var type = field.path("type").asString("any");
    return switch (type) {
      case "array" -> typeOf(field.path("items")) + "[]";
      case "object" ->
          field.path("additionalProperties").isObject()
              ? "map of " + typeOf(field.path("additionalProperties"))
              : "object";
      default -> type;
    };
  }

  private static String shortened(String text) {
    return text.length() <= WIDE ? text : text.substring(0, WIDE - 3) + "...";
  }

  private String text() {
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (var column = 0; column < row.cells().size(); column++) {
        var cell = row.cells().get(column);
        line.append(cell).append(" ".repeat(width(column) - cell.length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.cells().get(column).length()).max().orElse(0);
  }
}
