package io.nave.controllers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.certs.Authority;
import io.nave.certs.KeyPairs;
import io.nave.runtime.RealHost;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PemReaderTest {
  private final RealHost host = RealHost.start("test");

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
  void readsEllipticCurveKeysInBothForms(String curve) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    var key = generator.generateKeyPair().getPrivate();
    var info = PrivateKeyInfo.getInstance(key.getEncoded());
    var sec1 = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
    var named =
        new org.bouncycastle.asn1.sec.ECPrivateKey(
            521, sec1.getKey(), info.getPrivateKeyAlgorithm().getParameters());
    assertThat(PemReader.privateKey("k", pem("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
    var text = pem("EC PARAMETERS", new byte[] {5, 0}) + pem("EC PRIVATE KEY", named.getEncoded());
    assertThat((ECPrivateKey) PemReader.privateKey("k", text))
        .extracting(ECPrivateKey::getS, ECPrivateKey::getParams)
        .containsExactly(((ECPrivateKey) key).getS(), ((ECPrivateKey) key).getParams());
  }

  @Test
  void readsTheKeysThatNaveMakes() {
    var pair = KeyPairs.generate(host.secureRandom());
    assertThat(PemReader.privateKey("k", KeyPairs.toSec1Pem(pair))).isEqualTo(pair.getPrivate());
    assertThat(PemReader.privateKey("k", KeyPairs.toPkcs8Pem(pair))).isEqualTo(pair.getPrivate());
  }

  @Test
  void readsRsaKeysInBothForms() throws Exception {
    var key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    var info = PrivateKeyInfo.getInstance(key.getEncoded());
    var pkcs1 = info.parsePrivateKey().toASN1Primitive().getEncoded();
    assertThat(PemReader.privateKey("k", pem("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
    assertThat(PemReader.privateKey("k", pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(key);
  }

  @Test
  void readsEd25519() throws Exception {
    var key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
    assertThat(PemReader.privateKey("k", pem("PRIVATE KEY", key.getEncoded()))).isEqualTo(key);
  }

  @Test
  void readsAllCertificatesBetweenOtherThings() {
    var one = Authority.create(host, "one", Duration.ofDays(1));
    var two = Authority.create(host, "two", Duration.ofDays(1));
    var text = "# bundle\n" + one.certificatePem() + one.keyPem() + "\r\n" + two.certificatePem();
    assertThat(PemReader.certificates("ca", text))
        .containsExactly(one.certificate(), two.certificate());
  }

  @Test
  void saysWhatIsWrongWithoutQuotingIt() {
    for (var type : new String[] {"PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"}) {
      for (var broken : new byte[][] {{}, {0x30}, {0x30, 5, 2, 1}, {1, 2, 3, 4, 5, 6, 7, 8}}) {
        assertThatThrownBy(() -> PemReader.privateKey("client-key", pem(type, broken)))
            .isInstanceOf(Kubeconfig.Unusable.class)
            .hasMessageStartingWith("kubeconfig: client-key: ");
      }
    }
    assertThatThrownBy(() -> PemReader.privateKey("client-key", "s3cret"))
        .hasMessage("kubeconfig: client-key: holds no PEM private key");
    assertThatThrownBy(
            () -> PemReader.privateKey("client-key", pem("ENCRYPTED PRIVATE KEY", new byte[3])))
        .hasMessageContaining("is encrypted");
    assertThatThrownBy(() -> PemReader.certificates("ca", "nothing"))
        .hasMessage("kubeconfig: ca: holds no PEM certificate");
    assertThatThrownBy(() -> PemReader.certificates("ca", pem("CERTIFICATE", new byte[9])))
        .hasMessageContaining("cannot be read");
  }

  private static String pem(String type, byte[] der) {
    var base64 = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }
}
