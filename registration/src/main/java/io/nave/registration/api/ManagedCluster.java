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
import io.nave.api.schema.MayBeNull;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Pattern;
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

  /// Condition: the times its agent writes agree with the hub's.
  public static final String CLOCK_SYNCED = "ManagedClusterConditionClockSynced";

  /// Condition: the agent has replaced its certificate.
  public static final String ROTATED = "ClusterCertificateRotated";

  /// Condition: the agent was installed into the cluster from here.
  public static final String IMPORTED = "ManagedClusterImportSucceeded";

  /// Annotation: the clock is not judged when it is `"true"`.
  public static final String SKIP_CLOCK =
      "registration.open-cluster-management.io/skip-clock-sync-check";

  /// Annotation: when the hub accepted the cluster by itself, so that it does so only once.
  public static final String AUTO_ACCEPTED = "open-cluster-management.io/automatically-accepted-on";

  /// Annotation: the cluster is gone for good; whatever its agent should still do is not waited
  /// for.
  public static final String FORCE_DETACH = "nave.io/force-detach";

  /// A name, with a domain before it or without.
  private static final String QUALIFIED =
      "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$";

  public ManagedCluster {
    spec = Absent.or(spec, new Spec(false, null, List.of(), List.of()));
    status =
        Absent.or(
            status, new Status(List.of(), Map.of(), Map.of(), null, List.of(), List.of(), null));
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
      @Required @Length(max = 316) @Pattern(QUALIFIED) String key,
      @Length(max = 1024) @Nullable String value,
      @Required @OneOf({"NoSelect", "PreferNoSelect", "NoSelectIfNew"}) String effect,
      @MayBeNull @Nullable Instant timeAdded) {}

  public record Status(
      @ListMap("type") List<Condition> conditions,
      Map<String, String> capacity,
      Map<String, String> allocatable,
      @Nullable Version version,
      List<Claim> clusterClaims,
      @Doc("Namespaces that the cluster keeps for the sets it is in.")
          @ListMap({"clusterSet", "name"})
          List<ManagedNamespace> managedNamespaces,
      @Doc("How the cluster's nodes are: counts, and the first that are not ready.")
          @Nullable NodeSummary nodeSummary) {
    public Status {
      conditions = Absent.toEmpty(conditions);
      capacity = Absent.toEmpty(capacity);
      allocatable = Absent.toEmpty(allocatable);
      clusterClaims = Absent.toEmpty(clusterClaims);
      managedNamespaces = Absent.toEmpty(managedNamespaces);
    }
  }

  public record Version(@Nullable String kubernetes) {}

  public record Claim(
      @Required @Length(min = 1, max = 253) String name,
      @Required @Length(min = 1, max = 1024) String value) {}

  /// A namespace that a set wants in each of its clusters.
  public record ManagedNamespace(
      @Required String clusterSet,
      @Required @Length(max = 63) @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$") String name,
      @ListMap("type") List<Condition> conditions) {
    public ManagedNamespace {
      conditions = Absent.toEmpty(conditions);
    }
  }

  /// Counts of nodes; an agent of another make leaves it out.
  ///
  /// @param notReady names of nodes that are not ready, in order, at most [#NAMES_MAX]
  public record NodeSummary(int total, int ready, int schedulable, List<String> notReady) {
    /// The rest is in the cluster itself.
    public static final int NAMES_MAX = 5;

    public NodeSummary {
      notReady = Absent.toEmpty(notReady);
    }
  }
}
