package io.nave.placement.schedule;

import io.nave.api.LabelSelector;
import io.nave.placement.api.Placement;
import io.nave.placement.api.Placement.SpreadConstraint;
import io.nave.placement.api.Placement.Toleration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Placement that was found good, in the form it is scheduled by.
///
/// @param limit most clusters wanted, or [#ALL]
/// @param clauses a cluster must match one of them; none: all match
/// @param byScore whether decisions are sorted by score and say it
/// @param moves bounds on leaving clusters, if there are any
/// @param division how replicas are divided, if they are
record Program(
    Placement placement,
    int limit,
    List<Clause> clauses,
    List<Toleration> tolerations,
    List<Prioritizer> prioritizers,
    List<SpreadConstraint> spread,
    Grouping grouping,
    boolean byScore,
    Placement.@Nullable Moves moves,
    @Nullable Division division) {
  static final int ALL = -1;

  /// One predicate.
  ///
  /// @param path of the field, for messages
  record Clause(
      LabelSelector labels,
      LabelSelector claims,
      List<Expressions.Compiled> expressions,
      String path) {}

  /// One prioritizer of a weight that is not 0.
  ///
  /// @param resource of an add-on score: the name of the AddOnPlacementScore
  /// @param score of an add-on score: its name in there
  record Prioritizer(Source source, String name, int weight, String resource, String score) {}

  /// Where a score comes from.
  enum Source {
    BALANCE,
    STEADY,
    CPU,
    MEMORY,
    ADD_ON
  }

  /// @param length clusters in a group, such as `3` or `25%`
  record Grouping(String length, List<NamedGroup> named) {}

  /// @param name of the group
  record NamedGroup(String name, LabelSelector labels, LabelSelector claims) {
    boolean has(ClusterRow row) {
      return labels.matches(row.labels()) && claims.matches(row.claims());
    }
  }

  boolean limited() {
    return limit != ALL;
  }

  /// Whether scores have a say in the decisions or are told in them.
  boolean ranks() {
    return limited() || byScore;
  }

  /// Whether a cluster's score depends on which other clusters are left.
  boolean relative() {
    if (ranks()) {
      for (var each : prioritizers) {
        if (each.source() == Source.CPU || each.source() == Source.MEMORY) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether what clusters can bear has a say in its decisions.
  boolean weighs() {
    return relative() || division != null;
  }

  /// Whether it looks at any score of this AddOnPlacementScore.
  boolean reads(String resource) {
    return ranks()
        && prioritizers.stream()
            .anyMatch(p -> p.source() == Source.ADD_ON && p.resource().equals(resource));
  }
}
