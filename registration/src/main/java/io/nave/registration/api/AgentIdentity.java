package io.nave.registration.api;

import io.nave.certs.Identity;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Who an agent is to the hub: one cluster, and one agent of it (spec §1.2).
///
/// @param cluster name of the ManagedCluster
/// @param agent tells apart the agents a cluster has had; no colon
public record AgentIdentity(String cluster, String agent) {
  private static final String PREFIX = "system:open-cluster-management:";

  /// The group of all agents.
  public static final String ALL_AGENTS = PREFIX + "managed-clusters";

  /// The group of those who hold a bootstrap token.
  public static final String BOOTSTRAP_GROUP = "system:bootstrappers:managedcluster";

  /// The group of an agent that shows a certificate whose time is over, instead of those in it: it
  /// may ask for a new one for the same key, and nothing else.
  public static final String RETURNING = "system:nave:returning-agents";

  /// The service account that upstream's tools hand out instead of a bootstrap token.
  public static final String BOOTSTRAP_ACCOUNT =
      "system:serviceaccount:open-cluster-management:agent-registration-bootstrap";

  /// The agent of a user name; empty when it is not exactly that of an agent.
  public static Optional<AgentIdentity> ofUser(String user) {
    if (!looksLikeAgent(user)) {
      return Optional.empty();
    }
    var parts = user.substring(PREFIX.length()).split(":", -1);
    return parts.length == 2 && !parts[0].isBlank() && !parts[1].isBlank()
        ? Optional.of(new AgentIdentity(parts[0], parts[1]))
        : Optional.empty();
  }

  /// Whether the user name stands in the space reserved for agents and their add-ons.
  public static boolean looksLikeAgent(String user) {
    return user.startsWith(PREFIX);
  }

  /// Whether someone holds a bootstrap credential: a token of the group, or the service account's.
  public static boolean bootstraps(String user, Collection<String> groups) {
    return groups.contains(BOOTSTRAP_GROUP) || user.equals(BOOTSTRAP_ACCOUNT);
  }

  /// The group of a cluster's agents.
  public static String group(String cluster) {
    return PREFIX + cluster;
  }

  /// The second group bound in a cluster's rights; for agents that prove themselves otherwise.
  public static String secondGroup(String cluster) {
    return "open-cluster-management:" + cluster;
  }

  public String user() {
    return PREFIX + cluster + ":" + agent;
  }

  /// The subject of its certificate.
  public Identity certificate() {
    return new Identity(user(), List.of(group(cluster), ALL_AGENTS));
  }
}
