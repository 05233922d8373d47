package io.nave.controllers;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Certificates and keys out of PEM text, in the forms kubeconfig files hold them. Only what the
/// client side needs; everything about issuing them is `io.nave.certs`.
final class PemReader {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  // AlgorithmIdentifier of RSA: SEQUENCE { 1.2.840.113549.1.1.1, NULL }
  private static final byte[] RSA = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };
  // OBJECT IDENTIFIER 1.2.840.10045.2.1, the algorithm of elliptic curve keys
  private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private PemReader() {}

  /// All certificates in a text.
  ///
  /// @param what the field, for messages
  /// @throws Kubeconfig.Unusable when there is none or one cannot be read
  static List<X509Certificate> certificates(String what, String pem) {
    var found = new ArrayList<X509Certificate>();
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var block = BLOCK.matcher(pem);
      while (block.find()) {
        if (block.group(1).endsWith("CERTIFICATE")) {
          var der = new ByteArrayInputStream(decode(what, block.group(2)));
          found.add((X509Certificate) factory.generateCertificate(der));
        }
      }
    } catch (CertificateException e) {
      throw new Kubeconfig.Unusable(what + ": holds a certificate that cannot be read", e);
    }
    if (found.isEmpty()) {
      throw new Kubeconfig.Unusable(what + ": holds no PEM certificate", null);
    }
    return found;
  }

  /// The first private key in a text: PKCS #8, PKCS #1 (RSA) or SEC 1 (elliptic curve).
  ///
  /// @throws Kubeconfig.Unusable when there is none that can be read; never quotes it
  static PrivateKey privateKey(String what, String pem) {
    var block = BLOCK.matcher(pem);
    while (block.find()) {
      var der = decode(what, block.group(2));
      switch (block.group(1)) {
        case "PRIVATE KEY" -> {
          return key(what, der);
        }
        case "RSA PRIVATE KEY" -> {
          return key(what, pkcs8(RSA, der));
        }
        case "EC PRIVATE KEY" -> {
          return key(what, pkcs8(tlv(0x30, EC, curve(what, der)), der));
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new Kubeconfig.Unusable(what + ": is encrypted; decrypt it first", null);
        default -> {} // certificates or parameters in the same file
      }
    }
    throw new Kubeconfig.Unusable(what + ": holds no PEM private key", null);
  }

  private static byte[] decode(String what, String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new Kubeconfig.Unusable(what + ": its PEM is broken", null);
    }
  }

  private static PrivateKey key(String what, byte[] pkcs8) {
    for (var algorithm : List.of("EC", "RSA", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        // Not of this algorithm: try the next.
      }
    }
    throw new Kubeconfig.Unusable(
        what + ": cannot be read as a key of an elliptic curve, RSA or Ed25519", null);
  }

  /// `SEQUENCE { INTEGER 0, algorithm, OCTET STRING key }`.
  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return tlv(0x30, new byte[] {2, 1, 0}, algorithm, tlv(4, key));
  }

  /// The `[0]` of `SEQUENCE { INTEGER 1, OCTET STRING, [0] curve, [1] public key }`.
  private static byte[] curve(String what, byte[] sec1) {
    try {
      var at = content(sec1, 0);
      while (at < sec1.length) {
        var start = content(sec1, at);
        var end = start + length(sec1, at);
        if ((sec1[at] & 0xff) == 0xa0) {
          return Arrays.copyOfRange(sec1, start, end);
        }
        at = end;
      }
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new Kubeconfig.Unusable(what + ": its EC PRIVATE KEY is broken", null);
    }
    throw new Kubeconfig.Unusable(what + ": its EC PRIVATE KEY does not name its curve", null);
  }

  /// Where the content of the element at `at` begins.
  private static int content(byte[] der, int at) {
    var first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int length(byte[] der, int at) {
    var first = der[at + 1] & 0xff;
    var length = first < 0x80 ? first : 0;
    for (var i = at + 2; i < content(der, at); i++) {
      length = (length << 8) | (der[i] & 0xff);
    }
    return length;
  }

  private static byte[] tlv(int tag, byte[]... parts) {
    var body = new ByteArrayOutputStream();
    for (var part : parts) {
      body.writeBytes(part);
    }
    var whole = new ByteArrayOutputStream();
    whole.write(tag);
    if (body.size() < 0x80) {
      whole.write(body.size());
    } else { // two bytes of length hold any key
      whole.write(0x82);
      whole.write(body.size() >> 8);
      whole.write(body.size());
    }
    whole.writeBytes(body.toByteArray());
    return whole.toByteArray();
  }
}
