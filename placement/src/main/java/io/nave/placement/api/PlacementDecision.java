package io.nave.placement.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of the answer to a [Placement]: at most 100 clusters of one decision group.
@Doc("A part of the answer to a Placement: at most 100 clusters of one decision group.")
@Kind(
    group = "cluster.open-cluster-management.io",
    version = "v1beta1",
    plural = "placementdecisions")
public record PlacementDecision(Meta metadata, Status status) implements Resource {
  /// Most clusters in one object (spec §5.4).
  public static final int DECISIONS_MAX = 100;

  public PlacementDecision {
    status = Absent.or(status, new Status(List.of()));
  }

  public record Status(
      @JsonInclude(JsonInclude.Include.ALWAYS) @Required List<Decision> decisions) {
    public Status {
      decisions = Absent.toEmpty(decisions);
    }
  }

  /// @param reason always empty, as upstream
  /// @param score the cluster's total, published when its Placement sorts by score
  /// @param replicas this cluster's share, published when its Placement divides replicas
  public record Decision(
      @Required String clusterName,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Required String reason,
      @Nullable Integer score,
      @Doc("This cluster's share of the replicas its Placement divides; Nave's own.")
          @Nullable Integer replicas) {
    public Decision {
      reason = Absent.toEmpty(reason);
    }

    /// The usual decision, which says neither score nor replicas.
    public static Decision of(String clusterName) {
      return new Decision(clusterName, "", null, null);
    }
  }
}
