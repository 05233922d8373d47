package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What `metadata` may hold.
final class MetadataRules {
  /// As in Kubernetes: all annotations of an object together.
  private static final int ANNOTATION_BYTES_MAX = 256 * 1024;

  private static final Pattern NAME_PART =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

  private static final String KEY_HINT =
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end"
          + " with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex"
          + " used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

  private static final String VALUE_HINT =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
          + " 'my_value',  or '12345', regex used for validation is"
          + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

  private MetadataRules() {}

  /// The types of the fields, which everything else relies on.
  ///
  /// @throws ApiError BadRequest naming the field
  static void checkForm(ObjectNode meta) {
    for (var field : new String[] {"name", "generateName", "namespace", "uid", "resourceVersion"}) {
      check(!meta.has(field) || meta.path(field).isString(), field, "must be a string");
    }
    for (var field : new String[] {"labels", "annotations"}) {
      checkStrings(meta.path(field), field);
    }
    var finalizers = meta.path("finalizers");
    check(finalizers.isMissingNode() || finalizers.isArray(), "finalizers", "must be a list");
    finalizers.forEach(f -> check(f.isString(), "finalizers", "must be a list of strings"));
    var owners = meta.path("ownerReferences");
    check(owners.isMissingNode() || owners.isArray(), "ownerReferences", "must be a list");
    owners.forEach(o -> check(o.isObject(), "ownerReferences", "must be a list of objects"));
  }

  private static void checkStrings(JsonNode map, String field) {
    check(map.isMissingNode() || map.isObject(), field, "must be an object");
    for (var entry : map.properties()) {
      check(
          entry.getValue().isString(),
          field + "." + entry.getKey(),
          "must be a string: quote it in YAML");
    }
  }

  private static void check(boolean holds, String field, String why) {
    if (!holds) {
      throw ApiError.badRequest("metadata." + field + " " + why);
    }
  }

  /// @param old the stored state; null for a new object
  static void validate(@Nullable ApiObject old, ApiObject object, NameRule names, Faults faults) {
    names
        .fault(object.name())
        .ifPresent(why -> faults.invalid("metadata.name", object.name(), why));
    object.labels().forEach((key, value) -> label(key, value, faults));
    annotations(object, faults);
    for (var finalizer : object.finalizers()) {
      qualified("metadata.finalizers", finalizer, faults);
      if (old != null && old.deleting() && !old.finalizers().contains(finalizer)) {
        faults.forbidden(
            "metadata.finalizers",
            "no new finalizers can be added if the object is being deleted, found new finalizers"
                + " []string{\""
                + finalizer
                + "\"}");
      }
    }
    var index = 0;
    for (var owner : object.metadata().path("ownerReferences")) {
      owner("metadata.ownerReferences[" + index++ + "]", owner, faults);
    }
  }

  private static void label(String key, String value, Faults faults) {
    qualified("metadata.labels", key, faults);
    if (!value.isEmpty()) {
      if (value.length() > 63) {
        faults.invalid("metadata.labels", value, "must be no more than 63 characters");
      } else if (!NAME_PART.matcher(value).matches()) {
        faults.invalid("metadata.labels", value, VALUE_HINT);
      }
    }
  }

  private static void annotations(ApiObject object, Faults faults) {
    var size = 0L;
    for (var entry : object.annotations().entrySet()) {
      qualified("metadata.annotations", entry.getKey().toLowerCase(Locale.ROOT), faults);
      size += entry.getKey().length() + entry.getValue().length();
    }
    if (size > ANNOTATION_BYTES_MAX) {
      faults.invalid(
          "metadata.annotations", size, "must have at most " + ANNOTATION_BYTES_MAX + " bytes");
    }
  }

  /// `name` or `prefix/name`.
  private static void qualified(String field, String key, Faults faults) {
    var slash = key.indexOf('/');
    var prefix = slash < 0 ? "" : key.substring(0, slash);
    if (slash >= 0 && NameRule.SUBDOMAIN.fault(prefix).isPresent()) {
      faults.invalid(
          field,
          key,
          "prefix part " + NameRule.SUBDOMAIN.fault(prefix).orElse("must not be empty"));
    }
    if (!NAME_PART.matcher(key.substring(slash + 1)).matches()) {
      faults.invalid(field, key, KEY_HINT);
    }
  }

  private static void owner(String path, JsonNode owner, Faults faults) {
    for (var field : new String[] {"apiVersion", "kind", "name", "uid"}) {
      if (owner.path(field).asString("").isEmpty()) {
        faults.invalid(path + "." + field, "", field + " must not be empty");
      }
    }
  }
}
