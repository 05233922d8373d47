package io.nave.bench.jmh;

import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelProgram;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// A rule of the usual size. Expected: a few microseconds evaluated, about a millisecond compiled.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CelBenchmark {
  private static final String RULE =
      "self.replicas >= 0 && self.names.all(n, n.size() > 0) && self.replicas <= self.max";

  private final CelEnvironment environment = CelEnvironment.standard().with(List.of("self"));
  private final CelProgram program = environment.compile(RULE);
  private final Map<String, Object> variables =
      Map.of("self", Map.of("replicas", 3L, "max", 10L, "names", List.of("a", "b", "c")));

  @Benchmark
  public boolean evaluate() {
    return program.test(variables);
  }

  @Benchmark
  public CelProgram compile() {
    return environment.compile(RULE);
  }
}
