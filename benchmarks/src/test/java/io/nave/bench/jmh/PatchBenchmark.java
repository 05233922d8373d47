package io.nave.bench.jmh;

import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.patch.Patches;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import tools.jackson.databind.node.ObjectNode;

/// A status patch as agents send it. Expected: dominated by copying the object, about 5 us.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PatchBenchmark {
  private static final ResourceType WORKS =
      ResourceType.of(
          "work.open-cluster-management.io", "v1", "ManifestWork", "manifestworks", true);

  private final ObjectNode tree = Samples.workTree("w");
  private final Patch patch =
      Patch.merge(body -> body.set("status", tree.get("status").deepCopy()));

  @Benchmark
  public ObjectNode merge() {
    return Patches.apply(tree, patch, WORKS);
  }

  @Benchmark
  public boolean compare() {
    return Json.same(tree, tree.deepCopy());
  }
}
