package io.nave.bench.jmh;

import io.nave.api.Key;
import io.nave.placement.schedule.ClusterRow;
import io.nave.placement.schedule.Engine;
import io.nave.registration.api.ManagedClusterSet;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Ten thousand Placements over a thousand clusters, each asking for ten: all from scratch, one
/// cluster that a hundred of them chose and that falls ill and heals, and the copy a question "what
/// if" is tried on. The table wants at most 10 s for the first, with what is written, and 20 ms for
/// the second.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class EstateBenchmark {
  private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");

  @Param("10000")
  public int placements;

  @Param("1000")
  public int clusters;

  private Engine engine = loaded(0, 0);
  private int round;

  @Setup
  public void prepare() {
    engine = loaded(placements, clusters);
    engine.begin(NOW);
    engine.drain();
  }

  @Benchmark
  public List<Key> fromScratch() {
    var fresh = loaded(placements, clusters);
    fresh.begin(NOW);
    return fresh.drain();
  }

  @Benchmark
  public List<Key> oneClusterFallsIllOrHeals() {
    var taints =
        round++ % 2 == 0
            ? ",\"spec\":{\"taints\":[{\"key\":\"ill\",\"effect\":\"NoSelect\"}]}"
            : "";
    engine.cluster(ClusterRow.of(ScheduleBenchmark.cluster(7, "eu", taints), null), NOW);
    return engine.drain();
  }

  @Benchmark
  public Engine copy() {
    return engine.copy();
  }

  private static Engine loaded(int placements, int clusters) {
    var engine =
        new Engine(text -> {
          throw new UnsupportedOperationException(text);
        });
    engine.set(
        ScheduleBenchmark.read("{\"metadata\":{\"name\":\"prod\"}}", ManagedClusterSet.class), NOW);
    engine.bound("apps", "prod", NOW);
    for (var i = 0; i < clusters; i++) {
      engine.cluster(ClusterRow.of(ScheduleBenchmark.cluster(i, "eu", ""), null), NOW);
    }
    for (var i = 0; i < placements; i++) {
      engine.placement(ScheduleBenchmark.placement("p" + i, "{\"numberOfClusters\":10}"), NOW);
    }
    return engine;
  }
}
