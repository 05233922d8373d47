package io.nave.bench.jmh;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import tools.jackson.databind.node.ObjectNode;

/// JSON in and out. Expected: about 15 us to parse 2 KB from outside, 8 us to encode it, 4 us to
/// read the head of a stored object.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CodecBenchmark {
  private final byte[] bytes = Samples.workBytes("w");
  private final ObjectNode tree = Samples.workTree("w");

  @Benchmark
  public ObjectNode decode() {
    return Json.parseObject(bytes);
  }

  @Benchmark
  public byte[] encode() {
    return Json.encode(tree);
  }

  @Benchmark
  public String headOfStored() {
    return ApiObject.stored(bytes).name();
  }

  @Benchmark
  public ObjectNode copy() {
    return tree.deepCopy();
  }
}
