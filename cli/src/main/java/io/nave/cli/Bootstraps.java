package io.nave.cli;

import io.nave.controllers.ApiClient;
import io.nave.controllers.Kubeconfig;
import io.nave.registration.api.HubKinds;
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
    var token = BootstrapTokens.create(host, lifetime, "made by nave get token");
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
}
