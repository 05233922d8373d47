package io.nave.placement.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// When time alone can change Placements, by the number of their arrival.
final class Timetable {
  private record Due(Instant at, int serial) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      var order = at.compareTo(other.at);
      return order != 0 ? order : Integer.compare(serial, other.serial);
    }
  }

  private final TreeSet<Due> due = new TreeSet<>();
  private final Map<Integer, Instant> times = new HashMap<>(); // by serial; never iterated

  /// Replaces the time of one.
  ///
  /// @param at null: never
  void set(int serial, @Nullable Instant at) {
    var before = at == null ? times.remove(serial) : times.put(serial, at);
    if (!Objects.equals(before, at)) {
      if (before != null) {
        due.remove(new Due(before, serial));
      }
      if (at != null) {
        due.add(new Due(at, serial));
      }
    }
  }

  /// Takes out those whose time came, in the order of their numbers.
  List<Integer> take(Instant now) {
    if (due.isEmpty() || due.first().at().isAfter(now)) {
      return List.of();
    }
    var came = new TreeSet<Integer>();
    while (!due.isEmpty() && !due.first().at().isAfter(now)) {
      var serial = due.removeFirst().serial();
      times.remove(serial);
      came.add(serial);
    }
    return new ArrayList<>(came);
  }

  /// The first time that is to come; null: none.
  @Nullable Instant next() {
    return due.isEmpty() ? null : due.first().at();
  }
}
