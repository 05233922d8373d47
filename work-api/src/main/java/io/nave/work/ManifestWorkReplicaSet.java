package io.nave.work;

import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Default;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Items;
import io.nave.api.schema.Length;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Pattern;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Range;
import io.nave.api.schema.Required;
import io.nave.work.rollout.RolloutStrategy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The same [ManifestWork] for every cluster of some Placements, rolled out in steps.
@Doc("The same ManifestWork for every cluster of some Placements, rolled out in steps.")
@Kind(
    group = "work.open-cluster-management.io",
    version = "v1alpha1",
    plural = "manifestworkreplicasets",
    shortNames = {"mwrs"},
    columns = {
      @Kind.PrintColumn(
          name = "Placement",
          path = ".status.conditions[?(@.type==\"PlacementVerified\")].reason"),
      @Kind.PrintColumn(
          name = "Found",
          path = ".status.conditions[?(@.type==\"PlacementVerified\")].status"),
      @Kind.PrintColumn(
          name = "ManifestWorks",
          path = ".status.conditions[?(@.type==\"ManifestworkApplied\")].reason"),
      @Kind.PrintColumn(
          name = "Applied",
          path = ".status.conditions[?(@.type==\"ManifestworkApplied\")].status"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ManifestWorkReplicaSet(Meta metadata, Spec spec, Status status) implements Resource {
  public static final String FINALIZER = "work.open-cluster-management.io/manifest-work-cleanup";

  /// On each child work: `<namespace>.<name>` of its set.
  public static final String LABEL = "work.open-cluster-management.io/manifestworkreplicaset";

  /// On each child work: the Placement that chose its cluster.
  public static final String PLACEMENT_LABEL = "work.open-cluster-management.io/placementname";

  /// On child works of a template that is too large for one work: which part, counted from 1.
  public static final String PART_LABEL = "work.nave.io/part";

  public static final String PLACEMENT_VERIFIED = "PlacementVerified";
  public static final String PLACEMENT_ROLLED_OUT = "PlacementRolledOut";
  public static final String MANIFESTWORK_APPLIED = "ManifestworkApplied";

  public ManifestWorkReplicaSet {
    spec = Absent.or(spec, new Spec(null, List.of(), null, false, null, List.of(), null));
    status = Absent.or(status, new Status(List.of(), null, List.of(), null));
  }

  /// The last four are Nave's own; what does not know them ignores them.
  public record Spec(
      ManifestWork.@Nullable Spec manifestWorkTemplate,
      @Required @Items(min = 1) List<PlacementRef> placementRefs,
      @Default("\"Background\"") @OneOf({"Background", "Foreground"})
          @Nullable String cascadeDeletionPolicy,
      @Doc("Whether nothing is created, changed or removed until further notice.") boolean paused,
      @Doc("What differs from cluster to cluster.") @Nullable ClusterValues clusterValues,
      @Doc("Replica sets of this namespace that come first, cluster by cluster.") @Items(max = 16)
          List<ManifestWork.Dependency> dependsOn,
      @Doc("How many past templates are kept for `nave rollout undo`.")
          @Default("10")
          @Range(min = 1, max = 50)
          @Nullable Integer revisionHistoryLimit) {
    public Spec {
      placementRefs = Absent.toEmpty(placementRefs);
      dependsOn = Absent.toEmpty(dependsOn);
    }
  }

  public record PlacementRef(
      @Required @Length(min = 1) String name,
      @Default("{\"type\":\"All\",\"all\":{\"progressDeadline\":\"None\"}}")
          @Nullable RolloutStrategy rolloutStrategy) {}

  /// Values that are filled into the template for each cluster.
  ///
  /// @param table a row for each cluster by its name; the row `*` is for those without one
  public record ClusterValues(
      @Preserve Map<String, JsonNode> table, @Items(max = 64) List<Value> set) {
    public ClusterValues {
      table = Absent.toEmpty(table);
      set = Absent.toEmpty(set);
    }
  }

  /// One value.
  ///
  /// @param path JSON pointer into the template, such as `/workload/manifests/0/spec/replicas`
  /// @param expression CEL over `cluster` (name, labels, claims) and `row`
  public record Value(
      @Required @Pattern("^(/[^/]*)+$") String path,
      @Required @Length(min = 1, max = 4096) String expression) {}

  public record Status(
      @ListMap("type") List<Condition> conditions,
      @Nullable Summary summary,
      List<PlacementSummary> placementSummary,
      @Nullable Rollout rollout) {
    public Status {
      conditions = Absent.toEmpty(conditions);
      placementSummary = Absent.toEmpty(placementSummary);
    }
  }

  /// Counts of works; a template that is split counts once for each cluster.
  ///
  /// @param total works there are
  /// @param desiredTotal clusters the placements chose
  /// @param updated works that have the present template
  public record Summary(
      int total,
      int desiredTotal,
      int updated,
      int applied,
      int available,
      int degraded,
      int progressing) {}

  /// @param availableDecisionGroups such as `2 (3 / 5 clusters applied)`
  public record PlacementSummary(
      @Required String name, @Nullable String availableDecisionGroups, @Nullable Summary summary) {}

  /// How the present template is getting on.
  ///
  /// @param revision of the present template
  /// @param completeRevision the last that every cluster succeeded with; 0: none yet
  /// @param parts how many works one cluster gets
  /// @param waiting clusters whose turn has not come
  /// @param failing the first few clusters that stand in the way
  public record Rollout(
      long revision,
      long completeRevision,
      int parts,
      int waiting,
      boolean breached,
      List<Failing> failing) {
    /// How many failing clusters one status names.
    public static final int FAILING_MAX = 10;

    public Rollout {
      failing = Absent.toEmpty(failing);
    }
  }

  public record Failing(
      @Required String cluster, @Nullable String reason, @Nullable String message) {}
}
