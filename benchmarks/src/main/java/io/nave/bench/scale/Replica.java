package io.nave.bench.scale;

import java.util.Arrays;
import java.util.PriorityQueue;

/// One process of a hub: serves in the order of arrival, on as many cores as it has, and turns away
/// what comes while too many requests are under way.
final class Replica {
  /// A hub takes so many requests at once and answers 429 to more.
  static final int UNDER_WAY_MAX = 2_048;

  private static final double BEHIND_MAX = 10; // seconds

  private final double[] free; // when each core has done what it was given
  private final PriorityQueue<Double> ends = new PriorityQueue<>(); // of requests under way
  private double busy;

  Replica(int cores) {
    this.free = new double[cores];
  }

  /// Serves a request, or turns it away when there are too many.
  ///
  /// @param refusing what turning away costs
  /// @return when it is answered; [Double#NaN] when it is turned away
  double serve(double now, double cost, double refusing) {
    while (!ends.isEmpty() && ends.peek() <= now) {
      ends.poll();
    }
    if (ends.size() >= UNDER_WAY_MAX) {
      refuse(now, refusing);
      return Double.NaN;
    }
    var end = work(now, cost);
    ends.add(end);
    return end;
  }

  /// Turning away goes before all other work; a process that can do no more leaves it to the peer
  /// to give up.
  private void refuse(double now, double cost) {
    var core = first();
    if (free[core] - now < BEHIND_MAX) {
      free[core] += cost;
      busy += cost;
    }
  }

  /// Work that nobody asked for from outside: never turned away.
  ///
  /// @return when it is done
  double work(double now, double cost) {
    var core = first();
    free[core] = Math.max(now, free[core]) + cost;
    busy += cost;
    return free[core];
  }

  /// The core that is free first.
  private int first() {
    var core = 0;
    for (var i = 1; i < free.length; i++) {
      if (free[i] < free[core]) {
        core = i;
      }
    }
    return core;
  }

  /// CPU seconds spent so far.
  double busy() {
    return busy;
  }

  /// Forgets what was under way: the process ended, and the next one answers from `again` on.
  void restart(double again) {
    ends.clear();
    Arrays.fill(free, again);
  }
}
