package io.nave.apiserver.authn;

import io.nave.api.ApiError;
import io.nave.apiserver.Caller;
import io.nave.certs.TrustBundle;
import io.nave.certs.Untrusted;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Believes client certificates that an authority of the present trust bundle signed: the common
/// name is the user, each organisation a group.
///
/// A path check costs about a millisecond, and an agent that renews its lease once a minute should
/// not pay it each time. A path that was good stays good while the bundle is the same object and
/// all of its certificates are within their times (RFC 5280 §6.1.3: nothing else of a check
/// changes, as there are no revocation lists), so that is how long a success is remembered.
public final class ClientCertificates implements Authenticator {
  /// About 3 KB each: 60 MB at most, for twice the agents one hub is built for.
  private static final int REMEMBERED_MAX = 20_000;

  private record Checked(TrustBundle by, Instant from, Instant until, Caller caller) {
    static Checked of(TrustBundle by, List<X509Certificate> chain, Caller caller) {
      var from = Instant.MIN;
      var until = Instant.MAX;
      for (var each : chain) {
        var begins = each.getNotBefore().toInstant();
        var ends = each.getNotAfter().toInstant();
        from = begins.isAfter(from) ? begins : from;
        until = ends.isBefore(until) ? ends : until;
      }
      return new Checked(by, from, until, caller);
    }

    boolean holds(TrustBundle bundle, Instant now) {
      return by == bundle && !now.isBefore(from) && now.isBefore(until);
    }
  }

  private final Supplier<TrustBundle> trust;
  private final Host host;
  private final Map<X509Certificate, Checked> remembered = new ConcurrentHashMap<>();

  /// @param trust the bundle to check against now; a replaced one takes effect with the next
  ///   request
  public ClientCertificates(Supplier<TrustBundle> trust, Host host) {
    this.trust = trust;
    this.host = host;
  }

  @Override
  public Optional<Caller> authenticate(Transport.Request request, Service.Peer peer) {
    var chain = peer.certificates();
    if (chain.isEmpty()) {
      return Optional.empty();
    }
    var bundle = trust.get();
    var now = host.now();
    var known = remembered.get(chain.getFirst());
    if (known != null && known.holds(bundle, now)) {
      return Optional.of(known.caller());
    }
    var caller = check(bundle, chain, now);
    remember(chain.getFirst(), Checked.of(bundle, chain, caller));
    return Optional.of(caller);
  }

  private static Caller check(TrustBundle bundle, List<X509Certificate> chain, Instant now) {
    try {
      var identity = bundle.verifyClient(chain, now);
      return Caller.of(identity.commonName(), identity.organisations().toArray(String[]::new));
    } catch (Untrusted e) {
      throw ApiError.unauthorized(
          "the client certificate is not accepted: " + e.getMessage() + remedy(e.reason()));
    }
  }

  private static String remedy(Untrusted.Reason reason) {
    return switch (reason) {
      case EXPIRED -> "; ask for a new one with a bootstrap token";
      case NOT_YET_VALID -> "";
      case UNKNOWN_ISSUER -> "; use a certificate that this hub signed";
      case WRONG_USAGE, NOT_ACCEPTABLE -> "; ask this hub for a client certificate";
    };
  }

  private void remember(X509Certificate leaf, Checked checked) {
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear();
    }
    remembered.put(leaf, checked);
  }
}
