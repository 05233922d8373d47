package io.nave.apiserver.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import io.nave.apiserver.Caller;
import io.nave.apiserver.jwt.KeySet;
import io.nave.apiserver.jwt.SigningKey;
import io.nave.apiserver.outbound.Calls;
import io.nave.certs.KeyPairs;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class OidcTokensTest {
  private static final String ISSUER = "https://issuer.example/realms/a";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SimWorld world = new SimWorld(3);
  private final SimHost host = world.host("hub");
  private final List<String> asked = new ArrayList<>();
  private SigningKey key = newKey();
  private boolean reachable = true;
  private final Calls calls = new Calls(host, (base, _) -> new Issuer(base));

  private static SigningKey newKey() {
    return SigningKey.of(KeyPairs.generate(RANDOM));
  }

  @AfterEach
  void stop() {
    calls.close();
    world.close();
  }

  /// The issuer's two documents.
  private final class Issuer implements Transport {
    private final String base;

    Issuer(String base) {
      this.base = base;
    }

    @Override
    public Response send(Request request) {
      throw new UnsupportedOperationException("only open is used");
    }

    @Override
    public Stream open(Request request) {
      asked.add(base + request.target());
      if (!reachable) {
        throw new Unreachable("refused", null);
      }
      return switch (request.target()) {
        case "/realms/a/.well-known/openid-configuration" ->
            whole("{\"issuer\":\"" + ISSUER + "\",\"jwks_uri\":\"https://keys.example/k\"}");
        case "/k" -> whole(Json.text(KeySet.of(List.of(key)).toJson()));
        default -> throw new AssertionError(request);
      };
    }

    @Override
    public void close() {}
  }

  private static Transport.Stream whole(String body) {
    var left = new AtomicReference<>(body.getBytes(StandardCharsets.UTF_8));
    return new Transport.Stream() {
      @Override
      public int status() {
        return 200;
      }

      @Override
      public byte[] next(Duration atMost) {
        return left.getAndSet(null);
      }

      @Override
      public boolean ended() {
        return left.get() == null;
      }

      @Override
      public void close() {}
    };
  }

  private static OidcSettings settings() {
    return new OidcSettings(
        ISSUER,
        List.of("nave"),
        "email",
        "",
        "groups",
        "oidc:",
        Map.of("tenant", "blue"),
        List.of("ES256"),
        "");
  }

  private String token(Consumer<ObjectNode> change) {
    var now = host.now().getEpochSecond();
    var claims = Json.object().put("iss", ISSUER).put("aud", "nave").put("sub", "u1");
    claims.put("email", "jane@example.com").put("tenant", "blue");
    claims.putArray("groups").add("dev").add("ops");
    claims.put("iat", now).put("exp", now + 300);
    change.accept(claims);
    return key.sign(claims, RANDOM);
  }

  private final OidcTokens oidc = new OidcTokens(host, calls, settings());

  private Optional<Caller> prove(String token) {
    // Fetching waits for a task of the simulated host, so the caller has to be one.
    var result = new AtomicReference<Optional<Caller>>();
    var failure = new AtomicReference<RuntimeException>();
    host.start(
            "prove",
            () -> {
              try {
                result.set(oidc.prove(token, List.of()).map(proof -> proof.caller()));
              } catch (RuntimeException e) {
                failure.set(e);
              }
            })
        .join(Duration.ofMinutes(5));
    if (failure.get() != null) {
      throw failure.get();
    }
    return result.get();
  }

  private void pass(Duration time) {
    host.start("wait", () -> host.sleep(time)).join(time.plusDays(1));
  }

  @Test
  void claimsBecomeTheCaller() {
    var caller = prove(token(_ -> {})).orElseThrow();
    assertThat(caller.user()).isEqualTo("jane@example.com");
    assertThat(caller.groups()).containsExactly("oidc:dev", "oidc:ops");
    assertThat(asked)
        .containsExactly(ISSUER + "/.well-known/openid-configuration", "https://keys.example/k");
  }

  @ParameterizedTest
  @CsvSource({
    "sub,'',https://i.example#u1",
    "sub,-,u1",
    "sub,x:,x:u1",
    "email,'',jane@example.com",
    "email,o:,o:jane@example.com"
  })
  void prefixesFollowKubeApiserver(String claim, String prefix, String expected) {
    var settings =
        new OidcSettings(
            "https://i.example",
            List.of("nave"),
            claim,
            prefix,
            "",
            "",
            Map.of(),
            List.of("RS256"),
            "");
    var name = claim.equals("sub") ? "u1" : "jane@example.com";
    assertThat(settings.userPrefix() + name).isEqualTo(expected);
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheReason() {
    check(claims -> claims.put("aud", "other"), "expected audience [nave], got [other]");
    check(claims -> claims.put("tenant", "red"), "required claim tenant");
    check(claims -> claims.remove("email"), "no text in the claim \"email\"");
    check(claims -> claims.put("email_verified", false), "email not verified");
    check(claims -> claims.put("exp", 5), "token is expired");
    check(claims -> claims.remove("exp"), "it has no end");
    check(claims -> claims.put("nbf", host.now().getEpochSecond() + 60), "not valid yet");
    check(claims -> claims.put("email", "system:admin"), "reserved name \"system:admin\"");
  }

  private void check(Consumer<ObjectNode> change, String reason) {
    var token = token(change);
    assertThatThrownBy(() -> prove(token)).hasMessageContaining(reason);
  }

  @Test
  void clocksMayDifferALittle() {
    var late = token(claims -> claims.put("exp", host.now().getEpochSecond() - 5));
    assertThat(prove(late)).isPresent();
    var early = token(claims -> claims.put("nbf", host.now().getEpochSecond() + 5));
    assertThat(prove(early)).isPresent();
  }

  @Test
  void tokensOfOthersAreLeftToOthers() {
    assertThat(prove(token(claims -> claims.put("iss", "https://other.example")))).isEmpty();
    assertThat(prove("abcdef.0123456789abcdef")).isEmpty();
    assertThat(oidc.prove(token(_ -> {}), List.of("vault"))).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void aForeignSignatureIsRefusedAndKeysAreNotFetchedForEveryMadeUpName() {
    assertThat(prove(token(_ -> {}))).isPresent();
    var real = key;
    key = newKey();
    var forged = token(_ -> {});
    key = real;
    for (var i = 0; i < 5; i++) {
      assertThatThrownBy(() -> prove(forged)).hasMessageContaining("failed to verify signature");
    }
    assertThat(asked).hasSize(2);
  }

  @Test
  void aNewKeyOfTheIssuerIsFoundWhenATokenNamesIt() {
    assertThat(prove(token(_ -> {}))).isPresent();
    key = newKey();
    pass(Duration.ofSeconds(11));
    assertThat(prove(token(_ -> {}))).isPresent();
    assertThat(asked).hasSize(4);
  }

  @Test
  void anIssuerThatIsAwayIsToldOnceAndTriedAgainLater() {
    reachable = false;
    assertThatThrownBy(() -> prove(token(_ -> {})))
        .hasMessageContaining("the OIDC issuer " + ISSUER + " cannot be reached: refused");
    assertThatThrownBy(() -> prove(token(_ -> {}))).hasMessageContaining("a moment ago");
    assertThat(asked).hasSize(1);
    reachable = true;
    pass(Duration.ofSeconds(11));
    assertThat(prove(token(_ -> {}))).isPresent();
  }

  @Test
  void keysAreBelievedOnWhileTheIssuerIsAway() {
    assertThat(prove(token(_ -> {}))).isPresent();
    reachable = false;
    pass(Duration.ofHours(2));
    assertThat(prove(token(_ -> {}))).isPresent();
    assertThat(asked).hasSize(3);
  }

  @Test
  void onlyTheSetAlgorithmsAreBelieved() {
    var strict = new OidcTokens(host, calls, OidcSettings.of(ISSUER, "nave"));
    assertThatThrownBy(() -> strict.prove(token(_ -> {}), List.of()))
        .hasMessageContaining("signed with \"ES256\", expected [RS256]");
  }

  @Test
  void settingsThatMakeNoSenseNameTheFlag() {
    assertThatThrownBy(() -> OidcSettings.of("http://issuer.example", "nave"))
        .hasMessageContaining("--oidc-issuer-url");
    assertThatThrownBy(() ->
            new OidcSettings(ISSUER, List.of(), "sub", "", "", "", Map.of(), List.of("RS256"), ""))
        .hasMessageContaining("--oidc-client-id");
    assertThatThrownBy(() ->
            new OidcSettings(
                ISSUER, List.of("a"), "sub", "", "", "", Map.of(), List.of("HS256"), ""))
        .hasMessageContaining("--oidc-signing-algs");
  }
}
