package io.nave.registration.agent;

import io.nave.controllers.RemoteClient;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;

/// Opens connections to the one hub this agent belongs to. The real one speaks HTTPS and verifies
/// the hub by the CA of the bootstrap kubeconfig; a simulated one crosses a simulated network.
public interface HubDialer {
  /// The hub's URL exactly as in the bootstrap kubeconfig; its hash names the agent's records.
  String hubUrl();

  /// The certificates by which it knows the hub, in PEM; empty when it does without.
  default String caPem() {
    return "";
  }

  /// The same, knowing the hub by these certificates instead: the hub has told of new ones.
  default HubDialer trusting(String caPem) {
    return this;
  }

  /// A transport that proves this identity to the hub.
  ///
  /// @throws Transport.Unreachable when the given CA or keys cannot be used
  Transport dial(HubIdentity identity);

  /// The hub's API as this identity. A dialer inside the hub's own process may leave out the wire.
  ///
  /// @throws Transport.Unreachable as [#dial]
  default HubConnection connect(Host host, HubIdentity identity) {
    var wire = dial(identity);
    return new HubConnection(new RemoteClient(host, wire, "nave-agent"), wire::close);
  }
}
