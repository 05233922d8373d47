package io.nave.work.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Whose turn it is (spec/ocm-behaviour.md §7.5). Pure.
///
/// A cluster is *known* when it was given the new state; the others wait. A known cluster is
/// *active*, and so takes up a place, until it succeeded and its soak time is over, or its deadline
/// passed. `maxFailures` above the number of clusters tolerates them all, where upstream would
/// tolerate none (§14 row 16).
///
/// @param start clusters that are not known yet and whose turn has come, in order
/// @param active known clusters still under way
/// @param timedOut known clusters whose deadline passed
/// @param breached whether more clusters failed than may, so that no further one starts
/// @param recheckAt the nearest end of a soak time or deadline
public record RolloutPlan(
    List<String> start,
    Set<String> active,
    Set<String> timedOut,
    boolean breached,
    Optional<Instant> recheckAt) {

  /// How a known cluster stands.
  public enum State {
    TO_APPLY,
    PROGRESSING,
    SUCCEEDED,
    FAILED,
    TIMED_OUT,
    SKIP
  }

  /// @param since when it came to stand so; null: just now
  public record Known(State state, @Nullable Instant since) {}

  /// Clusters decided together.
  ///
  /// @param name may be empty
  public record Group(String name, int index, List<String> clusters) {
    public Group {
      clusters = List.copyOf(clusters);
    }
  }

  public RolloutPlan {
    start = List.copyOf(start);
    active = Set.copyOf(active);
    timedOut = Set.copyOf(timedOut);
  }

  /// Decides.
  ///
  /// @param groups all clusters that shall have the new state, ordered by index
  /// @param known those that were given it; others than those of `groups` are passed over
  public static RolloutPlan of(
      RolloutStrategy strategy, List<Group> groups, Map<String, Known> known, Instant now) {
    var type = Objects.requireNonNullElse(strategy.type(), "All");
    var progressive = strategy.progressive();
    var perGroup = strategy.progressivePerGroup();
    if (type.equals("Progressive")) {
      var patience =
          progressive == null
              ? new Patience(Duration.ZERO, null)
              : Patience.of(progressive.minSuccessTime(), progressive.progressDeadline());
      return new Walk(known, patience, now).progressive(groups, progressive);
    }
    if (type.equals("ProgressivePerGroup")) {
      var patience =
          perGroup == null
              ? new Patience(Duration.ZERO, null)
              : Patience.of(perGroup.minSuccessTime(), perGroup.progressDeadline());
      return new Walk(known, patience, now).perGroup(groups, perGroup);
    }
    var all = strategy.all();
    var deadline = all == null ? null : Amounts.deadline(all.progressDeadline());
    return new Walk(known, new Patience(Duration.ZERO, deadline), now).all(groups);
  }

  /// @param deadline null: never
  private record Patience(Duration soak, @Nullable Duration deadline) {
    static Patience of(@Nullable String soak, @Nullable String deadline) {
      return new Patience(Amounts.duration(soak), Amounts.deadline(deadline));
    }
  }

  /// One walk over the clusters, collecting what it finds.
  private static final class Walk {
    private final Map<String, Known> known;
    private final Patience patience;
    private final Instant now;
    private final Set<String> start = new LinkedHashSet<>();
    private final Set<String> active = new TreeSet<>();
    private final Set<String> timedOut = new TreeSet<>();
    private boolean breached;
    private @Nullable Instant recheckAt;

    Walk(Map<String, Known> known, Patience patience, Instant now) {
      this.known = known;
      this.patience = patience;
      this.now = now;
    }

    RolloutPlan all(List<Group> groups) {
      for (var cluster : sorted(groups)) {
        if (known.containsKey(cluster)) {
          look(cluster);
        } else {
          start.add(cluster);
        }
      }
      return done();
    }

    RolloutPlan progressive(List<Group> groups, RolloutStrategy.@Nullable Progressive settings) {
      var mandatory =
          settings == null
              ? List.<Group>of()
              : mandatory(groups, settings.mandatoryDecisionGroups());
      if (heldBack(mandatory)) {
        return done();
      }
      var rest = sorted(groups.stream().filter(group -> !mandatory.contains(group)).toList());
      var wanted = settings == null ? null : settings.maxConcurrency();
      var places = Amounts.of(wanted, rest.size(), rest.size());
      places = places <= 0 || places > rest.size() ? rest.size() : places;
      var bearable = settings == null ? null : settings.maxFailures();
      step(rest, places, Amounts.of(bearable, sorted(groups).size(), 0));
      return done();
    }

    /// Known clusters keep their places; what is left of the places goes to new ones.
    private void step(List<String> clusters, int places, int failuresMax) {
      int failures = 0;
      for (var cluster : clusters) {
        if (known.containsKey(cluster) && look(cluster)) {
          failures++;
        }
      }
      breached = failures > failuresMax;
      for (var cluster : clusters) {
        if (breached || active.size() + start.size() >= places) {
          return;
        }
        if (!known.containsKey(cluster)) {
          start.add(cluster);
        }
      }
    }

    RolloutPlan perGroup(
        List<Group> groups, RolloutStrategy.@Nullable ProgressivePerGroup settings) {
      var mandatory =
          settings == null
              ? List.<Group>of()
              : mandatory(groups, settings.mandatoryDecisionGroups());
      if (heldBack(mandatory)) {
        return done();
      }
      var bearable = settings == null ? null : settings.maxFailures();
      for (var group : groups) {
        if (!mandatory.contains(group) && !through(group, bearable)) {
          return done();
        }
      }
      return done();
    }

    /// Groups that go first bear no failure.
    private boolean heldBack(List<Group> mandatory) {
      for (var group : mandatory) {
        if (!through(group, null)) {
          return true;
        }
      }
      return false;
    }

    /// Starts a group, all of it together.
    ///
    /// @return whether the next may start
    private boolean through(Group group, @Nullable JsonNode bearable) {
      int failuresMax = Amounts.of(bearable, group.clusters().size(), 0);
      int failures = 0;
      int underWay = 0;
      var fresh = new TreeSet<String>();
      for (var cluster : group.clusters()) {
        if (!known.containsKey(cluster)) {
          fresh.add(cluster);
          continue;
        }
        boolean failed = look(cluster);
        failures += failed ? 1 : 0;
        underWay += !failed && active.contains(cluster) ? 1 : 0;
      }
      breached |= failures > failuresMax;
      if (!breached) {
        start.addAll(fresh);
      }
      return !breached && fresh.isEmpty() && underWay == 0;
    }

    /// Looks at a known cluster.
    ///
    /// @return whether it counts as a failure
    private boolean look(String cluster) {
      var standing = Objects.requireNonNull(known.get(cluster));
      var since = standing.since() == null ? now : standing.since();
      return switch (standing.state()) {
        case TO_APPLY -> {
          active.add(cluster);
          yield false;
        }
        case SKIP -> false;
        case TIMED_OUT -> timedOut.add(cluster);
        case SUCCEEDED -> {
          var end = since.plus(patience.soak());
          if (now.isBefore(end)) {
            active.add(cluster);
            recheck(end);
          }
          yield false;
        }
        case PROGRESSING, FAILED -> {
          var deadline = patience.deadline();
          var failed = standing.state() == State.FAILED;
          if (deadline != null && !now.isBefore(since.plus(deadline))) {
            yield timedOut.add(cluster);
          }
          active.add(cluster);
          if (deadline != null) {
            recheck(since.plus(deadline));
          }
          yield failed;
        }
      };
    }

    private void recheck(Instant at) {
      if (recheckAt == null || at.isBefore(recheckAt)) {
        recheckAt = at;
      }
    }

    private RolloutPlan done() {
      return new RolloutPlan(
          List.copyOf(start), active, timedOut, breached, Optional.ofNullable(recheckAt));
    }

    private static List<String> sorted(List<Group> groups) {
      var clusters = new TreeSet<String>();
      groups.forEach(group -> clusters.addAll(group.clusters()));
      return List.copyOf(clusters);
    }

    /// The named groups, in the order they are named.
    private static List<Group> mandatory(
        List<Group> groups, List<RolloutStrategy.DecisionGroup> named) {
      var found = new ArrayList<Group>();
      for (var name : named) {
        for (var group : groups) {
          if (isNamed(group, name) && !found.contains(group)) {
            found.add(group);
          }
        }
      }
      return found;
    }

    private static boolean isNamed(Group group, RolloutStrategy.DecisionGroup wanted) {
      var name = wanted.groupName();
      if (name != null && !name.isEmpty()) {
        return group.name().equals(name);
      }
      return wanted.groupIndex() != null && group.index() == wanted.groupIndex();
    }
  }
}
