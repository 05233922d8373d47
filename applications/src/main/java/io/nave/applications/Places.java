package io.nave.applications;

import io.nave.api.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Where a step that names a cluster or a topology delivers to.
final class Places {
  private final Site site;

  Places(Site site) {
    this.site = site;
  }

  /// The cluster that a step means which names none.
  private String here() {
    return site.fleet()
        .cluster(Topology.LOCAL)
        .filter(Surroundings::usable)
        .map(cluster -> Topology.LOCAL)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "cluster: Required value: this hub runs nothing itself; name the cluster to deliver"
                    + " to, or join one called \"local\""));
  }

  /// The cluster named by `cluster`, and the namespace by `namespace` or the application's.
  ///
  /// @throws IllegalArgumentException when none is named, which in KubeVela means the hub, and no
  ///   cluster is called `local`
  List<Target> cluster(JsonNode parameter) {
    var named = parameter.path("cluster").asString("");
    var name = named.isEmpty() ? here() : named;
    var cluster = site.fleet().cluster(name).orElse(null);
    if (cluster == null || !cluster.accepted() || cluster.metadata().deleting()) {
      throw new Refusal(
          Stage.WORKFLOW,
          "cluster \"%s\" %s"
              .formatted(
                  name,
                  cluster == null
                      ? "does not exist; join it, or name another"
                      : "is not accepted or is being removed"));
    }
    var namespace = parameter.path("namespace").asString("");
    return List.of(
        new Target(
            name,
            namespace.isEmpty() ? site.application().metadata().namespace() : namespace,
            false));
  }

  /// The targets of the topology policy named by `topology`, or of all.
  List<Target> topology(JsonNode parameter) {
    var name = parameter.path("topology").asString("");
    var all = site.policies();
    var named = Json.object();
    named.putArray("policies").add(name);
    var by =
        name.isEmpty()
            ? new Policies(all.ofType("topology"))
            : Steps.policies(all, "topology", named);
    return site.delivery(by).targets();
  }
}
