package io.nave.apiserver.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  static KeyPair pair(String kind) throws Exception {
    if (kind.startsWith("RSA")) {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(Integer.parseInt(kind.substring(3)));
      return generator.generateKeyPair();
    }
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(kind));
    return generator.generateKeyPair();
  }

  private static Token token(String text) {
    return Token.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1", "RSA2048"})
  void whatAKeySignsItsJwkSetVerifies(String kind) throws Exception {
    var key = SigningKey.of(pair(kind));
    var text = key.sign(Json.object().put("sub", "me"), RANDOM);
    var published = Json.parse(Json.encode(KeySet.of(List.of(key)).toJson()));
    var read = KeySet.read(published);
    assertThat(read.verify(token(text))).isTrue();
    assertThat(read.knows(token(text))).isTrue();
    assertThat(token(text).text("sub")).isEqualTo("me");
  }

  @Test
  void theExampleOfRfc7515IsVerified() {
    // Appendix A.3: ES256 by a key on P-256.
    var text =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
            + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDx"
            + "w5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    var jwks =
        Json.parse(
            """
            {"keys": [{"kty": "EC", "crv": "P-256",
              "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
              "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}\
            """);
    assertThat(KeySet.read(jwks).verify(token(text))).isTrue();
    assertThat(token(text).time("exp").orElseThrow().getEpochSecond()).isEqualTo(1300819380);
  }

  @Test
  void aChangedClaimOrHeaderOrForeignKeyIsNotBelieved() throws Exception {
    var key = SigningKey.of(pair("secp256r1"));
    var set = KeySet.of(List.of(key));
    var parts = key.sign(Json.object().put("sub", "me"), RANDOM).split("\\.");
    var other = part("{\"sub\":\"you\"}");
    assertThat(set.verify(token(parts[0] + "." + other + "." + parts[2]))).isFalse();
    var stranger = SigningKey.of(pair("secp256r1"));
    assertThat(set.verify(token(stranger.sign(Json.object(), RANDOM)))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"RS256\"}",
        "{}",
        "{\"alg\":\"ES256\",\"crit\":[\"exp\"]}"
      })
  void algorithmsThatDoNotFitTheKeyAreNotBelieved(String header) throws Exception {
    var key = SigningKey.of(pair("secp256r1"));
    var parts = key.sign(Json.object(), RANDOM).split("\\.");
    var forged = token(part(header) + "." + parts[1] + "." + parts[2]);
    assertThat(KeySet.of(List.of(key)).verify(forged)).isFalse();
    var unsigned = token(part(header) + "." + parts[1] + ".");
    assertThat(KeySet.of(List.of(key)).verify(unsigned)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.b", "a.b.c.d", "!!.e30.x", "e30.!!.x", "W10.e30.x"})
  void whatIsNoTokenIsNone(String text) {
    assertThat(Token.parse(text)).isEmpty();
  }

  @Test
  void aTokenOfEndlessLengthIsNotLookedAt() {
    assertThat(Token.parse("e30." + "A".repeat(20_000) + ".x")).isEmpty();
  }

  @Test
  void smallRsaKeysAreRefused() throws Exception {
    var small = pair("RSA1024");
    assertThatThrownBy(() -> SigningKey.of(small)).hasMessageContaining("2048 to 8192");
  }

  @Test
  void keysOfOtherKindsAreLeftOutOfASet() {
    var jwks =
        Json.parse(
            "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"},{\"kty\":\"EC\",\"crv\":\"P-256\","
                + "\"x\":\"AA\",\"y\":\"AA\"},{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\"}]}");
    var set = KeySet.read(jwks);
    var token = token(part("{\"alg\":\"ES256\"}") + "." + part("{}") + ".AAAA");
    assertThat(set.verify(token)).isFalse();
  }

  private static String part(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
