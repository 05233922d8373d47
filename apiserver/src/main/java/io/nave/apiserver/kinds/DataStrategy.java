package io.nave.apiserver.kinds;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Faults;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What ConfigMaps and Secrets share: named values, bounded together, perhaps frozen.
abstract class DataStrategy extends BuiltIn {
  /// As in Kubernetes: all values of an object together.
  private static final int BYTES_MAX = 1024 * 1024;

  private static final Pattern NAME = Pattern.compile("[-._a-zA-Z0-9]{1,253}");

  /// The maps that hold the object's values.
  abstract List<String> fields();

  /// Whether values of that map are base64.
  abstract boolean binary(String field);

  @Override
  public void validate(Request request, Faults faults) {
    var object = request.object();
    var bytes = 0L;
    for (var field : fields()) {
      for (var entry : object.at("/" + field).properties()) {
        checkEntry(field, entry.getKey(), entry.getValue(), faults);
        bytes += entry.getValue().asString("").length();
      }
    }
    if (bytes > BYTES_MAX) {
      faults.invalid("data", bytes, "must have at most " + BYTES_MAX + " bytes");
    }
    var old = request.old();
    if (old != null && old.at("/immutable").asBoolean(false)) {
      checkFrozen(old, object, faults);
    }
  }

  private void checkEntry(String field, String name, JsonNode value, Faults faults) {
    if (!NAME.matcher(name).matches() || name.equals(".") || name.startsWith("..")) {
      faults.invalid(
          field + "[" + name + "]",
          name,
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
              + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
              + " '[-._a-zA-Z0-9]+')");
    }
    if (binary(field) && !base64(value.asString(""))) {
      // The value stays unsaid: it may be a secret that was only forgotten to be encoded.
      faults.invalid(field + "[" + name + "]", "<value omitted>", "must be base64");
    }
  }

  private static boolean base64(String text) {
    try {
      Base64.getDecoder().decode(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void checkFrozen(ApiObject old, ApiObject next, Faults faults) {
    if (!next.at("/immutable").asBoolean(false)) {
      faults.forbidden("immutable", "field is immutable when `immutable` is set");
    }
    for (var field : fields()) {
      if (!Json.same(old.at("/" + field), next.at("/" + field))) {
        faults.forbidden(field, "field is immutable when `immutable` is set");
      }
    }
  }

  /// How many values there are.
  long count(ApiObject object) {
    return fields().stream().mapToLong(field -> object.at("/" + field).size()).sum();
  }
}
