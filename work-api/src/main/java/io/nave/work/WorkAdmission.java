package io.nave.work;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What a ManifestWork must keep to be stored, beyond its schema (spec/ocm-behaviour.md §7.1). The
/// messages are upstream's, word for word.
public final class WorkAdmission {
  /// Bound of all manifests of one work together; upstream's default.
  public static final long MANIFEST_BYTES_MAX = 500 * 1024;

  private WorkAdmission() {}

  /// The faults of the manifests, the worst first; empty when they may be stored. Upstream answers
  /// with the first alone.
  public static List<String> faults(List<JsonNode> manifests) {
    return faults(manifests, MANIFEST_BYTES_MAX);
  }

  /// As above with another bound.
  ///
  /// @param bytesMax most bytes of all manifests together, see [ManifestIdentity#size]
  public static List<String> faults(List<JsonNode> manifests, long bytesMax) {
    if (manifests.isEmpty()) {
      return List.of("manifests should not be empty");
    }
    long size = 0;
    for (var manifest : manifests) {
      size += ManifestIdentity.size(manifest);
    }
    if (size > bytesMax) {
      return List.of(
          "the size of manifests is %d bytes which exceeds the %d limit".formatted(size, bytesMax));
    }
    return each(manifests);
  }

  /// The name under which the right `execute-as` is asked for; empty when none is needed.
  ///
  /// @param executor a work's `spec.executor`; missing: the agent's own name
  /// @param required whether that needs a right too (upstream's gate NilExecutorValidating)
  public static String executorName(JsonNode executor, boolean required) {
    var account = executor.at("/subject/serviceAccount");
    if (account.isObject()) {
      return "system:serviceaccount:%s:%s"
          .formatted(account.path("namespace").asString(""), account.path("name").asString(""));
    }
    return required ? "system:serviceaccount::klusterlet-work-sa" : "";
  }

  private static List<String> each(List<JsonNode> manifests) {
    var faults = new ArrayList<String>();
    var seen = new TreeSet<ManifestIdentity>();
    for (var manifest : manifests) {
      var identity = ManifestIdentity.of(manifest);
      if (!manifest.isObject() || identity.kind().isEmpty()) {
        faults.add("Object 'Kind' is missing in '" + shortened(manifest) + "'");
      } else if (identity.name().isEmpty()) {
        faults.add("name must be set in manifest");
      } else if (!manifest.path("metadata").path("generateName").asString("").isEmpty()) {
        faults.add("generateName must not be set in manifest");
      } else if (!seen.add(identity)) {
        faults.add(
            "duplicate manifest for resource %s/%s with resource type %s.%s"
                .formatted(
                    identity.namespace(), identity.name(), identity.apiVersion(), identity.kind()));
      }
    }
    return List.copyOf(faults);
  }

  /// Enough of a manifest to find it by; only its shape, since values may be secret.
  private static String shortened(JsonNode manifest) {
    return manifest.isObject()
        ? "{" + String.join(", ", manifest.propertyNames()) + "}"
        : String.valueOf(manifest.getNodeType());
  }
}
