package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.JsonPaths;
import io.nave.api.ResourceType;
import io.nave.api.ResourceType.Column;
import io.nave.apiserver.Api;
import io.nave.apiserver.Columns;
import io.nave.runtime.Host;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects as the rows `kubectl get` prints: `Name` and the type's own columns, or `Age` where it
/// has none.
///
/// Cells of date columns are ages at the time of encoding, as every Kubernetes server sends them.
final class Tables {
  private static final Column NAME = new Column("Name", "string", ".metadata.name", 0);
  private static final Column AGE = new Column("Age", "date", ".metadata.creationTimestamp", 0);

  /// A column with its path, read once; null where the server computes the cell.
  private record Shown(Column column, JsonPaths.@Nullable Path path) {}

  private final List<Shown> columns;
  private final Columns computed;
  private final String version;
  private final String include;
  private final Host host;

  /// @param computed the cells of columns without a path
  /// @param include `None`, `Metadata` (also when empty) or `Object`: what each row carries
  /// @throws ApiError BadRequest for another `include`
  Tables(ResourceType type, Columns computed, String version, String include, Host host) {
    if (!List.of("", "None", "Metadata", "Object").contains(include)) {
      throw ApiError.badRequest(
          "Unable to convert to Table as requested: includeObject: Invalid value: \""
              + include
              + "\": must be 'Metadata', 'Object', 'None', or empty");
    }
    this.columns = columns(type);
    this.computed = computed;
    this.version = version;
    this.include = include;
    this.host = host;
  }

  /// One page as a table.
  byte[] page(Api.Page page) {
    return Json.encode(table(Listing.meta(page), page.items(), true));
  }

  /// One object as a table.
  ///
  /// @param defined whether the columns are described; a watch does so in its first event only
  ObjectNode one(ApiObject object, boolean defined) {
    var meta = Json.object().put("resourceVersion", object.resourceVersion());
    return table(meta, List.of(object), defined);
  }

  private ObjectNode table(ObjectNode meta, List<ApiObject> objects, boolean defined) {
    var table = Json.object();
    table.put("kind", "Table").put("apiVersion", "meta.k8s.io/" + version);
    table.set("metadata", meta);
    table.putNull("columnDefinitions");
    if (defined) {
      var definitions = table.putArray("columnDefinitions");
      columns.forEach(shown -> define(definitions.addObject(), shown.column()));
    }
    var now = host.now();
    var rows = table.putArray("rows");
    objects.forEach(object -> row(rows.addObject(), object, now));
    return table;
  }

  private static void define(ObjectNode definition, Column column) {
    definition
        .put("name", column.name())
        .put("type", column.type())
        .put("format", column.name().equals(NAME.name()) ? "name" : "")
        .put("description", "")
        .put("priority", column.priority());
  }

  private void row(ObjectNode row, ApiObject object, Instant now) {
    var cells = row.putArray("cells");
    var given = computed.cells(object).iterator();
    for (var shown : columns) {
      var path = shown.path();
      var value =
          path != null
              ? path.first(object.json())
              : given.hasNext() ? Json.tree(given.next()) : null;
      if (path == null && value != null && value.isNumber()) {
        cells.add(value); // counts are numbers, whatever the column says of itself
      } else {
        cell(cells, shown.column(), value, now);
      }
    }
    switch (include) {
      case "None" -> row.putNull("object");
      case "Object" -> row.set("object", object.json());
      default -> row.set("object", Metadata.of(object, version));
    }
  }

  private static void cell(ArrayNode cells, Column column, @Nullable JsonNode value, Instant now) {
    if (column.type().equals("date")) {
      cells.add(age(value == null ? "" : value.asString(""), now));
    } else if (value == null || value.isNull()) {
      cells.addNull();
    } else if (column.type().equals("string")) {
      cells.add(text(value));
    } else {
      cells.add(value);
    }
  }

  private static String age(String timestamp, Instant now) {
    try {
      return HumanDuration.since(timestamp.isEmpty() ? null : Instant.parse(timestamp), now);
    } catch (DateTimeException e) {
      return "<invalid>";
    }
  }

  private static String text(JsonNode value) {
    return value.isContainer() ? Json.text(value) : value.asString();
  }

  /// Whether the name is not the first of a kind's columns: of events it comes last, and wide only.
  private static boolean placesName(ResourceType type) {
    return type.columns().stream()
        .anyMatch(column -> column.name().equals(NAME.name()) && column.jsonPath().isEmpty());
  }

  private static List<Shown> columns(ResourceType type) {
    var columns = new ArrayList<Column>();
    if (!placesName(type)) {
      columns.add(NAME);
    }
    for (var column : type.columns()) {
      if (!column.name().equals(NAME.name()) || column.jsonPath().isEmpty()) {
        columns.add(column);
      }
    }
    if (type.columns().isEmpty()) {
      columns.add(AGE);
    }
    return columns.stream()
        .map(column ->
            new Shown(
                column, column.jsonPath().isEmpty() ? null : JsonPaths.parse(column.jsonPath())))
        .toList();
  }
}
