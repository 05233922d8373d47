package io.nave.bench.jmh;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// What the benchmarks work on: a ManifestWork of about 2 KB with a status, as hubs hold most.
final class Samples {
  private Samples() {}

  static byte[] workBytes(String name) {
    var text =
        """
        {"apiVersion":"work.open-cluster-management.io/v1","kind":"ManifestWork","metadata":{"name":"%s",
        "namespace":"c00001","uid":"0c4c8f6e-59d0-4b53-9d2f-6f3f8b7e1a11","resourceVersion":"4711",
        "generation":3,"creationTimestamp":"2026-11-26T04:00:00Z","labels":{"app":"shop","tier":"web"},
        "finalizers":["cluster.open-cluster-management.io/manifest-work-cleanup"]},
        "spec":{"workload":{"manifests":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a",
        "namespace":"default"},"data":{"text":"%s"}}]}},
        "status":{"conditions":[{"type":"Applied","status":"True","reason":"AppliedManifestWorkComplete",
        "message":"Apply manifest work complete","observedGeneration":3,
        "lastTransitionTime":"2026-11-26T04:00:01Z"},{"type":"Available","status":"True",
        "reason":"ResourcesAvailable","message":"All resources are available","observedGeneration":3,
        "lastTransitionTime":"2026-11-26T04:00:01Z"}],"resourceStatus":{"manifests":[{"resourceMeta":{
        "ordinal":0,"group":"","version":"v1","kind":"ConfigMap","resource":"configmaps","name":"a",
        "namespace":"default"},"conditions":[{"type":"Applied","status":"True",
        "reason":"AppliedManifestComplete","message":"Apply manifest complete",
        "lastTransitionTime":"2026-11-26T04:00:01Z"}]}]}}}\
        """
            .formatted(name, "0123456789abcdef".repeat(64));
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static ObjectNode workTree(String name) {
    return Json.parseObject(workBytes(name));
  }

  static ApiObject work(String name) {
    return ApiObject.of(workTree(name));
  }
}
