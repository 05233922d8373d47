package io.nave.placement.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.LabelSelector;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Default;
import io.nave.api.schema.Doc;
import io.nave.api.schema.IntOrString;
import io.nave.api.schema.Items;
import io.nave.api.schema.Length;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Pattern;
import io.nave.api.schema.Range;
import io.nave.api.schema.Required;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A question: which clusters of the sets bound to this namespace should something run on?
@Doc("Which clusters, of the sets bound to this namespace, should something run on.")
@Kind(
    group = "cluster.open-cluster-management.io",
    version = "v1beta1",
    plural = "placements",
    columns = {
      @Kind.PrintColumn(
          name = "Succeeded",
          path = ".status.conditions[?(@.type==\"PlacementSatisfied\")].status"),
      @Kind.PrintColumn(
          name = "Reason",
          path = ".status.conditions[?(@.type==\"PlacementSatisfied\")].reason"),
      @Kind.PrintColumn(
          name = "SelectedClusters",
          type = "integer",
          path = ".status.numberOfSelectedClusters")
    })
public record Placement(Meta metadata, Spec spec, Status status) implements Resource {
  /// On each PlacementDecision: the name of its Placement.
  public static final String LABEL = "cluster.open-cluster-management.io/placement";

  /// On each PlacementDecision: the name of its decision group, empty for the rest.
  public static final String GROUP_NAME_LABEL =
      "cluster.open-cluster-management.io/decision-group-name";

  /// On each PlacementDecision: the index of its decision group.
  public static final String GROUP_INDEX_LABEL =
      "cluster.open-cluster-management.io/decision-group-index";

  /// Annotation: `"true"` makes the scheduler leave a Placement alone.
  public static final String DISABLED_ANNOTATION =
      "cluster.open-cluster-management.io/experimental-scheduling-disable";

  public Placement {
    spec =
        Absent.or(
            spec,
            new Spec(
                List.of(), null, List.of(), null, null, List.of(), null, null, null, null, null));
    status = Absent.or(status, new Status(0, List.of(), List.of(), null, null));
  }

  public record Spec(
      @Doc("Only these of the bound sets; empty: all of them.") List<String> clusterSets,
      @Doc("How many clusters at most; absent: all that qualify.")
          @Nullable Integer numberOfClusters,
      @Doc("A cluster qualifies when it matches any of these; none: all qualify.")
          List<Predicate> predicates,
      @Doc("Which of the qualifying clusters are wanted most.")
          @Nullable PrioritizerPolicy prioritizerPolicy,
      @Doc("How the chosen clusters are spread over regions or the like.")
          @Nullable SpreadPolicy spreadPolicy,
      @Doc("Taints that do not keep a cluster from being selected.") List<Toleration> tolerations,
      @Doc("How the chosen clusters are cut into groups.")
          @Nullable DecisionStrategy decisionStrategy,
      @Doc(
              "Order inside a group. With Score, each decision also says its score, renewed at most once per scoreRateLimit.")
          @OneOf({"ClusterName", "Score"})
          @Default("\"ClusterName\"")
          @Nullable String sortBy,
      @Doc("Shortest time between two renewals of published scores, such as 30s, 1m or 2h.")
          @Pattern("^[0-9]+[hms]$")
          @Default("\"1m\"")
          @Nullable String scoreRateLimit,
      @Doc("Bounds on moving away from clusters; Nave's own, other tools may ignore it.")
          @Nullable Moves moves,
      @Doc(
              "Replicas to divide over the chosen clusters; each decision says its cluster's share. Nave's own, other tools may ignore it.")
          @Nullable ReplicaDivision replicaDivision) {
    public Spec {
      clusterSets = Absent.toEmpty(clusterSets);
      predicates = Absent.toEmpty(predicates);
      tolerations = Absent.toEmpty(tolerations);
    }
  }

  public record Predicate(@Nullable ClusterSelector requiredClusterSelector) {}

  public record ClusterSelector(
      @Nullable LabelSelector labelSelector,
      @Nullable ClaimSelector claimSelector,
      @Nullable CelSelector celSelector) {}

  public record ClaimSelector(List<LabelSelector.Requirement> matchExpressions) {
    public ClaimSelector {
      matchExpressions = Absent.toEmpty(matchExpressions);
    }
  }

  public record CelSelector(
      @Doc("Every one must be true of the variable managedCluster.") List<String> celExpressions) {
    public CelSelector {
      celExpressions = Absent.toEmpty(celExpressions);
    }
  }

  public record PrioritizerPolicy(
      @Doc("Additive: beside Balance and Steady of weight 1; Exact: only those named here.")
          @Default("\"Additive\"")
          @Nullable String mode,
      List<PrioritizerConfig> configurations) {
    public PrioritizerPolicy {
      configurations = Absent.toEmpty(configurations);
    }
  }

  public record PrioritizerConfig(
      @Required @Nullable ScoreCoordinate scoreCoordinate,
      @Range(min = -10, max = 10) @Default("1") @Nullable Integer weight) {}

  public record ScoreCoordinate(
      @Required @OneOf({"BuiltIn", "AddOn"}) @Default("\"BuiltIn\"") @Nullable String type,
      @Nullable String builtIn,
      @Nullable AddOnScore addOn) {}

  public record AddOnScore(@Required String resourceName, @Required String scoreName) {}

  public record SpreadPolicy(@Items(max = 8) List<SpreadConstraint> spreadConstraints) {
    public SpreadPolicy {
      spreadConstraints = Absent.toEmpty(spreadConstraints);
    }
  }

  public record SpreadConstraint(
      @Required @Length(max = 316) String topologyKey,
      @Required @OneOf({"Label", "Claim"}) String topologyKeyType,
      @Range(min = 1) @Default("1") @Nullable Integer maxSkew,
      @OneOf({"DoNotSchedule", "ScheduleAnyway"}) @Default("\"ScheduleAnyway\"")
          @Nullable String whenUnsatisfiable) {}

  public record Toleration(
      @Length(max = 316) @Nullable String key,
      @Default("\"Equal\"") @Nullable String operator,
      @Length(max = 1024) @Nullable String value,
      @OneOf({"NoSelect", "PreferNoSelect", "NoSelectIfNew"}) @Nullable String effect,
      @Nullable Long tolerationSeconds) {}

  public record DecisionStrategy(@Nullable GroupStrategy groupStrategy) {}

  public record GroupStrategy(
      @Pattern("^((100|[1-9][0-9]{0,1})%|[1-9][0-9]*)$") @IntOrString @Default("\"100%\"")
          @Nullable JsonNode clustersPerDecisionGroup,
      List<NamedGroup> decisionGroups) {
    public GroupStrategy {
      decisionGroups = Absent.toEmpty(decisionGroups);
    }
  }

  public record NamedGroup(
      @Required @Pattern("^[a-zA-Z0-9][-A-Za-z0-9_.]{0,61}[a-zA-Z0-9]$") String groupName,
      @Required @Nullable GroupSelector groupClusterSelector) {}

  public record GroupSelector(
      @Nullable LabelSelector labelSelector, @Nullable ClaimSelector claimSelector) {}

  /// How fast a Placement may leave clusters. Clusters that are gone, or that the namespace may no
  /// longer use, are left at once and not counted.
  public record Moves(
      @Doc("Most clusters left in one window: a number, or a share of the chosen ones, rounded up.")
          @Pattern("^((100|[1-9][0-9]{0,1})%|[1-9][0-9]*)$")
          @IntOrString
          @Nullable JsonNode maxPerWindow,
      @Doc("Length of the window in seconds.") @Range(min = 1, max = 604800) @Default("600")
          @Nullable Integer windowSeconds,
      @Doc(
              "How long a chosen cluster is kept after its lease ended, in seconds; absent: it is left at once, as upstream does.")
          @Range(min = 0, max = 31536000)
          @Nullable Long failoverGraceSeconds) {}

  /// What is divided, and by what. Whole replicas only; each goes to the cluster that has fewest
  /// for its weight, and a change moves as few as it must.
  public record ReplicaDivision(
      @Doc("How many there are to divide.") @Required @Range(min = 0, max = 1_000_000) int replicas,
      @Doc(
              "Equal: all clusters weigh the same. Weight: as weights say. FreeCapacity: by how many fit into what is allocatable and not taken by other divided Placements; no cluster gets more than fit.")
          @OneOf({"Equal", "Weight", "FreeCapacity"})
          @Default("\"Equal\"")
          @Nullable String by,
      @Doc("Weights of clusters; the first that matches counts, and 1 where none does.")
          @Items(max = 64)
          List<ReplicaWeight> weights,
      @Doc("What one replica needs of its cluster; asked for by FreeCapacity.")
          @Nullable ReplicaNeeds perReplica) {
    public ReplicaDivision {
      weights = Absent.toEmpty(weights);
    }
  }

  public record ReplicaWeight(
      @Required @Nullable GroupSelector clusterSelector,
      @Required @Range(min = 0, max = 1000) int weight) {}

  public record ReplicaNeeds(
      @Doc("Such as 500m or 2.") @IntOrString @Nullable JsonNode cpu,
      @Doc("Such as 512Mi or 2Gi.") @IntOrString @Nullable JsonNode memory) {}

  public record Status(
      int numberOfSelectedClusters,
      @ListMap("type") List<Condition> conditions,
      List<DecisionGroup> decisionGroups,
      @Nullable Instant lastScoreUpdateTime,
      @Doc("Clusters left in the present window of spec.moves.") @Nullable MovesMade moves) {
    public Status {
      conditions = Absent.toEmpty(conditions);
      decisionGroups = Absent.toEmpty(decisionGroups);
    }
  }

  /// @param since when the present window began
  /// @param count clusters left since
  public record MovesMade(@Required Instant since, @Required int count) {}

  public record DecisionGroup(
      @Required int decisionGroupIndex,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String decisionGroupName,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<String> decisions,
      int clusterCount) {
    public DecisionGroup {
      decisions = Absent.toEmpty(decisions);
    }
  }
}
