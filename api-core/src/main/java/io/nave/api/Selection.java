package io.nave.api;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// Which objects of a type a list or watch is about: by labels and by fields.
///
/// @param fields path to wanted value; `metadata.name` and `metadata.namespace` work for every
///   type, other simple paths such as `spec.signerName` where the server supports them
/// @param without path to a value that is not wanted
public record Selection(LabelSelector labels, Map<String, String> fields, List<Unwanted> without) {
  /// A field that must have another value.
  public record Unwanted(String path, String value) {}

  private static final Selection ALL = new Selection(LabelSelector.everything(), Map.of());

  public Selection {
    fields = Absent.toEmpty(fields);
    without = List.copyOf(without);
  }

  public Selection(LabelSelector labels, Map<String, String> fields) {
    this(labels, fields, List.of());
  }

  /// Every object.
  public static Selection all() {
    return ALL;
  }

  /// The one object of that name.
  public static Selection named(String name) {
    return new Selection(LabelSelector.everything(), Map.of("metadata.name", name));
  }

  /// Objects that carry this label.
  public static Selection labelled(String key, String value) {
    return new Selection(LabelSelector.ofLabels(Map.of(key, value)), Map.of());
  }

  /// Parses the query parameters `labelSelector` and `fieldSelector`; empty texts select all.
  ///
  /// @throws ApiError BadRequest naming what cannot be read
  public static Selection parse(String labelSelector, String fieldSelector) {
    var fields = FieldSelector.parse(fieldSelector);
    return new Selection(
        labelSelector.isBlank() ? LabelSelector.everything() : LabelSelector.parse(labelSelector),
        fields.wanted(),
        fields.without());
  }

  public boolean matches(ApiObject object) {
    for (var field : fields.entrySet()) {
      if (!value(object, field.getKey()).equals(field.getValue())) {
        return false;
      }
    }
    for (var field : without) {
      if (value(object, field.path()).equals(field.value())) {
        return false;
      }
    }
    return labels.matches(object.labels());
  }

  private static String value(ApiObject object, String path) {
    return switch (path) {
      case "metadata.name" -> object.name();
      case "metadata.namespace" -> object.namespace();
      default -> object.at("/" + path.replace('.', '/')).asString("");
    };
  }

  /// The label part as `?labelSelector=` takes it; empty when it selects all.
  public String labelQuery() {
    var parts = new StringJoiner(",");
    labels.matchLabels().forEach((key, value) -> parts.add(key + "=" + value));
    for (var requirement : labels.matchExpressions()) {
      var values = "(" + String.join(",", requirement.values()) + ")";
      parts.add(
          switch (requirement.operator()) {
            case "In" -> requirement.key() + " in " + values;
            case "NotIn" -> requirement.key() + " notin " + values;
            case "DoesNotExist" -> "!" + requirement.key();
            case "Gt" -> requirement.key() + ">" + requirement.values().getFirst();
            case "Lt" -> requirement.key() + "<" + requirement.values().getFirst();
            default -> requirement.key();
          });
    }
    return parts.toString();
  }

  /// The field part as `?fieldSelector=` takes it; empty when it selects all.
  public String fieldQuery() {
    return new FieldSelector(fields, without).query();
  }
}
