package io.nave.certs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/// What several tests start from.
final class Samples {
  static final String USER = "system:open-cluster-management:east:agent1";
  static final List<String> GROUPS =
      List.of(
          "system:open-cluster-management:east", "system:open-cluster-management:managed-clusters");
  static final Identity AGENT = new Identity(USER, GROUPS);
  static final Duration HOUR = Duration.ofHours(1);
  static final Duration YEAR = Duration.ofDays(365);

  private Samples() {}

  static KeyPair keys(long seed) {
    return KeyPairs.generate(new FixedHost(seed).secureRandom());
  }

  static Authority authority(FixedHost host) {
    return Authority.create(host, "nave", YEAR);
  }

  static String agentRequest() {
    return CertificateRequest.create(keys(7), USER, GROUPS).toPem();
  }

  static String file(String name) {
    try (var in = Samples.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A request as only a hostile or sloppy client would write it.
  static String request(KeyPair signer, KeyPair shown, X500Name subject, Extensions... asked) {
    var key = SubjectPublicKeyInfo.getInstance(shown.getPublic().getEncoded());
    var builder = new PKCS10CertificationRequestBuilder(subject, key);
    for (var each : asked) {
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, each);
    }
    try {
      var der = builder.build(Signatures.signer(signer.getPrivate())).getEncoded();
      return new Pem(CertificateRequest.LABEL, der).encode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
