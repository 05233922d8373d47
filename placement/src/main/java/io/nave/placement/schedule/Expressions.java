package io.nave.placement.schedule;

import io.nave.api.ApiObject;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// CEL over a cluster: the variable `managedCluster`, its method `scores(name)`, and the functions
/// of Kubernetes.
public interface Expressions {
  /// Cost one evaluation may have (spec §5.2).
  long COST_MAX = 1_000_000;

  /// Cost all evaluations for one Placement may have, on all its candidates (spec §5.2).
  long TOTAL_COST_MAX = 10_000_000;

  /// What an evaluation came to.
  record Verdict(boolean holds, long cost) {}

  /// @throws BadExpression when the text is no expression that gives a bool; the message says why
  Compiled compile(String expression);

  /// One compiled expression; may be evaluated again and again.
  interface Compiled {
    /// Whether it is true of the cluster, and at what cost; a fault of the evaluation is a no.
    ///
    /// @param scores the list of `{name, value}` of an AddOnPlacementScore of this cluster
    /// @throws BadExpression when it costs more than [#COST_MAX]
    Verdict test(ApiObject cluster, Function<String, JsonNode> scores);
  }

  /// An expression that cannot be used.
  final class BadExpression extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadExpression(String message) {
      super(message, null, false, false);
    }
  }
}
