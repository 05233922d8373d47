package io.nave.bench.scale;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// What all agents do next, and how each stands.
final class Agents {
  /// What an agent does.
  enum Doing {
    CONNECT,
    RENEW,
    CHANGE,
    TELL
  }

  /// @param at in seconds of virtual time
  /// @param age how many restarts it knew of; older ones are void
  record Next(double at, Doing doing, int agent, int age) implements Comparable<Next> {
    @Override
    public int compareTo(Next other) {
      var time = Double.compare(at, other.at);
      return time != 0 ? time : Integer.compare(agent, other.agent); // the same order every time
    }
  }

  private final PriorityQueue<Next> queue = new PriorityQueue<>();
  private final RandomGenerator random;
  final boolean[] connected;
  final double[] renewed; // when each lease was renewed last
  final double[] changedAt; // the oldest change that was not told; NaN: none
  final int[] failures; // in a row, to connect
  private int age;

  Agents(int count, RandomGenerator random) {
    this.random = random;
    this.connected = new boolean[count];
    this.renewed = new double[count];
    this.changedAt = new double[count];
    this.failures = new int[count];
    Arrays.fill(changedAt, Double.NaN);
  }

  int size() {
    return connected.length;
  }

  void plan(double at, Doing doing, int agent) {
    queue.add(new Next(at, doing, agent, age));
  }

  /// The next that happens before `end`; null: nothing.
  @org.jspecify.annotations.Nullable
  Next next(double end) {
    while (true) {
      var next = queue.peek();
      if (next == null || next.at() >= end) {
        return null;
      }
      queue.poll();
      if (next.age() == age || next.doing() == Doing.CHANGE) {
        return next;
      }
    }
  }

  /// All connections broke: what was under way comes to nothing. Changes go on by themselves.
  void cutOff() {
    age++;
    Arrays.fill(connected, false);
    Arrays.fill(failures, 0);
  }

  /// Between 0 and `most`.
  double draw(double most) {
    return random.nextDouble() * most;
  }

  /// The time until the next of events that come by chance, so many an hour.
  double chance(double anHour) {
    return anHour <= 0
        ? Double.POSITIVE_INFINITY
        : -Math.log(1 - random.nextDouble()) * 3600 / anHour;
  }

  /// How many have heard nothing from the hub for so long.
  int silent(double now, double grace) {
    var silent = 0;
    for (var time : renewed) {
      silent += now - time > grace ? 1 : 0;
    }
    return silent;
  }
}
