package io.nave.apiserver.definitions;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.JsonPaths;
import io.nave.apiserver.registry.Faults;
import io.nave.apiserver.registry.NameRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a definition may say, in kube-apiserver's words. Schemas are looked at by [SchemaRulebook].
final class DefinitionRules {
  private static final Pattern LABEL_1035 = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final String LABEL_HINT =
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
          + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
          + " 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
  private static final List<String> COLUMN_TYPES =
      List.of("boolean", "date", "integer", "number", "string");
  private static final String APPROVED = "api-approved.kubernetes.io";
  private static final int SELECTABLE_MAX = 8;

  private final @Nullable ApiObject old;
  private final ApiObject crd;
  private final boolean own;
  private final Faults faults;

  private DefinitionRules(@Nullable ApiObject old, ApiObject crd, boolean own, Faults faults) {
    this.own = own;
    this.old = old;
    this.crd = crd;
    this.faults = faults;
  }

  /// @param old the stored definition; null for a new one
  /// @param own whether the kind is the program's own, which brings approved ones along
  static void validate(@Nullable ApiObject old, ApiObject crd, boolean own, Faults faults) {
    var rules = new DefinitionRules(old, crd, own, faults);
    rules.group();
    rules.names();
    rules.versions();
    rules.conversion();
    rules.storedVersions();
    if (old != null) {
      rules.change(old);
    }
  }

  private String text(String pointer) {
    return crd.at(pointer).asString("");
  }

  private void group() {
    var group = text("/spec/group");
    var plural = text("/spec/names/plural");
    if (!crd.name().equals(plural + "." + group)) {
      faults.invalid("metadata.name", crd.name(), "must be spec.names.plural+\".\"+spec.group");
    }
    if (group.isEmpty()) {
      faults.required("spec.group", "");
    } else if (NameRule.SUBDOMAIN.fault(group).isPresent()) {
      faults.invalid("spec.group", group, NameRule.SUBDOMAIN.fault(group).orElse(""));
    } else if (group.indexOf('.') < 0) {
      faults.invalid("spec.group", group, "should be a domain with at least one dot");
    }
    var guarded =
        group.equals("k8s.io")
            || group.equals("kubernetes.io")
            || group.endsWith(".k8s.io")
            || group.endsWith(".kubernetes.io");
    if (guarded && old == null && !own && !crd.annotations().containsKey(APPROVED)) {
      faults.required(
          "metadata.annotations[" + APPROVED + "]",
          "protected groups must have approval annotation \""
              + APPROVED
              + "\", see https://github.com/kubernetes/enhancements/pull/1111");
    }
    var scope = text("/spec/scope");
    if (scope.isEmpty()) {
      faults.required("spec.scope", "");
    } else if (!scope.equals("Cluster") && !scope.equals("Namespaced")) {
      faults.notSupported("spec.scope", scope, List.of("Cluster", "Namespaced"));
    }
    if (crd.at("/spec/preserveUnknownFields").asBoolean(false)) {
      faults.invalid(
          "spec.preserveUnknownFields",
          true,
          "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in"
              + " spec.versions[*].schema instead");
    }
  }

  private void names() {
    label("spec.names.plural", text("/spec/names/plural"), false);
    label("spec.names.singular", text("/spec/names/singular"), false);
    label("spec.names.kind", text("/spec/names/kind"), true);
    label("spec.names.listKind", text("/spec/names/listKind"), true);
    for (var list : List.of("shortNames", "categories")) {
      var i = 0;
      for (var name : crd.at("/spec/names/" + list)) {
        label("spec.names." + list + "[" + i++ + "]", name.asString(""), false);
      }
    }
    if (!text("/spec/names/kind").isEmpty()
        && text("/spec/names/kind").equals(text("/spec/names/listKind"))) {
      faults.invalid(
          "spec.names.listKind",
          text("/spec/names/listKind"),
          "kind and listKind may not be the same");
    }
  }

  private void label(String field, String name, boolean anyCase) {
    if (name.isEmpty()) {
      faults.required(field, "");
      return;
    }
    var small = anyCase ? name.toLowerCase(java.util.Locale.ROOT) : name;
    if (!LABEL_1035.matcher(small).matches()) {
      faults.invalid(
          field,
          name,
          (anyCase ? "may have mixed case, but should otherwise match: " : "") + LABEL_HINT);
    }
  }

  private void versions() {
    var versions = crd.at("/spec/versions");
    if (versions.isEmpty()) {
      faults.required("spec.versions", "must have at least one version");
      return;
    }
    var seen = new HashSet<String>();
    var stored = 0;
    var i = 0;
    for (var version : versions) {
      var at = "spec.versions[" + i++ + "]";
      var name = version.path("name").asString("");
      if (!LABEL_1035.matcher(name).matches()) {
        faults.invalid(at + ".name", name, LABEL_HINT);
      }
      if (!seen.add(name)) {
        faults.invalid("spec.versions", name, "must contain unique version names");
      }
      stored += version.path("storage").asBoolean(false) ? 1 : 0;
      version(version, at);
    }
    if (stored != 1) {
      faults.invalid(
          "spec.versions",
          stored + " versions",
          "must have exactly one version marked as storage version");
    }
  }

  private void version(JsonNode version, String at) {
    var schema = version.path("schema").path("openAPIV3Schema");
    if (!schema.isObject()) {
      faults.required(at + ".schema.openAPIV3Schema", "schemas are required");
    } else if (old == null || !schema.equals(sameVersion(version))) {
      SchemaRulebook.check(schema, at + ".schema.openAPIV3Schema", !own, faults);
    }
    if (version.has("deprecationWarning") && !version.path("deprecated").asBoolean(false)) {
      faults.invalid(
          at + ".deprecationWarning",
          version.path("deprecationWarning").asString(""),
          "can only be set for deprecated versions");
    }
    var i = 0;
    for (var column : version.path("additionalPrinterColumns")) {
      column(column, at + ".additionalPrinterColumns[" + i++ + "]");
    }
    scale(version.path("subresources").path("scale"), at + ".subresources.scale");
    selectable(version, at);
  }

  private @Nullable JsonNode sameVersion(JsonNode version) {
    if (old != null) {
      for (var other : old.at("/spec/versions")) {
        if (other.path("name").equals(version.path("name"))) {
          return other.path("schema").path("openAPIV3Schema");
        }
      }
    }
    return null;
  }

  private void column(JsonNode column, String at) {
    if (column.path("name").asString("").isEmpty()) {
      faults.required(at + ".name", "");
    }
    var type = column.path("type").asString("");
    if (type.isEmpty()) {
      faults.required(at + ".type", "must be one of " + String.join(",", COLUMN_TYPES));
    } else if (!COLUMN_TYPES.contains(type)) {
      faults.invalid(at + ".type", type, "must be one of " + String.join(",", COLUMN_TYPES));
    }
    path(column.path("jsonPath").asString(""), at + ".jsonPath");
  }

  private void path(String path, String at) {
    if (path.isEmpty()) {
      faults.required(at, "");
      return;
    }
    try {
      JsonPaths.parse(path);
    } catch (ApiError e) {
      faults.invalid(at, path, String.valueOf(e.getMessage()));
    }
  }

  private void scale(JsonNode scale, String at) {
    if (!scale.isObject()) {
      return;
    }
    below(scale.path("specReplicasPath").asString(""), ".spec.", at + ".specReplicasPath", true);
    below(
        scale.path("statusReplicasPath").asString(""),
        ".status.",
        at + ".statusReplicasPath",
        true);
    var selector = scale.path("labelSelectorPath").asString("");
    if (!selector.isEmpty() && !selector.startsWith(".spec.") && !selector.startsWith(".status.")) {
      faults.invalid(
          at + ".labelSelectorPath",
          selector,
          "should be a json path under either .spec or .status");
    }
  }

  private void below(String path, String root, String at, boolean required) {
    if (path.isEmpty()) {
      if (required) {
        faults.required(at, "");
      }
    } else if (!path.startsWith(root)) {
      faults.invalid(
          at, path, "should be a json path under " + root.substring(0, root.length() - 1));
    }
  }

  private void selectable(JsonNode version, String at) {
    var fields = version.path("selectableFields");
    if (fields.size() > SELECTABLE_MAX) {
      faults.invalid(
          at + ".selectableFields",
          fields.size(),
          "must have at most " + SELECTABLE_MAX + " items");
    }
    var seen = new ArrayList<String>();
    var i = 0;
    for (var field : fields) {
      var place = at + ".selectableFields[" + i++ + "].jsonPath";
      var path = field.path("jsonPath").asString("");
      if (path.isEmpty()) {
        faults.required(place, "");
      } else if (!SchemaRulebook.selectable(version.at("/schema/openAPIV3Schema"), path)) {
        faults.invalid(
            place,
            path,
            "is an invalid path: must be a simple path to a string, boolean or integer field");
      } else if (seen.contains(path)) {
        faults.invalid(place, path, "must not appear twice");
      }
      seen.add(path);
    }
  }

  private void conversion() {
    var strategy = text("/spec/conversion/strategy");
    if (!strategy.equals("None") && !strategy.equals("Webhook")) {
      faults.notSupported("spec.conversion.strategy", strategy, List.of("None", "Webhook"));
    }
    var config = crd.at("/spec/conversion/webhook/clientConfig");
    if (strategy.equals("None") && crd.at("/spec/conversion/webhook").isObject()) {
      faults.forbidden(
          "spec.conversion.webhook", "should not be set when strategy is not set to Webhook");
    }
    if (strategy.equals("Webhook")) {
      if (!config.isObject()) {
        faults.required(
            "spec.conversion.webhook.clientConfig", "required when strategy is set to Webhook");
      }
      if (crd.at("/spec/conversion/webhook/conversionReviewVersions").isEmpty()) {
        faults.required("spec.conversion.webhook.conversionReviewVersions", "");
      }
    }
  }

  private void storedVersions() {
    var names = new HashSet<String>();
    crd.at("/spec/versions").forEach(version -> names.add(version.path("name").asString("")));
    var i = 0;
    for (var stored : crd.at("/status/storedVersions")) {
      if (!names.contains(stored.asString(""))) {
        faults.invalid(
            "status.storedVersions[" + i + "]",
            stored.asString(""),
            "missing from spec.versions; "
                + stored.asString("")
                + " was previously a storage version, and must remain in spec.versions until a"
                + " storage migration ensures no data remains persisted in "
                + stored.asString("")
                + " and removes "
                + stored.asString("")
                + " from status.storedVersions");
      }
      i++;
    }
  }

  private void change(ApiObject before) {
    faults.immutable("spec.group", before.at("/spec/group").asString(""), text("/spec/group"));
    faults.immutable(
        "spec.names.plural",
        before.at("/spec/names/plural").asString(""),
        text("/spec/names/plural"));
    var established = false;
    for (var condition : before.at("/status/conditions")) {
      established |=
          condition.path("type").asString("").equals(CustomResourceDefinition.ESTABLISHED)
              && condition.path("status").asString("").equals("True");
    }
    if (established) {
      faults.immutable("spec.scope", before.at("/spec/scope").asString(""), text("/spec/scope"));
      faults.immutable(
          "spec.names.kind", before.at("/spec/names/kind").asString(""), text("/spec/names/kind"));
    }
  }
}
