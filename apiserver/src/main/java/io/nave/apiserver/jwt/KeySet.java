package io.nave.apiserver.jwt;

import io.nave.api.Json;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Public keys by their ids: whose signatures are believed. Immutable.
public final class KeySet {
  /// Issuers have two or three keys; more than this is no key set.
  private static final int KEYS_MAX = 100;

  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
  private static final Map<Integer, String> CURVES =
      Map.of(256, "P-256", 384, "P-384", 521, "P-521");

  private final Map<String, PublicKey> keys;

  private KeySet(Map<String, PublicKey> keys) {
    this.keys = keys;
  }

  public static KeySet of(Collection<SigningKey> signing) {
    var keys = new LinkedHashMap<String, PublicKey>();
    signing.forEach(key -> keys.put(key.id(), key.publicKey()));
    return new KeySet(keys);
  }

  /// Reads a JWK set. Keys of other kinds or uses are left out.
  public static KeySet read(JsonNode jwks) {
    var keys = new LinkedHashMap<String, PublicKey>();
    for (var jwk : jwks.path("keys")) {
      var use = jwk.path("use").asString("sig");
      if (use.equals("sig") && keys.size() < KEYS_MAX) {
        key(jwk).ifPresent(key -> keys.put(jwk.path("kid").asString(""), key));
      }
    }
    return new KeySet(keys);
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /// Whether a token names one of these keys, or names none.
  public boolean knows(Token token) {
    var id = token.header().path("kid").asString("");
    return id.isEmpty() || keys.containsKey(id);
  }

  /// Whether one of these keys signed the token: the one it names, or any when it names none.
  public boolean verify(Token token) {
    var algorithm = Algorithm.named(token.header().path("alg").asString("")).orElse(null);
    // RFC 7515: who does not understand what is critical must refuse.
    if (algorithm == null || token.header().has("crit")) {
      return false;
    }
    var id = token.header().path("kid").asString("");
    if (!id.isEmpty()) {
      var key = keys.get(id);
      return key != null && verify(token, key, algorithm);
    }
    return keys.values().stream().anyMatch(key -> verify(token, key, algorithm));
  }

  private static boolean verify(Token token, PublicKey key, Algorithm algorithm) {
    if (!algorithm.fits(key)) {
      return false;
    }
    try {
      var signature = Signature.getInstance(algorithm.signature());
      signature.initVerify(key);
      signature.update(token.signed());
      return signature.verify(token.signature());
    } catch (GeneralSecurityException e) {
      return false; // such as a signature of the wrong length
    }
  }

  /// The names of the algorithms these keys sign with, in order.
  public SequencedSet<String> algorithms() {
    var names = new LinkedHashSet<String>();
    keys.values().forEach(key -> Algorithm.of(key).ifPresent(found -> names.add(found.name())));
    return names;
  }

  /// As a JWK set.
  public ObjectNode toJson() {
    var set = Json.object();
    var array = set.putArray("keys");
    keys.forEach((id, key) -> {
      var jwk = array.addObject().put("use", "sig");
      jwk.put("kty", key.getAlgorithm()).put("kid", id);
      Algorithm.of(key).ifPresent(found -> jwk.put("alg", found.name()));
      fill(jwk, key);
    });
    return set;
  }

  private static void fill(ObjectNode jwk, Key key) {
    switch (key) {
      case RSAPublicKey rsa ->
          jwk.put("n", number(rsa.getModulus(), 0)).put("e", number(rsa.getPublicExponent(), 0));
      case ECPublicKey ec -> {
        var bits = ec.getParams().getOrder().bitLength();
        var bytes = (bits + 7) / 8;
        jwk.put("crv", CURVES.get(bits));
        jwk.put("x", number(ec.getW().getAffineX(), bytes));
        jwk.put("y", number(ec.getW().getAffineY(), bytes));
      }
      default -> throw new IllegalStateException("no key of other kinds is let in");
    }
  }

  private static String number(BigInteger value, int bytesMin) {
    var raw = value.toByteArray();
    var skip = raw.length > 1 && raw[0] == 0 ? 1 : 0;
    var length = Math.max(bytesMin, raw.length - skip);
    var padded = new byte[length];
    System.arraycopy(raw, skip, padded, length - (raw.length - skip), raw.length - skip);
    return URL.encodeToString(padded);
  }

  private static Optional<PublicKey> key(JsonNode jwk) {
    try {
      var key =
          switch (jwk.path("kty").asString("")) {
            case "RSA" ->
                KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
            case "EC" ->
                KeyFactory.getInstance("EC")
                    .generatePublic(
                        new ECPublicKeySpec(
                            new ECPoint(number(jwk, "x"), number(jwk, "y")),
                            curve(jwk.path("crv").asString(""))));
            default -> null;
          };
      return Optional.ofNullable(key).filter(found -> Algorithm.of(found).isPresent());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static BigInteger number(JsonNode jwk, String field) {
    var bytes = Base64.getUrlDecoder().decode(jwk.path(field).asString(""));
    if (bytes.length > 1024 + 1) {
      throw new IllegalArgumentException("a number of more than 8192 bits");
    }
    return new BigInteger(1, bytes);
  }

  private static ECParameterSpec curve(String name) throws GeneralSecurityException {
    var jdk =
        switch (name) {
          case "P-256" -> "secp256r1";
          case "P-384" -> "secp384r1";
          case "P-521" -> "secp521r1";
          default -> throw new IllegalArgumentException("no such curve here: " + name);
        };
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(jdk));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  /// Key ids, nothing else.
  @Override
  public String toString() {
    return "keys " + keys.keySet();
  }
}
