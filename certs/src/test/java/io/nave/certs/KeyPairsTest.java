package io.nave.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.interfaces.ECPublicKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyPairsTest {
  @Test
  void theSameRandomnessGivesTheSameKeyAndOtherRandomnessAnother() {
    assertThat(Samples.keys(1).getPrivate()).isEqualTo(Samples.keys(1).getPrivate());
    assertThat(Samples.keys(1).getPublic()).isNotEqualTo(Samples.keys(2).getPublic());
  }

  @Test
  void aKeyIsOnP256() {
    var key = (ECPublicKey) Samples.keys(1).getPublic();

    assertThat(key.getParams().getOrder().bitLength()).isEqualTo(256);
    assertThat(key.getParams().toString()).contains("secp256r1");
  }

  @Test
  void bothFormsOfPemGiveTheSamePairBack() {
    var pair = Samples.keys(3);

    for (var pem : List.of(KeyPairs.toSec1Pem(pair), KeyPairs.toPkcs8Pem(pair))) {
      var read = KeyPairs.fromPem(pem);
      assertThat(read.getPublic()).isEqualTo(pair.getPublic());
      assertThat(KeyPairs.toSec1Pem(read)).isEqualTo(KeyPairs.toSec1Pem(pair));
    }
    assertThat(KeyPairs.toSec1Pem(pair)).startsWith("-----BEGIN EC PRIVATE KEY-----");
    assertThat(KeyPairs.toPkcs8Pem(pair)).startsWith("-----BEGIN PRIVATE KEY-----");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ec-params.key", "rsa.key", "rsa-pkcs1.key", "ed.key"})
  void readsWhatOpenSslWritesAndFindsThePublicHalf(String file) {
    var pair = KeyPairs.fromPem(Samples.file(file));

    // A request carries the public half and is signed with the private one.
    var request = CertificateRequest.create(pair, "someone", List.of());
    assertThat(CertificateRequest.parse(request.toPem()).publicKey()).isEqualTo(pair.getPublic());
  }

  @Test
  void theTwoFormsOfAnRsaKeyAreOneKey() {
    assertThat(KeyPairs.fromPem(Samples.file("rsa-pkcs1.key")).getPrivate())
        .isEqualTo(KeyPairs.fromPem(Samples.file("rsa.key")).getPrivate());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          encrypted.key      | the private key is encrypted
          encrypted-sec1.key | decrypt it first
          rsa-ca.crt         | found PEM block CERTIFICATE
          """)
  void saysWhyAFileHoldsNoUsableKey(String file, String message) {
    assertThatThrownBy(() -> KeyPairs.fromPem(Samples.file(file)))
        .isInstanceOf(BadKey.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesTwoKeysNoKeyAndNonsense() {
    var pem = Samples.file("ed.key");

    assertThatThrownBy(() -> KeyPairs.fromPem(pem + pem)).hasMessageContaining("found 2");
    assertThatThrownBy(() -> KeyPairs.fromPem("")).hasMessageContaining("found 0");
    for (var label : List.of("PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY")) {
      for (var der : List.of(new byte[] {}, new byte[] {4, 1, 42}, new byte[] {0x30, 3, 2, 1, 1})) {
        assertThatThrownBy(() -> KeyPairs.fromPem(new Pem(label, der).encode()))
            .isInstanceOf(BadKey.class);
      }
    }
  }

  @Test
  void onlyEcKeysHaveTheSec1Form() {
    var rsa = KeyPairs.fromPem(Samples.file("rsa.key"));

    assertThatThrownBy(() -> KeyPairs.toSec1Pem(rsa))
        .isInstanceOf(BadKey.class)
        .hasMessageContaining("this is RSA");
  }
}
