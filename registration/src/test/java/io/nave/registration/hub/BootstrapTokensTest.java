package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nave.runtime.sim.SimWorld;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BootstrapTokensTest {
  @Test
  void aTokenIsTheIdAndSecretOfItsSecretObject() {
    try (var world = new SimWorld(1)) {
      var host = world.host("hub");
      var token = BootstrapTokens.create(host, Duration.ofHours(1), "for east");
      assertThat(token.token()).matches("[a-z0-9]{6}\\.[a-z0-9]{16}");
      var secret = token.secret();
      assertThat(secret.at("/type").asString()).isEqualTo("bootstrap.kubernetes.io/token");
      assertThat(secret.key()).isEqualTo(BootstrapTokens.key(token.token().substring(0, 6)));
      assertThat(
              data(secret.at("/data/token-id").asString())
                  + "."
                  + data(secret.at("/data/token-secret").asString()))
          .isEqualTo(token.token());
      assertThat(data(secret.at("/data/expiration").asString()))
          .isEqualTo(token.expires().toString());
      assertThat(data(secret.at("/data/auth-extra-groups").asString()))
          .isEqualTo("system:bootstrappers:managedcluster");
      assertThat(token.toString()).doesNotContain(token.token().substring(7));
      assertThat(BootstrapTokens.create(host, Duration.ofHours(1), "").token())
          .isNotEqualTo(token.token());
    }
  }

  @Test
  void aTokenWithoutALifetimeIsRefused() {
    try (var world = new SimWorld(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> BootstrapTokens.create(world.host("h"), Duration.ZERO, ""));
    }
  }

  @Test
  void whatATokenIsGoodForStandsInItsGroups() {
    try (var world = new SimWorld(1)) {
      var wish = new BootstrapTokens.Wish(Duration.ofHours(1), "east", true, List.of("prod"));
      var secret = BootstrapTokens.create(world.host("h"), wish, "").secret();
      assertThat(data(secret.at("/data/auth-extra-groups").asString()).split(","))
          .containsExactly(
              "system:bootstrappers:managedcluster",
              "system:bootstrappers:managedcluster:only:east",
              "system:bootstrappers:managedcluster:once",
              "system:bootstrappers:managedcluster:set:prod");
    }
  }

  @Test
  void aTokenForWhatCannotBeIsRefused() {
    var hour = Duration.ofHours(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BootstrapTokens.Wish(hour, "East", false, List.of()))
        .withMessageContaining("\"East\" must be a namespace name");
    try (var world = new SimWorld(1)) {
      var dotted = new BootstrapTokens.Wish(hour, null, false, List.of("a.b"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> BootstrapTokens.create(world.host("h"), dotted, ""))
          .withMessageContaining("by RBAC instead");
    }
  }

  private static String data(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
