package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.HubTrust;
import io.nave.registration.api.ManagedCluster;
import java.util.List;
import java.util.Map;

/// The rights registration keeps on the hub, name by name and rule by rule as upstream (spec §4.1,
/// §13.1). `ClusterRightsTest` holds them as a golden file.
final class ClusterRights {
  /// On the work binding: the agent keeps its right until its last ManifestWork is gone.
  static final String WORK_FINALIZER = "cluster.open-cluster-management.io/manifest-work-cleanup";

  private static final String PREFIX = "open-cluster-management:managedcluster:";
  private static final String REGISTRATION = PREFIX + "registration";
  private static final String WORK = PREFIX + "work";
  private static final String BOOTSTRAP = "open-cluster-management:bootstrap";

  /// What an agent may do that shows a certificate whose time is over.
  private static final String RETURNING = "nave:returning-agents";

  /// Reading whom to trust, see [HubTrust].
  private static final String TRUST = "nave:agents-trust";

  private static final Key TRUST_MAP = HubTrust.KEY;
  private static final List<String> READ = List.of("get", "list", "watch");
  private static final List<String> CHANGE = List.of("patch", "update");

  private ClusterRights() {}

  /// Of an accepted cluster, in the order they are made: the namespace first.
  static List<Wanted> accepted(String cluster) {
    var role =
        Rules.of(HubKinds.CLUSTER_ROLE, "", PREFIX + cluster, cluster)
            .rule(
                "certificates.k8s.io",
                List.of("certificatesigningrequests"),
                List.of("create", "get", "list", "watch"))
            .rule(
                "register.open-cluster-management.io",
                List.of("managedclusters/clientcertificates"),
                List.of("renew"))
            .rule(
                ManagedCluster.GROUP,
                List.of("managedclusters"),
                List.of("get", "list", "update", "watch"),
                cluster)
            .rule(ManagedCluster.GROUP, List.of("managedclusters/status"), CHANGE, cluster);
    return List.of(
        namespace(cluster),
        role.wanted(),
        clusterBinding(cluster),
        binding(cluster, "registration", REGISTRATION, List.of()),
        binding(cluster, "work", WORK, List.of(WORK_FINALIZER)));
  }

  /// What a denied cluster keeps: reading its own ManagedCluster.
  static Wanted denied(String cluster) {
    return Rules.of(HubKinds.CLUSTER_ROLE, "", PREFIX + cluster, cluster)
        .rule(ManagedCluster.GROUP, List.of("managedclusters"), READ, cluster)
        .wanted();
  }

  /// What all clusters' bindings refer to.
  static List<Wanted> shared() {
    return List.of(
        Rules.of(HubKinds.CLUSTER_ROLE, "", REGISTRATION, "")
            .rule(
                "coordination.k8s.io", List.of("leases"), List.of("get", "list", "watch", "update"))
            .rule("addon.open-cluster-management.io", List.of("managedclusteraddons"), READ)
            .rule(
                "addon.open-cluster-management.io", List.of("managedclusteraddons/status"), CHANGE)
            .rule("events.k8s.io", List.of("events"), List.of("create"))
            .wanted(),
        Rules.of(HubKinds.CLUSTER_ROLE, "", WORK, "")
            .rule(
                List.of("", "events.k8s.io"),
                List.of("events"),
                List.of("create", "patch", "update"))
            .rule(
                "work.open-cluster-management.io",
                List.of("manifestworks"),
                List.of("get", "list", "watch", "update", "patch"))
            .rule("work.open-cluster-management.io", List.of("manifestworks/status"), CHANGE)
            .wanted());
  }

  /// What a bootstrap credential may do. Unlike upstream it joins the default set only.
  static List<Wanted> bootstrap() {
    var role =
        Rules.of(HubKinds.CLUSTER_ROLE, "", BOOTSTRAP, null)
            .rule("", List.of("configmaps"), List.of("get"))
            .rule(
                "certificates.k8s.io",
                List.of("certificatesigningrequests"),
                List.of("create", "get", "list", "watch"))
            .rule(
                ManagedCluster.GROUP,
                List.of("managedclusters"),
                List.of("get", "create", "list", "watch"))
            .rule(
                ManagedCluster.GROUP,
                List.of("managedclustersets/join"),
                List.of("create"),
                ClusterAdmission.DEFAULT_SET);
    var binding =
        Rules.of(HubKinds.CLUSTER_ROLE_BINDING, "", BOOTSTRAP, null)
            .roleRef(BOOTSTRAP)
            .group(AgentIdentity.BOOTSTRAP_GROUP)
            .account("open-cluster-management", "agent-registration-bootstrap");
    var returning =
        Rules.of(HubKinds.CLUSTER_ROLE, "", RETURNING, null)
            .rule(
                "certificates.k8s.io",
                List.of("certificatesigningrequests"),
                List.of("create", "get", "list", "watch"));
    var returningBinding =
        Rules.of(HubKinds.CLUSTER_ROLE_BINDING, "", RETURNING, null)
            .roleRef(RETURNING)
            .group(AgentIdentity.RETURNING);
    var trust =
        Rules.of(HubKinds.CLUSTER_ROLE, "", TRUST, null)
            .rule("", List.of("configmaps"), List.of("get"), TRUST_MAP.name());
    var trustBinding =
        Rules.of(HubKinds.ROLE_BINDING, TRUST_MAP.namespace(), TRUST, null)
            .roleRef(TRUST)
            .group(AgentIdentity.ALL_AGENTS);
    return List.of(
        role.wanted(),
        binding.wanted(),
        returning.wanted(),
        returningBinding.wanted(),
        trust.wanted(),
        trustBinding.wanted());
  }

  static Key role(String cluster) {
    return Key.of(PREFIX + cluster);
  }

  static Key registrationBinding(String cluster) {
    return Key.of(cluster, PREFIX + cluster + ":registration");
  }

  static Key workBinding(String cluster) {
    return Key.of(cluster, PREFIX + cluster + ":work");
  }

  /// The cluster that an object of these is about; empty when it is none of a cluster's.
  static String clusterOf(ResourceType type, ApiObject object) {
    if (type.equals(HubKinds.NAMESPACE)) {
      return object.name();
    }
    if (!object.name().startsWith(PREFIX)) {
      return "";
    }
    return type.namespaced() ? object.namespace() : object.name().substring(PREFIX.length());
  }

  /// Whether it is one of [#shared] or [#bootstrap].
  static boolean isCommon(ApiObject object) {
    return object.name().equals(REGISTRATION)
        || object.name().equals(WORK)
        || object.name().equals(BOOTSTRAP)
        || object.name().equals(RETURNING)
        || object.name().equals(TRUST);
  }

  private static Wanted namespace(String cluster) {
    var object =
        ApiObject.named(HubKinds.NAMESPACE, "", cluster)
            .editMeta(meta -> meta.putObject("labels").put(ManagedCluster.NAME_LABEL, cluster));
    return new Wanted(HubKinds.NAMESPACE, object);
  }

  private static Wanted clusterBinding(String cluster) {
    return Rules.of(HubKinds.CLUSTER_ROLE_BINDING, "", PREFIX + cluster, cluster)
        .roleRef(PREFIX + cluster)
        .group(AgentIdentity.group(cluster))
        .group(AgentIdentity.secondGroup(cluster))
        .wanted();
  }

  private static Wanted binding(String cluster, String what, String role, List<String> finalizers) {
    return Rules.of(HubKinds.ROLE_BINDING, cluster, PREFIX + cluster + ":" + what, cluster)
        .finalizers(finalizers)
        .roleRef(role)
        .group(AgentIdentity.group(cluster))
        .group(AgentIdentity.secondGroup(cluster))
        .wanted();
  }

  /// The labels every one of them carries.
  static Map<String, String> labels(String cluster) {
    return Map.of(ManagedCluster.NAME_LABEL, cluster);
  }
}
