package io.nave.bench;

import io.nave.api.Json;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import java.nio.charset.StandardCharsets;

/// Placements in the driver's own namespace, over the default cluster set.
final class Placements {
  private static final String GROUP = "/apis/cluster.open-cluster-management.io/";
  private static final String NAMESPACED = "/namespaces/" + Run.NAMESPACE + "/";

  private Placements() {}

  /// Makes the namespace, and binds the default set to it.
  static void prepare(Run run, Line line) {
    run.namespace(line, Run.NAMESPACE);
    var binding =
        Json.object()
            .put("apiVersion", "cluster.open-cluster-management.io/v1beta2")
            .put("kind", "ManagedClusterSetBinding");
    binding.putObject("metadata").put("name", "default").put("namespace", Run.NAMESPACE);
    binding.putObject("spec").put("clusterSet", "default");
    var answer =
        line.call(
            Ask.post(
                GROUP + "v1beta2" + NAMESPACED + "managedclustersetbindings",
                Json.encode(binding)));
    if (!answer.good() && answer.status() != 409) {
      throw new IllegalStateException("the set binding was answered " + answer);
    }
  }

  static String collection() {
    return GROUP + "v1beta1" + NAMESPACED + "placements";
  }

  static String decisions() {
    return GROUP + "v1beta1" + NAMESPACED + "placementdecisions";
  }

  /// A placement on so many clusters, whether or not their agents are alive.
  ///
  /// @param label empty, or the value of the label `bench` that clusters must have
  static Ask create(String name, int clusters, String label) {
    var predicates =
        label.isEmpty()
            ? ""
            : (",\"predicates\":[{\"requiredClusterSelector\":{\"labelSelector\":"
                    + "{\"matchLabels\":{\"bench\":\"%s\"}}}}]")
                .formatted(label);
    var text =
        ("{\"apiVersion\":\"cluster.open-cluster-management.io/v1beta1\",\"kind\":\"Placement\","
                + "\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"},"
                + "\"spec\":{\"numberOfClusters\":%d,\"tolerations\":["
                + "{\"key\":\"cluster.open-cluster-management.io/unreachable\",\"operator\":\"Exists\"},"
                + "{\"key\":\"cluster.open-cluster-management.io/unavailable\",\"operator\":\"Exists\"}]"
                + "%s}}")
            .formatted(name, Run.NAMESPACE, clusters, predicates);
    return Ask.post(collection(), text.getBytes(StandardCharsets.UTF_8));
  }
}
