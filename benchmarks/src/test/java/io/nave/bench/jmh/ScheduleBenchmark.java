package io.nave.bench.jmh;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Resource;
import io.nave.placement.api.Placement;
import io.nave.placement.schedule.ClusterRow;
import io.nave.placement.schedule.Engine;
import io.nave.placement.schedule.Schedule;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One placement over many clusters, with four prioritizers, and one cluster's change beside it.
/// The table wants at most 20 ms for the first at 10,000 clusters.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ScheduleBenchmark {
  private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");

  @Param({"100", "1000", "10000"})
  public int clusters;

  private Engine engine = engine(0);
  private int round;

  @Setup
  public void prepare() {
    engine = engine(clusters);
  }

  @Benchmark
  public Optional<Schedule> schedule() {
    engine.placement(placement(1 + round++ % 20), NOW);
    return engine.desired(Key.of("apps", "web"));
  }

  @Benchmark
  public List<Key> oneClusterChanges() {
    engine.cluster(ClusterRow.of(cluster(2, round++ % 2 == 0 ? "eu" : "us", ""), null), NOW);
    return engine.drain();
  }

  private static Engine engine(int count) {
    var engine =
        new Engine(text -> {
          throw new UnsupportedOperationException(text);
        });
    engine.begin(NOW);
    engine.set(read("{\"metadata\":{\"name\":\"prod\"}}", ManagedClusterSet.class), NOW);
    engine.bound("apps", "prod", NOW);
    for (var i = 0; i < count; i++) {
      engine.cluster(ClusterRow.of(cluster(i, i % 2 == 0 ? "eu" : "us", ""), null), NOW);
    }
    engine.placement(placement(10), NOW);
    return engine;
  }

  /// @param spec a field with its comma in front, or nothing
  static ManagedCluster cluster(int number, String region, String spec) {
    return read(
        """
        {"metadata":{"name":"c%d","labels":{"region":"%s",
        "cluster.open-cluster-management.io/clusterset":"prod"}}%s,
        "status":{"allocatable":{"cpu":"%d","memory":"%dGi"},"capacity":{"cpu":"99","memory":"99Gi"}}}\
        """
            .formatted(number, region, spec, 1 + number % 64, 1 + number % 80),
        ManagedCluster.class);
  }

  private static Placement placement(int wanted) {
    return placement(
        "web",
        """
        {"numberOfClusters":%d,
        "prioritizerPolicy":{"configurations":[{"scoreCoordinate":{"builtIn":"ResourceAllocatableCPU"}},
        {"scoreCoordinate":{"builtIn":"ResourceAllocatableMemory"}}]},"predicates":[
        {"requiredClusterSelector":{"labelSelector":{"matchExpressions":[
        {"key":"region","operator":"Exists"}]}}}]}\
        """
            .formatted(wanted));
  }

  static Placement placement(String name, String spec) {
    return read(
        "{\"metadata\":{\"namespace\":\"apps\",\"name\":\"%s\",\"uid\":\"%s\"},\"spec\":%s}"
            .formatted(name, name, spec),
        Placement.class);
  }

  static <T extends Resource> T read(String json, Class<T> type) {
    return Codec.decode(
        ApiObject.of(Json.parseObject(json.getBytes(StandardCharsets.UTF_8))), type);
  }
}
