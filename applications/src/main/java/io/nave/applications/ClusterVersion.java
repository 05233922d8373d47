package io.nave.applications;

import io.nave.api.Json;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The version of Kubernetes a cluster runs, as `context.clusterVersion` (spec §6.8).
///
/// @param gitVersion as the cluster reports it, such as `v1.31.2+k3s1`
record ClusterVersion(String major, int minor, String gitVersion) {
  private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\b.*");

  /// Empty when the cluster has not reported it, or in no form that is known.
  static Optional<ClusterVersion> of(ClusterFacts fleet, String cluster) {
    var found = fleet.cluster(cluster).orElse(null);
    var version = found == null ? null : found.status().version();
    var text = version == null ? null : version.kubernetes();
    return text == null ? Optional.empty() : parse(text);
  }

  static Optional<ClusterVersion> parse(String gitVersion) {
    var parts = VERSION.matcher(gitVersion);
    return parts.matches()
        ? Optional.of(
            new ClusterVersion(parts.group(1), Integer.parseInt(parts.group(2)), gitVersion))
        : Optional.empty();
  }

  ObjectNode json() {
    return Json.object().put("major", major).put("minor", minor).put("gitVersion", gitVersion);
  }
}
