package io.nave.registration.api;

import io.nave.api.ResourceType;

/// The kinds of others that registration reads and writes as plain objects.
public final class HubKinds {
  public static final ResourceType SIGNING_REQUEST =
      ResourceType.of(
              "certificates.k8s.io",
              "v1",
              "CertificateSigningRequest",
              "certificatesigningrequests",
              false)
          .withStatus();
  public static final ResourceType ACCESS_REVIEW =
      ResourceType.of(
          "authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", false);
  public static final ResourceType LEASE =
      ResourceType.of("coordination.k8s.io", "v1", "Lease", "leases", true);
  public static final ResourceType NAMESPACE =
      ResourceType.of("", "v1", "Namespace", "namespaces", false).withStatus();
  public static final ResourceType SECRET = ResourceType.of("", "v1", "Secret", "secrets", true);
  public static final ResourceType NODE =
      ResourceType.of("", "v1", "Node", "nodes", false).withStatus();
  public static final ResourceType CLUSTER_ROLE = rbac("ClusterRole", "clusterroles", false);
  public static final ResourceType CLUSTER_ROLE_BINDING =
      rbac("ClusterRoleBinding", "clusterrolebindings", false);
  public static final ResourceType ROLE_BINDING = rbac("RoleBinding", "rolebindings", true);

  /// Facts about itself that a cluster keeps and its agent reports.
  public static final ResourceType CLUSTER_CLAIM =
      ResourceType.of(ManagedCluster.GROUP, "v1alpha1", "ClusterClaim", "clusterclaims", false);

  /// What a cluster must run; only counted and deleted here.
  public static final ResourceType WORK =
      ResourceType.of(
              "work.open-cluster-management.io", "v1", "ManifestWork", "manifestworks", true)
          .withStatus();

  /// The add-ons of a cluster; only counted and deleted here.
  public static final ResourceType ADD_ON = ResourceType.of(ManagedClusterAddOn.class);

  /// What happened, for people.
  public static final ResourceType EVENT =
      ResourceType.of("events.k8s.io", "v1", "Event", "events", true);

  public static final ResourceType CONFIG_MAP =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);

  /// Facts about itself that a cluster keeps, in SIG-Multicluster's words.
  public static final ResourceType CLUSTER_PROPERTY =
      ResourceType.of("about.k8s.io", "v1alpha1", "ClusterProperty", "clusterproperties", false);

  /// The lease by which an agent says that it is alive, in the namespace of its cluster.
  public static final String LEASE_NAME = "managed-cluster-lease";

  private HubKinds() {}

  private static ResourceType rbac(String kind, String plural, boolean namespaced) {
    return ResourceType.of("rbac.authorization.k8s.io", "v1", kind, plural, namespaced);
  }
}
