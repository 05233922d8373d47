package io.nave.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.runtime.RealHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class LoadTmpTest {
  static final int N = 100_000;

  static ApiObject work(int i) {
    return ApiObject.parse(
        ("""
        {"apiVersion":"work.open-cluster-management.io/v1","kind":"ManifestWork","metadata":{"name":"work-%d","namespace":"cluster-%d","uid":"5d6f8a2e-0000-4000-8000-%012d","generation":1,"creationTimestamp":"2026-11-23T00:00:00Z","labels":{"app":"web","tier":"gold"},"finalizers":["cluster.open-cluster-management.io/manifest-work-cleanup"]},
        "spec":{"workload":{"manifests":[{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default","labels":{"app":"web"}},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"nginx:1.27","ports":[{"containerPort":8080}],"env":[{"name":"A","value":"B"}],"resources":{"limits":{"cpu":"250m","memory":"64Mi"}}}]}}}}]},"manifestConfigs":[{"resourceIdentifier":{"group":"apps","resource":"deployments","name":"web","namespace":"default"},"feedbackRules":[{"type":"WellKnownStatus"}]}]},
        "status":{"conditions":[{"type":"Applied","status":"True","reason":"AppliedManifestWorkComplete","message":"Apply manifest work complete","observedGeneration":1,"lastTransitionTime":"2026-11-23T00:00:00Z"},{"type":"Available","status":"True","reason":"ResourcesAvailable","message":"All resources are available","observedGeneration":1,"lastTransitionTime":"2026-11-23T00:00:00Z"}],"resourceStatus":{"manifests":[{"resourceMeta":{"ordinal":0,"group":"apps","version":"v1","kind":"Deployment","resource":"deployments","name":"web","namespace":"default"},"conditions":[{"type":"Applied","status":"True","reason":"AppliedManifestComplete","message":"Apply manifest complete","lastTransitionTime":"2026-11-23T00:00:00Z"}],"statusFeedback":{"values":[{"name":"ReadyReplicas","fieldValue":{"type":"Integer","integer":3}}]}}]}}}\
        """
                .formatted(i, i % 1000, i))
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void measure() throws Exception {
    var dir = Path.of("/tmp/load-bench");
    var out = new StringBuilder();
    try (var host = RealHost.start("bench")) {
      if (!Files.exists(dir)) {
        try (var store =
            EmbeddedStore.open(
                host, SqliteEngine.open(host, dir), Limits.defaults(), new SimpleMeterRegistry())) {
          var changes = new ArrayList<Store.Change>();
          for (var i = 0; i < N; i++) {
            changes.add(
                new Store.Change.Put(
                    new StoreKey("manifestworks.work", "cluster-" + i % 1000, "work-" + i),
                    work(i),
                    0));
            if (changes.size() == 1000) {
              store.commit(changes);
              changes.clear();
            }
          }
        }
      }
      out.append("bytes an object: " + work(12345).bytes().length + "\n");
      for (var run = 0; run < 6; run++) {
        System.gc();
        var t = System.nanoTime();
        var store =
            EmbeddedStore.open(
                host, SqliteEngine.open(host, dir), Limits.defaults(), new SimpleMeterRegistry());
        var loaded = System.nanoTime() - t;
        var afterLoad = used();
        t = System.nanoTime();
        long sum = 0;
        var all = store.view().list("manifestworks.work", "");
        for (var o : all) {
          sum += o.metadata().size();
        }
        var touched = System.nanoTime() - t;
        var afterMeta = used();
        t = System.nanoTime();
        for (var o : all) {
          sum += o.json().size();
        }
        var parsed = System.nanoTime() - t;
        out.append(
            "load %d ms, heap %d MB; metadata of all +%d ms, heap %d MB; json of all +%d ms, heap %d MB (%d)%n"
                .formatted(
                    loaded / 1000000,
                    afterLoad,
                    touched / 1000000,
                    afterMeta,
                    parsed / 1000000,
                    used(),
                    sum));
        store.close();
        all = null;
        store = null;
      }
    }
    Files.writeString(Path.of("/tmp/load-bench.txt"), out);
  }

  static long used() {
    for (var i = 0; i < 3; i++) System.gc();
    return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1024 / 1024;
  }
}
