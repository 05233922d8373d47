package io.nave.bench.fleet;

import io.nave.certs.CertificateRequest;
import io.nave.certs.KeyPairs;
import io.nave.controllers.Kubeconfig;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/// Who an agent is: its cluster, its key, and the request for its certificate. Making one costs a
/// millisecond, so fleets are drawn up before anything is measured.
///
/// @param keyPem a secret
record AgentIdentity(String cluster, String keyPem, String requestPem) {
  private static final String PREFIX = "system:open-cluster-management:";

  static AgentIdentity draw(String cluster, SecureRandom random) {
    var pair = KeyPairs.generate(random);
    var request =
        CertificateRequest.create(
            pair,
            PREFIX + cluster + ":bench",
            List.of(PREFIX + cluster, PREFIX + "managed-clusters"));
    return new AgentIdentity(cluster, KeyPairs.toPkcs8Pem(pair), request.toPem());
  }

  /// @param certificate as it stands in the request's status
  Kubeconfig.Login login(String certificate) {
    var pem = new String(Base64.getDecoder().decode(certificate), StandardCharsets.US_ASCII);
    return new Kubeconfig.Login.Certificate(pem, keyPem);
  }

  @Override
  public String toString() {
    return "agent of " + cluster;
  }
}
