package io.nave.apiserver.authn;

import io.nave.apiserver.Caller;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.util.List;
import java.util.Optional;

/// A way to prove who asks by a bearer token. Thread-safe.
public interface TokenAuthenticator extends Authenticator {
  /// The caller a token proves.
  ///
  /// @param audiences for whom it may be meant, any of these; empty: for this server
  /// @return empty when it is no token of this kind
  /// @throws io.nave.api.ApiError Unauthorized when it is one that proves nothing
  Optional<Proof> prove(String token, List<String> audiences);

  @Override
  default Optional<Caller> authenticate(Transport.Request request, Service.Peer peer) {
    return Bearer.token(request).flatMap(token -> prove(token, List.of())).map(Proof::caller);
  }

  /// Who it is, and for which of the asked audiences; those are empty where a token has none.
  record Proof(Caller caller, List<String> audiences) {
    public Proof {
      audiences = List.copyOf(audiences);
    }
  }
}
