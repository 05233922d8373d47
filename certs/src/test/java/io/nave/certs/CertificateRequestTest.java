package io.nave.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class CertificateRequestTest {
  private static final KeyPair KEYS = Samples.keys(7);

  @Test
  void tellsWhatAnAgentAsksFor() {
    var request = CertificateRequest.parse(Samples.agentRequest());

    assertThat(request.identity()).isEqualTo(Samples.AGENT);
    assertThat(request.names()).isEmpty();
    assertThat(request.keyKind()).isEqualTo("EC P-256");
    assertThat(request.publicKey()).isEqualTo(KEYS.getPublic());
    assertThat(request.toPem()).isEqualTo(Samples.agentRequest());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ec384.csr   | openssl ec  | EC P-384 | a, b;c+d | ''
          ed25519.csr | openssl ed  | Ed25519  | ''       | ''
          rsa.csr     | openssl rsa | RSA 2048 | group    | DNS:a.example;IP:10.0.0.1;IP:0:0:0:0:0:0:0:1;email:x@y.z;URI:https://e
          """)
  void readsWhatOpenSslWrites(String file, String name, String key, String groups, String names) {
    var request = CertificateRequest.parse(Samples.file(file));

    assertThat(request.identity()).isEqualTo(new Identity(name, list(groups)));
    assertThat(request.keyKind()).isEqualTo(key);
    assertThat(request.names()).isEqualTo(list(names));
  }

  static Stream<Arguments> badRequests() throws IOException {
    var good = Samples.agentRequest();
    var der = Pem.split(good).getFirst().der();
    var subject = Samples.AGENT.toName();
    return Stream.of(
        row("nothing", "", "exactly one PEM block CERTIFICATE REQUEST, found none"),
        row("another label", good.replace("CERTIFICATE REQUEST", "CERTIFICATE"), "[CERTIFICATE]"),
        row("two blocks", good + good, "found [CERTIFICATE REQUEST, CERTIFICATE REQUEST]"),
        row("text behind the block", good + "trailing", "is outside any PEM block"),
        row("text before the block", "leading\n" + good, "line 1 is outside any PEM block"),
        row("cut off", good.substring(0, good.length() / 2), "has no END line"),
        row("bytes behind the request", pem(Arrays.copyOf(der, der.length + 1)), "no readable"),
        row("half a request", pem(Arrays.copyOf(der, der.length / 2)), "no readable"),
        row("no bytes", pem(new byte[0]), "no readable"),
        row("not ASN.1", pem("hello".getBytes()), "no readable"),
        row("other ASN.1", pem(new byte[] {0x30, 3, 2, 1, 1}), ""),
        row("a nest", pem(nest(6_000)), ""),
        row("too long", " ".repeat(32_769), "at most 32768 characters, had 32769"),
        row("another's key", Samples.request(Samples.keys(8), KEYS, subject), "not made with its"),
        row("changed name", pem(changed(der)), "the signature was not made with its key"),
        row("no name", Samples.request(KEYS, KEYS, new X500Name("O=a")), "common name (CN), had 0"),
        row("two names", Samples.request(KEYS, KEYS, new X500Name("CN=a,CN=b")), "(CN), had 2"),
        row("names twice", Samples.request(KEYS, KEYS, subject, dns("a"), dns("b")), "twice"),
        row("address of 3 bytes", Samples.request(KEYS, KEYS, subject, address(3)), "wrong length"),
        row("small RSA", Samples.file("rsa1024.csr"), "key is RSA 1024, expected EC P-256"),
        row("SHA-1", Samples.file("sha1.csr"), "is not accepted with a key RSA 2048"),
        row("odd curve", Samples.file("k256.csr"), "key is on the curve 1.3.132.0.10"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badRequests")
  void refusesAndSaysWhatItFound(String what, String pem, String message) {
    assertThatThrownBy(() -> CertificateRequest.parse(pem))
        .isInstanceOf(BadRequestPem.class)
        .hasMessageContaining(message);
  }

  /// - Goal: no input makes parsing fail in another way than [BadRequestPem].
  /// - Method: a good request with up to three bytes changed.
  @ParameterizedTest(name = "seed {0}")
  @org.junit.jupiter.params.provider.ValueSource(longs = {1, 2, 3, 4})
  void damagedBytesAreRefusedOrReadButNeverCrash(long seed) {
    var random = new SplittableRandom(seed);
    var der = Pem.split(Samples.file("rsa.csr")).getFirst().der();
    int refused = 0;
    for (int run = 0; run < 500; run++) {
      var damaged = der.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        CertificateRequest.parse(pem(damaged));
      } catch (BadRequestPem e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(450); // a byte may be replaced by itself
  }

  @Test
  void theSameArgumentsGiveTheSameRequest() {
    assertThat(CertificateRequest.create(KEYS, "a", List.of("b")).toPem())
        .isEqualTo(CertificateRequest.create(KEYS, "a", List.of("b")).toPem());
  }

  private static Arguments row(String what, String pem, String message) {
    return Arguments.of(what, pem, message);
  }

  private static String pem(byte[] der) {
    return new Pem(CertificateRequest.LABEL, der).encode();
  }

  private static byte[] changed(byte[] der) {
    var text = new String(der, java.nio.charset.StandardCharsets.ISO_8859_1);
    var other = text.replace(":east:agent1", ":west:agent1");
    assertThat(other).isNotEqualTo(text);
    return other.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  /// Sequences in sequences, as deep as the size limit allows.
  private static byte[] nest(int depth) {
    var bytes = new byte[4 * depth];
    for (int i = 0; i < depth; i++) {
      int length = bytes.length - 4 * i - 4;
      bytes[4 * i] = 0x30;
      bytes[4 * i + 1] = (byte) 0x82;
      bytes[4 * i + 2] = (byte) (length >> 8);
      bytes[4 * i + 3] = (byte) length;
    }
    return bytes;
  }

  private static Extensions dns(String name) throws IOException {
    return names(new GeneralName(GeneralName.dNSName, name));
  }

  private static Extensions address(int bytes) throws IOException {
    return names(new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[bytes])));
  }

  private static Extensions names(GeneralName name) throws IOException {
    var value = new GeneralNames(name).getEncoded();
    return new Extensions(new Extension(Extension.subjectAlternativeName, false, value));
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(";"));
  }
}
