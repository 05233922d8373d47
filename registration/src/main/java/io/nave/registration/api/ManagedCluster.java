package io.nave.registration.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Default;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Format;
import io.nave.api.schema.Length;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Required;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A cluster that asked to be managed, and what is known of it.
@Doc("A cluster that asked to be managed, and what is known of it.")
@Kind(
    group = ManagedCluster.GROUP,
    version = "v1",
    plural = "managedclusters",
    shortNames = {"mcl", "mcls"},
    namespaced = false,
    columns = {
      @Kind.PrintColumn(name = "Hub Accepted", type = "boolean", path = ".spec.hubAcceptsClient"),
      @Kind.PrintColumn(
          name = "Managed Cluster URLs",
          path = ".spec.managedClusterClientConfigs[*].url"),
      @Kind.PrintColumn(
          name = "Joined",
          path = ".status.conditions[?(@.type==\"ManagedClusterJoined\")].status"),
      @Kind.PrintColumn(
          name = "Available",
          path = ".status.conditions[?(@.type==\"ManagedClusterConditionAvailable\")].status"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ManagedCluster(Meta metadata, Spec spec, Status status) implements Resource {
  public static final String GROUP = "cluster.open-cluster-management.io";

  /// On everything that belongs to one cluster; the value is the cluster's name.
  public static final String NAME_LABEL = "open-cluster-management.io/cluster-name";

  /// Membership of one exclusive set.
  public static final String SET_LABEL = "cluster.open-cluster-management.io/clusterset";

  /// Condition: an administrator accepted the cluster.
  public static final String ACCEPTED = "HubAcceptedManagedCluster";

  /// Condition: the cluster's agent came with its own certificate.
  public static final String JOINED = "ManagedClusterJoined";

  /// Condition: the cluster's API answers and its agent renews its lease.
  public static final String AVAILABLE = "ManagedClusterConditionAvailable";

  public ManagedCluster {
    spec = Absent.or(spec, new Spec(false, null, List.of(), List.of()));
    status = Absent.or(status, new Status(List.of(), Map.of(), Map.of(), null, List.of()));
  }

  @JsonIgnore
  public boolean accepted() {
    return spec.hubAcceptsClient();
  }

  public record Spec(
      @Doc(
              "Whether the hub lets this cluster in. Setting it needs the right to update managedclusters/accept.")
          boolean hubAcceptsClient,
      @Doc(
              "How often the agent renews its lease; after five times this long without a renewal the cluster's availability is Unknown.")
          @Default("60")
          @Nullable Integer leaseDurationSeconds,
      @Doc("Where the cluster's own API can be reached, if it wants that known.")
          List<ClientConfig> managedClusterClientConfigs,
      @Doc("Repel placements that do not tolerate them.") List<Taint> taints) {
    public Spec {
      managedClusterClientConfigs = Absent.toEmpty(managedClusterClientConfigs);
      taints = Absent.toEmpty(taints);
    }

    /// The lease duration, 60 s when absent or 0 (spec §3.7).
    @JsonIgnore
    public Duration leaseDuration() {
      var seconds = Absent.or(leaseDurationSeconds, 60);
      return Duration.ofSeconds(seconds <= 0 ? 60 : seconds);
    }
  }

  public record ClientConfig(@Required String url, @Format("byte") @Nullable String caBundle) {}

  public record Taint(
      @Required @Length(max = 316) String key,
      @Length(max = 1024) @Nullable String value,
      @Required @OneOf({"NoSelect", "PreferNoSelect", "NoSelectIfNew"}) String effect,
      @Nullable Instant timeAdded) {}

  public record Status(
      @ListMap("type") List<Condition> conditions,
      Map<String, String> capacity,
      Map<String, String> allocatable,
      @Nullable Version version,
      List<Claim> clusterClaims) {
    public Status {
      conditions = Absent.toEmpty(conditions);
      capacity = Absent.toEmpty(capacity);
      allocatable = Absent.toEmpty(allocatable);
      clusterClaims = Absent.toEmpty(clusterClaims);
    }
  }

  public record Version(@Nullable String kubernetes) {}

  public record Claim(
      @Required @Length(min = 1, max = 253) String name,
      @Required @Length(min = 1, max = 1024) String value) {}
}
