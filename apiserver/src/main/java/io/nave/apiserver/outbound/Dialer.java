package io.nave.apiserver.outbound;

import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;

/// Opens ways to other servers, as nobody in particular.
@FunctionalInterface
public interface Dialer {
  /// @param base such as `https://issuer.example:8443`
  /// @param caPem whom the server must be signed by; empty: whom the Java runtime trusts
  /// @throws Transport.Unreachable when the address or the authorities cannot be used
  Transport dial(String base, String caPem);

  /// Over real HTTPS.
  static Dialer https(Host host) {
    return (base, caPem) -> {
      var nobody = new Kubeconfig.Login.Nobody();
      try {
        return HttpsTransport.open(host, Kubeconfig.of("outbound", base, caPem, nobody));
      } catch (Kubeconfig.Unusable e) {
        throw new Transport.Unreachable(base + " cannot be called: " + e.getMessage(), e);
      }
    };
  }

  /// For servers that call nobody.
  static Dialer none() {
    return (base, _) -> {
      throw new Transport.Unreachable("this server calls no others, so not " + base, null);
    };
  }
}
