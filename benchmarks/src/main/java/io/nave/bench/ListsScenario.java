package io.nave.bench;

import io.nave.bench.wire.Answer;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// One large list, read by several clients at once: what matters is the memory it takes the hub.
final class ListsScenario implements Scenario {
  private static final int PARALLEL_CREATES = 32;

  @Override
  public String name() {
    return "lists";
  }

  @Override
  public String purpose() {
    return "one large list to several clients at once";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("parallel", 20L);
    sizes.put("objects", 10_000L);
    sizes.put("bytes", 10_240L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    var maps = new ConfigMaps(Run.NAMESPACE, run.size("bytes"), run.random);
    run.namespace(run.adminLine(), Run.NAMESPACE);
    var created = new AtomicLong();
    var objects = run.size("objects");
    run.progress.during(
        () -> Math.min(objects, created.get()) + " of " + objects + " objects",
        () ->
            Flood.all(
                run.host,
                run.adminLines(PARALLEL_CREATES),
                _ -> {
                  var number = created.getAndIncrement();
                  return number < objects ? maps.create("l" + number) : null;
                }));
    read(run, Ask.get(maps.collection()), 1); // whatever the first one costs once
    run.host.sleep(Duration.ofSeconds(8)); // heap that is given back is given back
    var heap = heapBytes(run);
    var before = run.meter.read(run.hub);
    var bytes = read(run, Ask.get(maps.collection()), run.size("parallel"));
    var after = run.meter.read(run.hub);
    run.figures.put("listBytes", bytes / run.size("parallel"));
    run.figures.put("hubHeapBeforeBytes", heap);
    run.figures.put("hubPeakGrowthBytes", after.peakBytes() - before.peakBytes());
    run.figures.put("hubResidentGrowthBytes", after.residentBytes() - before.residentBytes());
    run.figures.put("bytesPerSecond", bytes / ((after.nanos() - before.nanos()) / 1e9));
    run.figures.put("hubCpuSecondsPerByte", (after.cpuSeconds() - before.cpuSeconds()) / bytes);
    run.used(before, after);
  }

  /// @return bytes received by all together
  private static long read(Run run, Ask list, int clients) {
    var ended = run.host.<Answer>mailbox(clients);
    var bytes = new AtomicLong();
    for (var line : run.adminLines(clients)) {
      line.stream(list, counting(bytes, ended::offer));
    }
    for (var i = 0; i < clients; i++) {
      var last = ended.take();
      if (last == null || !last.good()) {
        throw new IllegalStateException("a list ended with " + last);
      }
    }
    return bytes.get();
  }

  private static Line.Reader counting(AtomicLong bytes, java.util.function.Consumer<Answer> ended) {
    return new Line.Reader() {
      @Override
      public void bytes(byte[] piece) {
        bytes.addAndGet(piece.length);
      }

      @Override
      public void ended(Answer last) {
        ended.accept(last);
      }
    };
  }

  /// What the hub itself says of its heap; 0 when it says nothing.
  private static long heapBytes(Run run) {
    var answer = run.adminLine().call(Ask.get("/metrics"));
    if (!answer.good()) {
      return 0;
    }
    return (long)
        new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }
}
