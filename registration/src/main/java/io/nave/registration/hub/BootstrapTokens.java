package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.HubKinds;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/// Makes tokens by which an agent may ask to join: bootstrap tokens as Kubernetes has them, in the
/// group that may do nothing else.
public final class BootstrapTokens {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_CHARS = 6;
  private static final int SECRET_CHARS = 16; // 36^16 > 2^82
  private static final String TYPE = "bootstrap.kubernetes.io/token";

  private BootstrapTokens() {}

  /// A new token.
  ///
  /// @param token what the agent is given, `id.secret`; shown once, never logged
  /// @param secret to be created on the hub, in `kube-system`
  public record Token(String token, ApiObject secret, Instant expires) {
    @Override
    public String toString() {
      return secret.key() + " until " + expires;
    }
  }

  /// Draws a token.
  ///
  /// @param lifetime positive
  /// @param description for people
  public static Token create(Host host, Duration lifetime, String description) {
    if (!lifetime.isPositive()) {
      throw new IllegalArgumentException("lifetime must be positive, was " + lifetime);
    }
    var id = draw(host.secureRandom(), ID_CHARS);
    var secret = draw(host.secureRandom(), SECRET_CHARS);
    var expires = Instant.ofEpochSecond(host.now().plus(lifetime).getEpochSecond());
    return new Token(id + "." + secret, object(id, secret, expires, description), expires);
  }

  /// The key of a token's secret.
  public static Key key(String id) {
    return Key.of("kube-system", "bootstrap-token-" + id);
  }

  private static ApiObject object(String id, String secret, Instant expires, String description) {
    var key = key(id);
    return ApiObject.named(HubKinds.SECRET, key.namespace(), key.name())
        .edit(tree -> {
          tree.put("type", TYPE);
          tree.putObject("data")
              .put("token-id", base64(id))
              .put("token-secret", base64(secret))
              .put("expiration", base64(expires.toString()))
              .put("usage-bootstrap-authentication", base64("true"))
              .put("auth-extra-groups", base64(AgentIdentity.BOOTSTRAP_GROUP))
              .put("description", base64(description));
        });
  }

  /// Every character is equally likely: `nextInt` with a bound rejects the remainder.
  private static String draw(SecureRandom random, int characters) {
    var text = new StringBuilder(characters);
    for (var i = 0; i < characters; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
