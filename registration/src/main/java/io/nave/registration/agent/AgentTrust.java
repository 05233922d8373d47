package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.certs.Authority;
import io.nave.certs.BadPem;
import io.nave.certs.Certificates;
import io.nave.certs.Credential;
import io.nave.certs.TrustBundle;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.HubTrust;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whom the hub says to trust, see [HubTrust].
///
/// @param pem all of them
/// @param present the one that signs now
record AgentTrust(String pem, X509Certificate present) {
  private static final Logger LOG = LoggerFactory.getLogger(AgentTrust.class);

  /// What the hub tells; empty when it tells nothing, or nothing that makes sense.
  static Optional<AgentTrust> read(ApiClient hub) {
    try {
      var map = hub.find(HubKinds.CONFIG_MAP, HubTrust.KEY);
      return map.filter(found -> !HubTrust.signer(found).isEmpty())
          .flatMap(found -> of(HubTrust.pem(found), HubTrust.signer(found)));
    } catch (ApiError e) {
      if (e.is(ApiError.Reason.FORBIDDEN)) {
        return Optional.empty(); // a hub of another make keeps it to itself
      }
      throw e;
    }
  }

  private static Optional<AgentTrust> of(String pem, String signer) {
    try {
      return TrustBundle.ofPem(pem).authorities().stream()
          .filter(each -> Certificates.fingerprint(each).equals(signer))
          .findFirst()
          .map(present -> new AgentTrust(pem, present));
    } catch (BadPem e) {
      LOG.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("what the hub says of its authority cannot be read, and is left alone");
      return Optional.empty();
    }
  }

  /// Whether the present authority signed this certificate.
  boolean signed(Credential credential) {
    return Certificates.signedBy(credential.certificate(), present);
  }

  /// From when on every certificate is the present authority's.
  Instant since() {
    return Authority.madeAt(present).plusSeconds(1);
  }
}
