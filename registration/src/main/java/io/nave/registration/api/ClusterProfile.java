package io.nave.registration.api;

import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Length;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.Required;
import io.nave.api.schema.Rule;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cluster as SIG-Multicluster describes one to tools that know nothing of this hub; the hub
/// keeps one in each namespace that a set is bound to (spec §2.18, §4.8).
@Doc("A cluster, described for tools that know nothing of this hub; kept by the hub.")
@Kind(group = "multicluster.x-k8s.io", version = "v1alpha1", plural = "clusterprofiles")
public record ClusterProfile(Meta metadata, @Required Spec spec, Status status)
    implements Resource {
  /// Label: who keeps the profile.
  public static final String MANAGER_LABEL = "x-k8s.io/cluster-manager";

  /// Label: the set the cluster is in.
  public static final String SET_LABEL = "multicluster.x-k8s.io/clusterset";

  /// The manager's name, as upstream's hub calls itself.
  public static final String MANAGER = "open-cluster-management";

  public ClusterProfile {
    status = Absent.or(status, new Status(null, List.of(), List.of(), List.of(), List.of()));
  }

  public record Spec(
      @Nullable String displayName,
      @Required @Rule(rule = "self == oldSelf", message = "ClusterManager is immutable")
          ClusterManager clusterManager) {}

  public record ClusterManager(@Required String name) {}

  public record Status(
      @Nullable Version version,
      List<Property> properties,
      @ListMap("type") List<Condition> conditions,
      @ListMap("name") List<AccessProvider> accessProviders,
      @ListMap("name") List<AccessProvider> credentialProviders) {
    public Status {
      properties = Absent.toEmpty(properties);
      conditions = Absent.toEmpty(conditions);
      accessProviders = Absent.toEmpty(accessProviders);
      credentialProviders = Absent.toEmpty(credentialProviders);
    }
  }

  public record Version(@Nullable String kubernetes) {}

  public record Property(
      @Required @Length(min = 1, max = 253) String name,
      @Required @Length(min = 1, max = 1024) String value,
      @Nullable Instant lastObservedTime) {}

  /// A way to reach the cluster; the fields of a kubeconfig's cluster that carry no secret.
  public record AccessProvider(@Required String name, @Nullable Endpoint cluster) {}

  public record Endpoint(
      @Required String server,
      @com.fasterxml.jackson.annotation.JsonProperty("tls-server-name")
          @Nullable String tlsServerName,
      @com.fasterxml.jackson.annotation.JsonProperty("certificate-authority-data")
          @Nullable String certificateAuthorityData,
      @com.fasterxml.jackson.annotation.JsonProperty("proxy-url") @Nullable String proxyUrl) {}
}
