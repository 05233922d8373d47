package io.nave.apiserver.authn;

import io.nave.apiserver.Caller;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.util.Optional;

/// One way to prove who asks. Thread-safe.
@FunctionalInterface
public interface Authenticator {
  /// The caller this request proves.
  ///
  /// @return empty when the request carries no credential of this kind
  /// @throws io.nave.api.ApiError Unauthorized when it carries one that proves nothing
  Optional<Caller> authenticate(Transport.Request request, Service.Peer peer);
}
