package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Collects what is wrong with an object, field by field, in Kubernetes' words.
public final class Faults {
  private final List<ApiError.Cause> causes = new ArrayList<>();

  /// The field must be there.
  public Faults required(String field, String why) {
    return add(
        "FieldValueRequired", field, why.isEmpty() ? "Required value" : "Required value: " + why);
  }

  /// The value cannot be what it is.
  public Faults invalid(String field, Object value, String why) {
    return add("FieldValueInvalid", field, "Invalid value: " + quoted(value) + ": " + why);
  }

  /// The value is none of those that are known.
  public Faults notSupported(String field, Object value, Collection<String> known) {
    var list = "\"" + String.join("\", \"", known) + "\"";
    return add(
        "FieldValueNotSupported",
        field,
        "Unsupported value: " + quoted(value) + ": supported values: " + list);
  }

  /// The field may not be set or changed now.
  public Faults forbidden(String field, String why) {
    return add("FieldValueForbidden", field, "Forbidden: " + why);
  }

  /// As [#invalid], for a field that may never change, when it did.
  public Faults immutable(String field, Object before, Object after) {
    return before.equals(after) ? this : invalid(field, after, "field is immutable");
  }

  public Faults addAll(List<ApiError.Cause> found) {
    causes.addAll(found);
    return this;
  }

  public boolean isEmpty() {
    return causes.isEmpty();
  }

  /// @throws ApiError Invalid with all that was found, if anything was
  public void raise(ResourceType type, String name) {
    if (!causes.isEmpty()) {
      throw ApiError.invalid(type, name, causes);
    }
  }

  private Faults add(String reason, String field, String message) {
    causes.add(new ApiError.Cause(reason, field, message));
    return this;
  }

  private static String quoted(Object value) {
    return value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
  }
}
