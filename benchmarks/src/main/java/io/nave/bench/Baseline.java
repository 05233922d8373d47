package io.nave.bench;

import io.nave.api.Json;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// What this machine, as busy as it is, needs for a piece of work that does not depend on Nave's
/// hub: reading and writing 1 KB of JSON. Figures told as multiples of it can be compared between
/// machines.
final class Baseline {
  private static final Duration TIME = Duration.ofMillis(1_500);
  private static final int BATCH = 200;

  private Baseline() {}

  /// CPU seconds of one piece of work, warmed up.
  static double cpuSeconds(Host host, Meter meter, HubUnderTest hub) {
    var body =
        ("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"labels\":"
                + "{\"a\":\"b\",\"c\":\"d\"}},\"data\":{\"text\":\""
                + "0123456789abcdef".repeat(60)
                + "\"}}")
            .getBytes(StandardCharsets.UTF_8);
    work(host, body);
    var before = meter.read(hub);
    var done = work(host, body);
    var after = meter.read(hub);
    return (after.driverCpuSeconds() - before.driverCpuSeconds()) / done;
  }

  private static long work(Host host, byte[] body) {
    var until = host.nanoTime() + TIME.toNanos();
    var done = 0L;
    var bytes = 0L;
    while (host.nanoTime() < until) {
      for (var i = 0; i < BATCH; i++) {
        bytes += Json.encode(Json.parseObject(body)).length;
      }
      done += BATCH;
    }
    if (bytes < done) {
      throw new IllegalStateException("encoded nothing");
    }
    return done;
  }
}
