package io.nave.bench.jmh;

import io.nave.api.Json;
import io.nave.api.apply.ManagedFields;
import io.nave.api.apply.Manager;
import io.nave.api.apply.Ownership;
import io.nave.api.schema.Schemas;
import io.nave.api.schema.Shapes;
import io.nave.work.ManifestWork;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import tools.jackson.databind.node.ObjectNode;

/// Server-side apply of an unchanged work, and the bookkeeping of owners that every other write
/// pays. Expected: tens of microseconds each.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ApplyBenchmark {
  private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");

  private final Ownership ownership =
      new Ownership(Shapes.ofObject(Schemas.of(ManifestWork.class)), Json.object());
  private final ObjectNode live = Samples.workTree("w");
  private final ObjectNode config = config();
  private final Manager applier =
      new Manager("jmh", true, "work.open-cluster-management.io/v1", "");
  private final Manager updater =
      new Manager("agent", false, "work.open-cluster-management.io/v1", "status");
  private final ManagedFields owners =
      ownership.apply(live, config, ManagedFields.NONE, applier, true, NOW).owners();

  @Benchmark
  public Object applyUnchanged() {
    return ownership.apply(live, config, owners, applier, false, NOW);
  }

  @Benchmark
  public ManagedFields updateUnchanged() {
    return ownership.update(live, live, owners, updater, NOW);
  }

  private static ObjectNode config() {
    var tree = Samples.workTree("w");
    tree.remove("status");
    tree.withObjectProperty("metadata").retain("name", "namespace", "labels");
    return tree;
  }
}
