package io.nave.placement.schedule;

import io.nave.placement.api.Placement.SpreadConstraint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Picks clusters so that they spread over regions or the like, as Kubernetes spreads pods.
///
/// One pick after the other: of the clusters no `DoNotSchedule` constraint forbids, the one that
/// breaks the fewest `ScheduleAnyway` constraints, and of these the best ranked. A pick breaks a
/// constraint when its domain would have more than `maxSkew` picks above the emptiest domain. A
/// cluster without the key is in no domain: forbidden by `DoNotSchedule`, broken for the other.
///
/// Clusters of the same domains are one queue, so a pick looks at the queues' heads only.
final class Spread {
  private static final class Lane {
    final List<@Nullable String> domains;
    final ArrayDeque<Integer> places = new ArrayDeque<>(); // ranks, best first

    Lane(List<@Nullable String> domains) {
      this.domains = domains;
    }
  }

  private final List<SpreadConstraint> constraints;
  private final List<Map<String, Integer>> picked = new ArrayList<>(); // by constraint and domain
  private final List<Lane> lanes;

  private Spread(List<SpreadConstraint> constraints, List<Lane> lanes) {
    this.constraints = constraints;
    this.lanes = lanes;
    for (var i = 0; i < constraints.size(); i++) {
      var domains = new TreeMap<String, Integer>();
      for (var lane : lanes) {
        var domain = lane.domains.get(i);
        if (domain != null) {
          domains.put(domain, 0);
        }
      }
      picked.add(domains);
    }
  }

  /// @param ranked the clusters that may be picked, best first
  /// @param most how many to pick at most
  static int[] pick(Fleet fleet, List<SpreadConstraint> constraints, int[] ranked, int most) {
    var lanes = new LinkedHashMap<List<@Nullable String>, Lane>();
    for (var place = 0; place < ranked.length; place++) {
      var domains = domains(constraints, fleet.known(ranked[place]));
      lanes.computeIfAbsent(domains, Lane::new).places.add(place);
    }
    var spread = new Spread(constraints, new ArrayList<>(lanes.values()));
    var chosen = new int[Math.min(most, ranked.length)];
    for (var i = 0; i < chosen.length; i++) {
      var lane = spread.next();
      if (lane == null) {
        return Arrays.copyOf(chosen, i);
      }
      chosen[i] = ranked[lane.places.removeFirst()];
      spread.count(lane);
    }
    return chosen;
  }

  /// The domains a cluster is in, one for each constraint; null: in none.
  static List<@Nullable String> domains(List<SpreadConstraint> constraints, ClusterRow row) {
    var domains = new ArrayList<@Nullable String>(constraints.size());
    for (var constraint : constraints) {
      var from = constraint.topologyKeyType().equals("Claim") ? row.claims() : row.labels();
      domains.add(from.get(constraint.topologyKey()));
    }
    return domains;
  }

  private @Nullable Lane next() {
    var emptiest = picked.stream().mapToInt(Spread::least).toArray();
    @Nullable Lane best = null;
    var bestBroken = Integer.MAX_VALUE;
    for (var lane : lanes) {
      var broken = lane.places.isEmpty() ? -1 : broken(lane, emptiest);
      if (broken >= 0 && (best == null || better(lane, broken, best, bestBroken))) {
        best = lane;
        bestBroken = broken;
      }
    }
    return best;
  }

  private static boolean better(Lane lane, int broken, Lane best, int bestBroken) {
    return broken != bestBroken
        ? broken < bestBroken
        : lane.places.getFirst() < best.places.getFirst();
  }

  /// How many constraints a pick from here breaks; -1 when one forbids it.
  private int broken(Lane lane, int[] emptiest) {
    var broken = 0;
    for (var i = 0; i < constraints.size(); i++) {
      var constraint = constraints.get(i);
      var domain = lane.domains.get(i);
      int skewMax = constraint.maxSkew() == null ? 1 : constraint.maxSkew();
      if (domain == null || picked.get(i).getOrDefault(domain, 0) + 1 - emptiest[i] > skewMax) {
        if ("DoNotSchedule".equals(constraint.whenUnsatisfiable())) {
          return -1;
        }
        broken++;
      }
    }
    return broken;
  }

  private void count(Lane lane) {
    for (var i = 0; i < constraints.size(); i++) {
      var domain = lane.domains.get(i);
      if (domain != null) {
        picked.get(i).merge(domain, 1, Integer::sum);
      }
    }
  }

  private static int least(Map<String, Integer> domains) {
    return domains.values().stream().mapToInt(Integer::intValue).min().orElse(0);
  }
}
