package io.nave.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.registration.agent.HubIdentity;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.util.List;

/// Whether a hub would let this agent in (spec §3.8): its token may do there what joining takes,
/// and it has not turned the cluster away.
final class UsableHub {
  private static final ResourceType REVIEW =
      ResourceType.of(
          "authorization.k8s.io",
          "v1",
          "SelfSubjectAccessReview",
          "selfsubjectaccessreviews",
          false);
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

  private record Right(String group, String resource, String verb) {}

  private static final List<Right> RIGHTS =
      List.of(
          new Right(CLUSTER.group(), "managedclusters", "create"),
          new Right(CLUSTER.group(), "managedclusters", "get"),
          new Right("certificates.k8s.io", "certificatesigningrequests", "create"),
          new Right("certificates.k8s.io", "certificatesigningrequests", "get"),
          new Right("certificates.k8s.io", "certificatesigningrequests", "list"),
          new Right("certificates.k8s.io", "certificatesigningrequests", "watch"));

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
        return RIGHTS.stream().allMatch(right -> allowed(hub.client(), right))
            && letsIn(hub.client(), cluster);
      } finally {
        hub.close();
      }
    } catch (ApiError | Transport.Unreachable e) {
      return false;
    }
  }

  private static boolean allowed(ApiClient hub, Right right) {
    var question =
        ApiObject.named(REVIEW, "", "")
            .edit(tree ->
                tree.putObject("spec")
                    .putObject("resourceAttributes")
                    .put("group", right.group())
                    .put("resource", right.resource())
                    .put("verb", right.verb()));
    return hub.create(REVIEW, question).status().path("allowed").asBoolean(false);
  }

  private static boolean letsIn(ApiClient hub, String cluster) {
    return hub.find(CLUSTER, Key.of(cluster))
        .map(found -> found.spec().path("hubAcceptsClient").asBoolean(false))
        .orElse(true);
  }
}
