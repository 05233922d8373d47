package io.nave.hub;

import io.nave.api.ApiError;
import io.nave.apiserver.Caller;
import io.nave.apiserver.authn.Authenticator;
import io.nave.certs.Identity;
import io.nave.certs.TrustBundle;
import io.nave.certs.Untrusted;
import io.nave.registration.api.AgentIdentity;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Knows agents whose certificate ended while they were away: the TLS handshake proved the key, and
/// the certificate was good at its end. They come as themselves but in one group only
/// ([AgentIdentity#RETURNING]), which may ask for a new certificate and nothing else.
///
/// @param within how long after its end a certificate is good for this; zero: never
record ReturningAgents(Supplier<TrustBundle> trust, Host host, Duration within)
    implements Authenticator {
  @Override
  public Optional<Caller> authenticate(Transport.Request request, Service.Peer peer) {
    var chain = peer.certificates();
    if (chain.isEmpty() || !within.isPositive()) {
      return Optional.empty();
    }
    var end = chain.getFirst().getNotAfter().toInstant();
    var now = host.now();
    if (!now.isAfter(end) || now.isAfter(end.plus(within))) {
      return Optional.empty(); // good still, or gone too long: the certificates' own link says so
    }
    var user = identity(chain, end).commonName();
    return AgentIdentity.ofUser(user)
        .map(_ -> new Caller(user, "", List.of(AgentIdentity.RETURNING), Map.of()));
  }

  private Identity identity(List<X509Certificate> chain, Instant end) {
    try {
      return trust.get().verifyClient(chain, end);
    } catch (Untrusted e) {
      throw ApiError.unauthorized("the client certificate is not accepted: " + e.getMessage());
    }
  }
}
