package io.nave.cli;

import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Kubeconfig;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.hub.BootstrapTokens;
import io.nave.runtime.Host;
import java.time.Duration;
import java.time.Instant;

/// Makes what an agent needs to ask to join: the hub's address and CA, and a token that expires.
final class Bootstraps {
  private Bootstraps() {}

  /// @param config a kubeconfig that lets an agent ask to join
  /// @param expires when its token does
  record Bootstrap(Kubeconfig config, String token, Instant expires) {
    @Override
    public String toString() {
      return "bootstrap until " + expires;
    }
  }

  /// Creates a token on the hub.
  ///
  /// @param administrator how the hub is reached, and its CA
  static Bootstrap create(Host host, ApiClient hub, Kubeconfig administrator, Duration lifetime) {
    return create(host, hub, administrator, BootstrapTokens.Wish.lasting(lifetime));
  }

  /// As above, for what the token is to be good for; makes the roles by which its bearers join
  /// sets.
  static Bootstrap create(
      Host host, ApiClient hub, Kubeconfig administrator, BootstrapTokens.Wish wish) {
    var token = BootstrapTokens.create(host, wish, "made by nave get token");
    wish.sets().forEach(set -> allowSet(hub, set));
    hub.create(HubKinds.SECRET, token.secret());
    return new Bootstrap(
        Kubeconfig.of(
            "nave-bootstrap",
            administrator.server(),
            administrator.caPem(),
            new Kubeconfig.Login.Token(token.token())),
        token.token(),
        token.expires());
  }

  private static void allowSet(ApiClient hub, String set) {
    var sets = ResourceType.of(ManagedClusterSet.class);
    if (hub.find(sets, Key.of(set)).isEmpty()) {
      throw new CommandFault(
          "there is no cluster set \"" + set + "\"; see: kubectl get managedclustersets");
    }
    for (var write : BootstrapTokens.roles(set)) {
      if (write instanceof ApiClient.Write.Create(var type, var object)
          && hub.find(type, object.key()).isEmpty()) {
        hub.create(type, object);
      }
    }
  }
}
