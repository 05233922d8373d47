package io.nave.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// How long things took, to three digits, up to an hour. Thread-safe.
final class Latencies {
  private static final int DIGITS = 3;

  private final Histogram micros = new ConcurrentHistogram(TimeUnit.HOURS.toMicros(1), DIGITS);

  void record(long nanos) {
    var value = TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos));
    micros.recordValue(Math.min(value, micros.getHighestTrackableValue()));
  }

  long count() {
    return micros.getTotalCount();
  }

  /// In seconds; 0 when nothing was recorded.
  double at(double percentile) {
    return micros.getTotalCount() == 0 ? 0 : micros.getValueAtPercentile(percentile) / 1e6;
  }
}
