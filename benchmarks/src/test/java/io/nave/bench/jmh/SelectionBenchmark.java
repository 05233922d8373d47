package io.nave.bench.jmh;

import io.nave.api.LabelSelector;
import io.nave.api.LabelSelector.Requirement;
import io.nave.placement.schedule.ClusterRow;
import io.nave.placement.schedule.Fleet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// A selection by label and claim among a million clusters, as data. The table wants at most 1 s.
/// Each cluster has three labels, of which one is its own, and two claims; the heap for a million
/// is some 800 MB.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SelectionBenchmark {
  @Param({"10000", "1000000"})
  public int clusters;

  private Fleet fleet = new Fleet();
  private final LabelSelector labels =
      new LabelSelector(
          Map.of("region", "r7"), List.of(new Requirement("tier", "NotIn", List.of("t1", "t2"))));
  private final LabelSelector claims =
      new LabelSelector(
          Map.of(), List.of(new Requirement("platform", "In", List.of("p0", "p3", "p4"))));

  @Setup
  public void prepare() {
    fleet = new Fleet();
    for (var i = 0; i < clusters; i++) {
      fleet.put(
          new ClusterRow(
              "cluster-" + i,
              Map.of("region", "r" + i % 20, "tier", "t" + i % 7, "id", "i" + i),
              Map.of("platform", "p" + i % 5, "id.k8s.io", "c" + i),
              List.of(),
              4,
              1e9,
              false,
              null));
    }
  }

  @Benchmark
  public int select() {
    return fleet.count(labels, claims);
  }
}
