package io.nave.registration.api;

import java.util.Collection;
import java.util.Optional;

/// Groups that narrow or widen what the bearer of a bootstrap token may ask for. They stand in the
/// token's Secret beside [AgentIdentity#BOOTSTRAP_GROUP], so they hold for every request made with
/// it, and every tool that makes such Secrets can use them.
public final class BootstrapGroups {
  private static final String PREFIX = AgentIdentity.BOOTSTRAP_GROUP + ":";
  private static final String ONLY = PREFIX + "only:";
  private static final String SET = PREFIX + "set:";

  /// The token lets one cluster in, and is deleted when that has its certificate.
  public static final String ONCE = PREFIX + "once";

  private BootstrapGroups() {}

  /// The token is for this cluster only.
  public static String only(String cluster) {
    return ONLY + cluster;
  }

  /// The token's clusters may join this set, where the hub has the role of [#setRole].
  ///
  /// @throws IllegalArgumentException when a group cannot be named after the set
  public static String set(String set) {
    if (!set.matches("[a-z0-9]([-a-z0-9]{0,200}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "a token can be given the right to join sets named by lower-case letters, digits and '-',"
              + " not \""
              + set
              + "\"; give the right to create managedclustersets/join by RBAC instead");
    }
    return SET + set;
  }

  /// Name of the ClusterRole, and its binding, by which [#set]'s bearers join the set.
  public static String setRole(String set) {
    return "open-cluster-management:bootstrap:set:" + set;
  }

  /// Whether these groups keep their bearer from asking for this cluster.
  public static boolean forbid(Collection<String> groups, String cluster) {
    return onlyCluster(groups).filter(only -> !only.equals(cluster)).isPresent();
  }

  /// The one cluster the groups are for; empty: any.
  public static Optional<String> onlyCluster(Collection<String> groups) {
    return groups.stream()
        .filter(group -> group.startsWith(ONLY))
        .map(group -> group.substring(ONLY.length()))
        .findFirst();
  }
}
