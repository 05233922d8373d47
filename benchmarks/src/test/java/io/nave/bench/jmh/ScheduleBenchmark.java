package io.nave.bench.jmh;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Resource;
import io.nave.placement.Schedule;
import io.nave.placement.Scheduler;
import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One placement over many clusters. The table wants 10,000 placements x 1,000 clusters in 10 s of
/// two cores: at most 2,000 us for one.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ScheduleBenchmark {
  @Param({"100", "1000"})
  public int clusters;

  private Scheduler.Input input = input(0);

  @Setup
  public void prepare() {
    input = input(clusters);
  }

  @Benchmark
  public Schedule schedule() {
    return Scheduler.schedule(input);
  }

  private static Scheduler.Input input(int count) {
    List<ManagedCluster> all = new ArrayList<>();
    for (var i = 0; i < count; i++) {
      all.add(
          read(
              """
              {"metadata":{"name":"c%d","labels":{"region":"%s",
              "cluster.open-cluster-management.io/clusterset":"prod"}}}\
              """
                  .formatted(i, i % 2 == 0 ? "eu" : "us"),
              ManagedCluster.class));
    }
    var placement =
        read(
            """
            {"metadata":{"namespace":"apps","name":"web"},"spec":{"numberOfClusters":10,"predicates":[
            {"requiredClusterSelector":{"labelSelector":{"matchLabels":{"region":"eu"}}}}]}}\
            """,
            Placement.class);
    return new Scheduler.Input(
        placement,
        all,
        List.of(read("{\"metadata\":{\"name\":\"prod\"}}", ManagedClusterSet.class)),
        List.of(read("{\"metadata\":{\"name\":\"prod\"}}", ManagedClusterSetBinding.class)),
        Set.of("c4", "c8"),
        Map.of(),
        Instant.parse("2026-11-26T00:00:00Z"));
  }

  private static <T extends Resource> T read(String json, Class<T> type) {
    return Codec.decode(
        ApiObject.of(Json.parseObject(json.getBytes(StandardCharsets.UTF_8))), type);
  }
}
