package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
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

  private static final String FINALIZERS = "metadata.finalizers";

  /// Those of Kubernetes itself, which have no domain.
  private static final Set<String> STANDARD = Set.of("foregroundDeletion", "kubernetes", "orphan");

  /// Groups whose kinds take any finalizer: what ends a definition has no path.
  private static final Set<String> FREE =
      Set.of("admissionregistration.k8s.io", "apiextensions.k8s.io", "coordination.k8s.io");

  /// Of an owner: with a group or without.
  private static final Pattern VERSION = Pattern.compile("([^/]*/)?[^/]+");

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
  /// @param builtIn whether the kind is one of Kubernetes' own, of which finalizers without a
  ///   domain are refused; of others they are warned of, see [#doubts]
  static void validate(
      @Nullable ApiObject old, ApiObject object, NameRule names, boolean builtIn, Faults faults) {
    var base = object.metadata().path("generateName").asString("");
    if (old == null && !base.isEmpty()) {
      names
          .fault(withoutDash(base))
          .ifPresent(why -> faults.invalid("metadata.generateName", base, why));
    }
    names
        .fault(object.name())
        .ifPresent(why -> faults.invalid("metadata.name", object.name(), why));
    object.labels().forEach((key, value) -> label(key, value, faults));
    annotations(object, faults);
    owners(object.metadata().path("ownerReferences"), faults);
    finalizers(old, object, builtIn, faults);
  }

  /// As there: a base may end in a dash, since more comes after it.
  private static String withoutDash(String base) {
    return base.length() > 1 && base.endsWith("-")
        ? base.substring(0, base.length() - 2) + "a"
        : base;
  }

  private static void finalizers(
      @Nullable ApiObject old, ApiObject object, boolean builtIn, Faults faults) {
    var all = object.finalizers();
    all.forEach(one -> qualified(FINALIZERS, one, faults));
    if (all.contains("orphan") && all.contains("foregroundDeletion")) {
      faults.invalid(
          FINALIZERS, Json.tree(all), "finalizer orphan and foregroundDeletion cannot be both set");
    }
    var strict = builtIn && !FREE.contains(group(object));
    for (var i = 0; strict && i < all.size(); i++) {
      if (unqualified(all.get(i))) {
        faults.invalid(
            FINALIZERS + "[" + i + "]",
            all.get(i),
            "name is neither a standard finalizer name nor is it fully qualified");
      }
    }
    var added = new TreeSet<>(all);
    added.removeAll(old == null ? List.of() : old.finalizers());
    if (old != null && old.deleting() && !added.isEmpty()) {
      faults.forbidden(
          FINALIZERS,
          "no new finalizers can be added if the object is being deleted, found new finalizers"
              + " []string{\""
              + String.join("\", \"", added)
              + "\"}");
    }
  }

  private static String group(ApiObject object) {
    var slash = object.apiVersion().indexOf('/');
    return slash < 0 ? "" : object.apiVersion().substring(0, slash);
  }

  private static boolean unqualified(String finalizer) {
    return finalizer.indexOf('/') < 0 && !STANDARD.contains(finalizer);
  }

  /// What the writer of an object of another kind is told, without being refused.
  static List<String> doubts(@Nullable ApiObject old, ApiObject object) {
    var added = new TreeSet<>(object.finalizers());
    added.removeAll(old == null ? List.of() : old.finalizers());
    return added.stream()
        .filter(MetadataRules::unqualified)
        .map(one ->
            FINALIZERS
                + ": \""
                + one
                + "\": prefer a domain-qualified finalizer name including a path (/) to avoid"
                + " accidental conflicts with other finalizer writers")
        .toList();
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

  private static void owners(JsonNode owners, Faults faults) {
    var controller = "";
    var index = 0;
    for (var owner : owners) {
      owner("metadata.ownerReferences[" + index++ + "]", owner, faults);
      if (owner.path("controller").asBoolean(false)) {
        var name = owner.path("kind").asString("") + "/" + owner.path("name").asString("");
        if (!controller.isEmpty()) {
          faults.invalid(
              "metadata.ownerReferences",
              owners,
              "Only one reference can have Controller set to true. Found \"true\" in references for "
                  + controller
                  + " and "
                  + name);
        } else {
          controller = name;
        }
      }
    }
  }

  private static void owner(String path, JsonNode owner, Faults faults) {
    var version = owner.path("apiVersion").asString("");
    if (!VERSION.matcher(version).matches()) {
      faults.invalid(path + ".apiVersion", version, "version must not be empty");
    }
    for (var field : new String[] {"kind", "name", "uid"}) {
      if (owner.path(field).asString("").isEmpty()) {
        faults.invalid(path + "." + field, "", field + " must not be empty");
      }
    }
    if (version.equals("v1") && owner.path("kind").asString("").equals("Event")) {
      faults.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner");
    }
  }
}
