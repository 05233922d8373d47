package io.nave.api.schema;

import io.nave.api.ApiError;
import io.nave.api.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A structural OpenAPI v3 schema, as it stands in `openAPIV3Schema` of a CRD. Immutable.
public final class Schema {
  /// One CEL rule of `x-kubernetes-validations`; `self` is the value the schema is about.
  ///
  /// @param reason `FieldValueInvalid` when empty
  /// @param fieldPath the field that is to blame, relative, such as `.x.y`; empty for the value
  /// @param optionalOldSelf whether it is asked about new values too, with `oldSelf` an optional
  public record CelRule(
      String rule,
      String message,
      String messageExpression,
      String reason,
      String fieldPath,
      boolean optionalOldSelf) {
    static CelRule of(JsonNode json) {
      return new CelRule(
          json.path("rule").asString(""),
          json.path("message").asString(""),
          json.path("messageExpression").asString(""),
          json.path("reason").asString(""),
          json.path("fieldPath").asString(""),
          json.path("optionalOldSelf").asBoolean(false));
    }
  }

  private final ObjectNode json;
  final String type;
  final Map<String, Schema> properties;
  final @Nullable Schema additional;
  final @Nullable Schema items;
  final Set<String> required;
  final @Nullable JsonNode defaultValue;
  final List<JsonNode> allowed;
  final @Nullable TextPattern pattern;
  final boolean nullable;
  final boolean preserve;
  final boolean embedded;
  final boolean intOrString;
  final String listType;
  final List<String> listKeys;
  final List<Schema> allOf;
  final List<Schema> anyOf;
  final List<Schema> oneOf;
  final @Nullable Schema not;
  private final List<CelRule> rules;
  private final boolean ruled;
  private volatile @Nullable Object derived; // see derived()
  // made on first use; a race makes two equal ones
  private volatile @Nullable Shape shape;
  private volatile @Nullable Shape objectShape;

  private Schema(ObjectNode json) {
    this.json = json;
    type = json.path("type").asString("");
    properties = named(json.path("properties"));
    additional = one(json.get("additionalProperties"));
    items = one(json.get("items"));
    required = Collections.unmodifiableSet(new LinkedHashSet<>(texts(json.path("required"))));
    defaultValue = json.get("default");
    allowed = List.copyOf(json.path("enum").values());
    pattern = json.has("pattern") ? TextPattern.of(json.path("pattern").asString("")) : null;
    nullable = flag("nullable");
    preserve = flag("x-kubernetes-preserve-unknown-fields");
    embedded = flag("x-kubernetes-embedded-resource");
    intOrString = flag("x-kubernetes-int-or-string");
    listType = json.path("x-kubernetes-list-type").asString("atomic");
    listKeys = texts(json.path("x-kubernetes-list-map-keys"));
    allOf = all(json.path("allOf"));
    anyOf = all(json.path("anyOf"));
    oneOf = all(json.path("oneOf"));
    not = one(json.get("not"));
    rules = rules(json.path("x-kubernetes-validations"));
    ruled =
        !rules.isEmpty()
            || properties.values().stream().anyMatch(Schema::ruled)
            || (additional != null && additional.ruled)
            || (items != null && items.ruled);
  }

  /// Reads a schema as a CRD holds it; what is not about content (descriptions, unknown words) is
  /// kept for [#toJson].
  ///
  /// @throws ApiError BadRequest when it is no object or holds a pattern that is none
  public static Schema parse(JsonNode json) {
    if (!(json instanceof ObjectNode object)) {
      throw ApiError.badRequest("a schema must be a JSON object");
    }
    try {
      return new Schema(object.deepCopy());
    } catch (PatternSyntaxException e) {
      throw ApiError.badRequest(
          "the pattern \"" + e.getPattern() + "\" cannot be read: " + e.getDescription());
    }
  }

  /// The schema of a value that may be anything.
  public static Schema any() {
    return new Schema(Json.object().put("x-kubernetes-preserve-unknown-fields", true));
  }

  /// As it stands in a CRD: a copy the caller may keep.
  public ObjectNode toJson() {
    return json.deepCopy();
  }

  /// Empty when there is none.
  public String description() {
    return json.path("description").asString("");
  }

  /// `object`, `array`, `string`, `integer`, `number`, `boolean`, or empty when any will do.
  public String type() {
    return type;
  }

  /// The named fields, in order.
  public Map<String, Schema> properties() {
    return properties;
  }

  /// What the values of further fields must be; null when there may be none, or anything.
  public @Nullable Schema additionalProperties() {
    return additional;
  }

  /// What the elements must be; null when this is no list.
  public @Nullable Schema items() {
    return items;
  }

  public Set<String> required() {
    return required;
  }

  /// `atomic`, `set` or `map`.
  public String listType() {
    return listType;
  }

  /// The fields that name an element of a list of type `map`.
  public List<String> listKeys() {
    return listKeys;
  }

  /// The CEL rules on this very value.
  public List<CelRule> rules() {
    return rules;
  }

  /// How values of this schema are taken apart into fields that have owners.
  public Shape shape() {
    var known = shape;
    if (known == null) {
      known = Shapes.of(this);
      shape = known;
    }
    return known;
  }

  /// As [#shape], of a whole API object with this schema.
  public Shape objectShape() {
    var known = objectShape;
    if (known == null) {
      known = Shapes.ofObject(this);
      objectShape = known;
    }
    return known;
  }

  /// Whether a rule stands on this value or on one within it.
  public boolean ruled() {
    return ruled;
  }

  /// Whether null is a value of it.
  public boolean nullable() {
    return nullable;
  }

  /// Whether it keeps fields that it does not name.
  public boolean preserves() {
    return preserve;
  }

  /// Whether it is an object that is owned and replaced whole: `x-kubernetes-map-type: atomic`.
  public boolean atomicMap() {
    return text("x-kubernetes-map-type").equals("atomic");
  }

  /// Whether the value is a whole object of some kind.
  public boolean embedded() {
    return embedded;
  }

  /// Something that is made of this schema, and kept with it: one of one class. Made twice when two
  /// tasks come at the same time, harmlessly.
  public <T> T derived(Class<T> type, Function<Schema, T> make) {
    var known = derived;
    if (type.isInstance(known)) {
      return type.cast(known);
    }
    var made = make.apply(this);
    derived = made;
    return made;
  }

  /// A bound such as `maxLength`, or null.
  @Nullable JsonNode bound(String keyword) {
    var bound = json.get(keyword);
    return bound != null && bound.isNumber() ? bound : null;
  }

  boolean flag(String keyword) {
    return json.path(keyword).asBoolean(false);
  }

  String text(String keyword) {
    return json.path(keyword).asString("");
  }

  public String format() {
    return json.path("format").asString("");
  }

  private static Map<String, Schema> named(JsonNode json) {
    var found = new LinkedHashMap<String, Schema>();
    for (var property : json.properties()) {
      var schema = one(property.getValue());
      if (schema != null) {
        found.put(property.getKey(), schema);
      }
    }
    return Collections.unmodifiableMap(found);
  }

  /// `true` stands for anything, `false` and absence for none.
  private static @Nullable Schema one(@Nullable JsonNode json) {
    if (json instanceof ObjectNode object) {
      return new Schema(object);
    }
    return json != null && json.asBoolean(false) ? any() : null;
  }

  private static List<Schema> all(JsonNode json) {
    var found = new ArrayList<Schema>();
    for (var element : json) {
      var schema = one(element);
      if (schema != null) {
        found.add(schema);
      }
    }
    return List.copyOf(found);
  }

  private static List<String> texts(JsonNode json) {
    var found = new ArrayList<String>();
    json.forEach(element -> found.add(element.asString("")));
    return List.copyOf(found);
  }

  private static List<CelRule> rules(JsonNode json) {
    var found = new ArrayList<CelRule>();
    for (var rule : json) {
      found.add(CelRule.of(rule));
    }
    return List.copyOf(found);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Schema that && json.equals(that.json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  @Override
  public String toString() {
    return json.toString();
  }
}
