package io.nave.placement.api;

import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.Range;
import io.nave.api.schema.Required;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Scores of one cluster from outside, in that cluster's namespace; a Placement names them by
/// `addOn.resourceName` (this object's name) and `addOn.scoreName` (spec/ocm-behaviour.md §2.6).
@Doc("Scores of one cluster, from outside; it lives in the namespace of its cluster.")
@Kind(
    group = "cluster.open-cluster-management.io",
    version = "v1alpha1",
    plural = "addonplacementscores")
public record AddOnPlacementScore(Meta metadata, Status status) implements Resource {
  public AddOnPlacementScore {
    status = Absent.or(status, new Status(List.of(), List.of(), null));
  }

  public record Status(
      @ListMap("type") List<Condition> conditions,
      @ListMap("name") List<Score> scores,
      @Doc("After this the scores count as 0.") @Nullable Instant validUntil) {
    public Status {
      conditions = Absent.toEmpty(conditions);
      scores = Absent.toEmpty(scores);
    }
  }

  public record Score(@Required String name, @Required @Range(min = -100, max = 100) int value) {}
}
