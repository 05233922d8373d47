package io.nave.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/// Which objects of a type a list or watch is about: by labels and by fields.
///
/// @param fields path to wanted value; `metadata.name` and `metadata.namespace` work for every
///   type, other simple paths such as `spec.signerName` where the server supports them
public record Selection(LabelSelector labels, Map<String, String> fields) {
  private static final Selection ALL = new Selection(LabelSelector.everything(), Map.of());

  public Selection {
    fields = Absent.toEmpty(fields);
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
    var fields = new LinkedHashMap<String, String>();
    for (var part : fieldSelector.isBlank() ? new String[0] : fieldSelector.split(",")) {
      var equal = part.indexOf('=');
      if (equal <= 0 || part.charAt(equal - 1) == '!') {
        throw ApiError.badRequest(
            "unable to parse field selector \"" + part + "\": expected path=value");
      }
      var value = part.substring(equal + 1);
      fields.put(
          part.substring(0, equal).strip(), value.startsWith("=") ? value.substring(1) : value);
    }
    return new Selection(
        labelSelector.isBlank() ? LabelSelector.everything() : LabelSelector.parse(labelSelector),
        Collections.unmodifiableMap(fields));
  }

  public boolean matches(ApiObject object) {
    for (var field : fields.entrySet()) {
      var pointer = "/" + field.getKey().replace('.', '/');
      if (!object.at(pointer).asString("").equals(field.getValue())) {
        return false;
      }
    }
    return labels.matches(object.labels());
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
            default -> requirement.key();
          });
    }
    return parts.toString();
  }

  /// The field part as `?fieldSelector=` takes it; empty when it selects all.
  public String fieldQuery() {
    var parts = new StringJoiner(",");
    fields.forEach((path, value) -> parts.add(path + "=" + value));
    return parts.toString();
  }
}
