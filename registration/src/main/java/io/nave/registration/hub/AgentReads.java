package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.BootstrapGroups;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// What agents and bootstrap credentials may read beyond what RBAC can say (spec §14 row 5): of
/// certificate requests only those of one cluster, an agent's own, and of clusters only the one
/// they name. Who names no cluster is shown the requests it made itself: upstream's agents of 2024
/// list them so until they have a certificate. Pure; the hub's API server asks before it answers.
public final class AgentReads {
  private static final String REQUESTER = "spec.username";

  private AgentReads() {}

  /// What is wrong with a list or watch.
  ///
  /// @return empty when it may be answered; else what to ask instead
  public static Optional<String> list(
      String user, List<String> groups, ResourceType type, Selection selection) {
    if (!confined(user, groups)) {
      return Optional.empty();
    }
    if (same(type, HubKinds.SIGNING_REQUEST)) {
      if (selection.labelQuery().isEmpty()) {
        return Optional.empty(); // of its own, see #shown
      }
      var asked =
          selection
              .labels()
              .matchLabels()
              .getOrDefault(ManagedCluster.NAME_LABEL, asked(selection));
      return allowed(user, groups, asked)
          ? Optional.empty()
          : Optional.of(
              "certificate requests are listed with the label selector %s=<own cluster>"
                  .formatted(ManagedCluster.NAME_LABEL));
    }
    if (same(type, ResourceType.of(ManagedCluster.class))) {
      return allowed(user, groups, selection.fields().getOrDefault("metadata.name", ""))
          ? Optional.empty()
          : Optional.of("clusters are listed with the field selector metadata.name=<own cluster>");
    }
    return Optional.empty();
  }

  /// What a list or watch that may be answered is answered with.
  ///
  /// @return `selection`, or the part of it that the caller may see
  public static Selection shown(
      String user, List<String> groups, ResourceType type, Selection selection) {
    if (!confined(user, groups)
        || !same(type, HubKinds.SIGNING_REQUEST)
        || !selection.labelQuery().isEmpty()) {
      return selection;
    }
    var fields = new LinkedHashMap<>(selection.fields());
    fields.put(REQUESTER, user);
    return new Selection(selection.labels(), fields, selection.without());
  }

  /// Whether one object may be shown.
  public static boolean get(String user, List<String> groups, ApiObject object) {
    if (!confined(user, groups)) {
      return true;
    }
    if (object.kind().equals(ResourceType.of(ManagedCluster.class).kind())) {
      return allowed(user, groups, object.name());
    }
    if (!object.kind().equals(HubKinds.SIGNING_REQUEST.kind())) {
      return true;
    }
    var cluster = object.labels().getOrDefault(ManagedCluster.NAME_LABEL, "");
    return allowed(user, groups, cluster)
        || object.spec().path("username").asString("").equals(user);
  }

  /// `matchExpressions` is what a parsed query has: `key in (one value)`.
  private static String asked(Selection selection) {
    for (var requirement : selection.labels().matchExpressions()) {
      if (requirement.key().equals(ManagedCluster.NAME_LABEL)
          && requirement.operator().equals("In")
          && requirement.values().size() == 1) {
        return requirement.values().getFirst();
      }
    }
    return "";
  }

  private static boolean confined(String user, List<String> groups) {
    return AgentIdentity.looksLikeAgent(user)
        || groups.contains(AgentIdentity.ALL_AGENTS)
        || AgentIdentity.bootstraps(user, groups);
  }

  /// An agent asks for its own cluster, a bootstrap credential for any one it is not kept from.
  private static boolean allowed(String user, List<String> groups, String cluster) {
    return !cluster.isEmpty()
        && !BootstrapGroups.forbid(groups, cluster)
        && AgentIdentity.ofUser(user).map(agent -> agent.cluster().equals(cluster)).orElse(true);
  }

  private static boolean same(ResourceType type, ResourceType other) {
    return type.group().equals(other.group()) && type.plural().equals(other.plural());
  }
}
