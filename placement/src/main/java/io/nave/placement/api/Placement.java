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
import io.nave.api.schema.Length;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
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

  public Placement {
    spec = Absent.or(spec, new Spec(List.of(), null, List.of(), null, null, List.of(), null));
    status = Absent.or(status, new Status(0, List.of(), List.of()));
  }

  public record Spec(
      @Doc("Only these of the bound sets; empty: all of them.") List<String> clusterSets,
      @Doc("How many clusters at most; absent: all that qualify.")
          @Nullable Integer numberOfClusters,
      @Doc("A cluster qualifies when it matches any of these; none: all qualify.")
          List<Predicate> predicates,
      @Preserve @Nullable JsonNode prioritizerPolicy,
      @Preserve @Nullable JsonNode spreadPolicy,
      @Doc("Taints that do not keep a cluster from being selected.") List<Toleration> tolerations,
      @Preserve @Nullable JsonNode decisionStrategy) {
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
      @Preserve @Nullable JsonNode celSelector) {}

  public record ClaimSelector(List<LabelSelector.Requirement> matchExpressions) {
    public ClaimSelector {
      matchExpressions = Absent.toEmpty(matchExpressions);
    }
  }

  public record Toleration(
      @Length(max = 316) @Nullable String key,
      @Default("\"Equal\"") @Nullable String operator,
      @Length(max = 1024) @Nullable String value,
      @OneOf({"NoSelect", "PreferNoSelect", "NoSelectIfNew"}) @Nullable String effect,
      @Nullable Long tolerationSeconds) {}

  public record Status(
      int numberOfSelectedClusters,
      @ListMap("type") List<Condition> conditions,
      List<DecisionGroup> decisionGroups) {
    public Status {
      conditions = Absent.toEmpty(conditions);
      decisionGroups = Absent.toEmpty(decisionGroups);
    }
  }

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
