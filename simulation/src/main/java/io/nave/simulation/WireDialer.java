package io.nave.simulation;

import io.nave.certs.BadPem;
import io.nave.certs.Credential;
import io.nave.controllers.TokenTransport;
import io.nave.registration.agent.HubDialer;
import io.nave.registration.agent.HubIdentity;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.SimHost;
import java.util.List;

/// Reaches the hub over the simulated network. A certificate is shown only with its own key, as a
/// TLS handshake would have it.
///
/// @param from the agent's machine
record WireDialer(SimHost from) implements HubDialer {
  @Override
  public String hubUrl() {
    return "https://" + SimHub.ADDRESS + ":6443";
  }

  @Override
  public Transport dial(HubIdentity identity) {
    var network = from.world().network();
    return switch (identity) {
      case HubIdentity.Token(var token) ->
          new TokenTransport(network.connect(from, SimHub.ADDRESS, List.of()), token);
      case HubIdentity.Certificate(var chain, var key) ->
          network.connect(from, SimHub.ADDRESS, credential(chain, key).chain());
    };
  }

  private static Credential credential(String chainPem, String keyPem) {
    try {
      return Credential.of(chainPem, keyPem);
    } catch (BadPem e) {
      throw new Transport.Unreachable("the agent's certificate cannot be used", e);
    }
  }
}
