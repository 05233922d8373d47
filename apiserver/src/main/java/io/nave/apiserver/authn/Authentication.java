package io.nave.apiserver.authn;

import io.nave.api.ApiError;
import io.nave.apiserver.Caller;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks its links in order; the first that knows the caller is believed. A bad credential does not
/// spoil a good one beside it: an agent whose certificate expired may still show its token.
public final class Authentication implements Authenticator {
  private final List<Authenticator> links;

  public Authentication(List<Authenticator> links) {
    this.links = List.copyOf(links);
  }

  public Authentication(Authenticator... links) {
    this(List.of(links));
  }

  @Override
  public Optional<Caller> authenticate(Transport.Request request, Service.Peer peer) {
    @Nullable ApiError refusal = null;
    for (var link : links) {
      try {
        var caller = link.authenticate(request, peer);
        if (caller.isPresent()) {
          return caller.map(Authentication::authenticated);
        }
      } catch (ApiError e) {
        if (!e.is(ApiError.Reason.UNAUTHORIZED)) {
          throw e;
        }
        refusal = refusal == null ? e : refusal;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    return Optional.empty();
  }

  /// The caller, or a refusal that says what to show.
  ///
  /// @throws ApiError Unauthorized
  public Caller require(Transport.Request request, Service.Peer peer) {
    return authenticate(request, peer)
        .orElseThrow(() ->
            ApiError.unauthorized(
                "Unauthorized: the request shows neither a client certificate nor a bearer token;"
                    + " anonymous requests are not served"));
  }

  /// Who a bearer token would be, for reviews: the first link that knows it is believed.
  ///
  /// @param audiences as [TokenAuthenticator#prove]
  /// @throws ApiError Unauthorized when a link knows it for a bad one, and none for a good one
  public Optional<TokenAuthenticator.Proof> review(String token, List<String> audiences) {
    @Nullable ApiError refusal = null;
    for (var link : links) {
      try {
        var proof =
            link instanceof TokenAuthenticator tokens
                ? tokens.prove(token, audiences)
                : Optional.<TokenAuthenticator.Proof>empty();
        if (proof.isPresent()) {
          return proof.map(found ->
              new TokenAuthenticator.Proof(authenticated(found.caller()), found.audiences()));
        }
      } catch (ApiError e) {
        if (!e.is(ApiError.Reason.UNAUTHORIZED)) {
          throw e;
        }
        refusal = refusal == null ? e : refusal;
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    return Optional.empty();
  }

  private static Caller authenticated(Caller caller) {
    if (caller.groups().contains(Caller.AUTHENTICATED)) {
      return caller;
    }
    var groups = new ArrayList<>(caller.groups());
    groups.add(Caller.AUTHENTICATED);
    return new Caller(caller.user(), caller.uid(), groups, caller.extra());
  }
}
