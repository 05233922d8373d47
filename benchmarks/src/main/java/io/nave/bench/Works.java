package io.nave.bench;

import io.nave.bench.wire.Ask;
import java.nio.charset.StandardCharsets;

/// ManifestWorks as the scenarios make them: a ConfigMap of 1 KB, and, where it is said so, a
/// namespace and a Deployment without replicas.
final class Works {
  private static final int FILLER_BYTES = 1024;

  private final String filler;
  private final boolean whole;

  /// @param whole with a namespace and a Deployment too
  Works(Run run, boolean whole) {
    var text = new StringBuilder();
    while (text.length() < FILLER_BYTES) {
      text.append(Long.toHexString(run.random.nextLong()));
    }
    this.filler = text.substring(0, FILLER_BYTES);
    this.whole = whole;
  }

  static String collection(String cluster) {
    return "/apis/work.open-cluster-management.io/v1/namespaces/" + cluster + "/manifestworks";
  }

  Ask create(String cluster, String name) {
    var text =
        "{\"apiVersion\":\"work.open-cluster-management.io/v1\",\"kind\":\"ManifestWork\","
            + "\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"},\"spec\":%s}"
                .formatted(name, cluster, spec(name, 0));
    return Ask.post(collection(cluster), text.getBytes(StandardCharsets.UTF_8));
  }

  /// Changes what the work holds.
  Ask change(String cluster, String name, long turn) {
    return Ask.merge(collection(cluster) + "/" + name, "{\"spec\":%s}".formatted(spec(name, turn)));
  }

  /// The spec of a work, also for what makes works of it.
  String spec(String name, long turn) {
    var map =
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"},\"data\":{\"turn\":\"%d\",\"filler\":\"%s\"}}"
            .formatted(name, whole ? name : "default", turn, filler);
    if (!whole) {
      return "{\"workload\":{\"manifests\":[" + map + "]}}";
    }
    var namespace =
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
            .formatted(name);
    var deployment =
        ("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\",\"namespace\":\"%s\"},"
                + "\"spec\":{\"replicas\":0,\"selector\":{\"matchLabels\":{\"app\":\"web\"}},"
                + "\"template\":{\"metadata\":{\"labels\":{\"app\":\"web\"}},"
                + "\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"nginx\"}]}}}}")
            .formatted(name);
    return "{\"workload\":{\"manifests\":[" + namespace + "," + map + "," + deployment + "]}}";
  }
}
