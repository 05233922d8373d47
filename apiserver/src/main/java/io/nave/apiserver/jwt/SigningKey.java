package io.nave.apiserver.jwt;

import io.nave.api.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/// A private key that signs tokens. Its id is the SHA-256 of the public half, in base64url, as
/// Kubernetes names its keys. Prints its id only.
public final class SigningKey {
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private final String id;
  private final KeyPair pair;
  private final Algorithm algorithm;

  private SigningKey(String id, KeyPair pair, Algorithm algorithm) {
    this.id = id;
    this.pair = pair;
    this.algorithm = algorithm;
  }

  /// @throws IllegalArgumentException when it is no EC key and no RSA key of 2048 to 8192 bits
  public static SigningKey of(KeyPair pair) {
    var algorithm =
        Algorithm.of(pair.getPublic())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "expected an EC key on P-256, P-384 or P-521, or an RSA key of 2048 to 8192"
                        + " bits, found "
                        + pair.getPublic().getAlgorithm()));
    return new SigningKey(id(pair.getPublic()), pair, algorithm);
  }

  private static String id(PublicKey key) {
    try {
      return URL.encodeToString(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public String id() {
    return id;
  }

  public PublicKey publicKey() {
    return pair.getPublic();
  }

  /// The token that holds these claims.
  ///
  /// @param random an EC signature needs some
  public String sign(ObjectNode claims, SecureRandom random) {
    var header = Json.object().put("alg", algorithm.name()).put("kid", id);
    var signed = part(Json.encode(header)) + "." + part(Json.encode(claims));
    try {
      var signature = Signature.getInstance(algorithm.signature());
      signature.initSign(pair.getPrivate(), random);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + part(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of this process cannot sign: " + this, e);
    }
  }

  private static String part(byte[] bytes) {
    return URL.encodeToString(bytes);
  }

  @Override
  public String toString() {
    return algorithm + " key " + id;
  }
}
