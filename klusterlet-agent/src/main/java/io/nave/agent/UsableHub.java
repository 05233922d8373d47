package io.nave.agent;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.registration.agent.HubIdentity;
import io.nave.registration.agent.OwnRights;
import io.nave.registration.agent.OwnRights.Right;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.util.List;

/// Whether a hub would let this agent in (spec §3.8): its token may do there what joining takes,
/// and it has not turned the cluster away.
final class UsableHub {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

  private static final List<Right> RIGHTS =
      List.of(
          Right.of("create", CLUSTER.group(), "managedclusters"),
          Right.of("get", CLUSTER.group(), "managedclusters"),
          Right.of("create", "certificates.k8s.io", "certificatesigningrequests"),
          Right.of("get", "certificates.k8s.io", "certificatesigningrequests"),
          Right.of("list", "certificates.k8s.io", "certificatesigningrequests"),
          Right.of("watch", "certificates.k8s.io", "certificatesigningrequests"));

  private UsableHub() {}

  /// Asks the hub. One without a token is taken for usable: the agent has joined it before.
  static boolean is(Host host, RoamingAgent.Candidate candidate, String cluster) {
    var token = candidate.token();
    if (token == null) {
      return true;
    }
    try {
      var hub = candidate.dialer().connect(host, new HubIdentity.Token(token));
      try {
        return RIGHTS.stream().allMatch(right -> OwnRights.allow(hub.client(), right))
            && letsIn(hub.client(), cluster);
      } finally {
        hub.close();
      }
    } catch (ApiError | Transport.Unreachable e) {
      return false;
    }
  }

  private static boolean letsIn(ApiClient hub, String cluster) {
    return hub.find(CLUSTER, Key.of(cluster))
        .map(found -> found.spec().path("hubAcceptsClient").asBoolean(false))
        .orElse(true);
  }
}
