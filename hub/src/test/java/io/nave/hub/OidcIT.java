package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.apiserver.jwt.KeySet;
import io.nave.apiserver.jwt.SigningKey;
import io.nave.apiserver.oidc.OidcSettings;
import io.nave.certs.Authority;
import io.nave.certs.KeyPairs;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.RealHost;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.AheadHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A real hub and an issuer on loopback, both over HTTPS: discovery, keys, tokens.
class OidcIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private final RealHost real = RealHost.start("oidc");
  private final AheadHost host = new AheadHost(real);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicReference<SigningKey> key = new AtomicReference<>(newKey());
  private final AtomicReference<String> calledItself = new AtomicReference<>("");
  private final LoopbackServer issuer = new LoopbackServer(real, this::document);

  private SigningKey newKey() {
    return SigningKey.of(KeyPairs.generate(real.secureRandom()));
  }

  @AfterEach
  void stop() {
    issuer.close();
    real.close();
  }

  private JsonNode document(Transport.Request request) {
    asked.add(request.target());
    return switch (request.target()) {
      case "/.well-known/openid-configuration" ->
          Json.object()
              .put("issuer", issuer.url() + calledItself.get())
              .put("jwks_uri", issuer.url() + "/keys");
      case "/keys" -> KeySet.of(List.of(key.get())).toJson();
      default -> throw new IllegalArgumentException(request.target());
    };
  }

  private Hub hub(String caPem) {
    var usual = HubConfig.of(folder.resolve("hub"), "127.0.0.1", 0);
    var oidc =
        new OidcSettings(
            issuer.url(),
            List.of("nave"),
            "sub",
            "oidc:",
            "groups",
            "oidc:",
            Map.of(),
            List.of("ES256"),
            caPem);
    return Hub.start(
        host,
        new HubConfig(
            usual.dataFolder(),
            usual.address(),
            usual.port(),
            usual.names(),
            usual.policy(),
            usual.gitVersion(),
            List.of(oidc),
            usual.executorRequired(),
            usual.auditPolicy(),
            usual.auditKeeping()));
  }

  private ObjectNode claims() {
    var now = host.now().getEpochSecond();
    var claims = Json.object().put("iss", issuer.url()).put("aud", "nave").put("sub", "jane");
    claims.put("iat", now).put("exp", now + 3_600).putArray("groups").add("dev");
    return claims;
  }

  private String token(Consumer<ObjectNode> change) {
    var claims = claims();
    change.accept(claims);
    return key.get().sign(claims, real.secureRandom());
  }

  /// Who the hub takes the bearer for, as `user [groups]`; empty where it lets nobody in.
  private String who(Hub hub, String token) {
    var login = hub.administrator().withLogin(new Kubeconfig.Login.Token(token));
    var review = "{\"kind\":\"SelfSubjectReview\",\"apiVersion\":\"authentication.k8s.io/v1\"}";
    try (var wire = HttpsTransport.open(real, login)) {
      var answer =
          wire.send(
              new Transport.Request(
                  "POST",
                  "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                  Map.of("content-type", "application/json"),
                  review.getBytes(StandardCharsets.UTF_8)));
      if (answer.status() == 401) {
        return "";
      }
      assertThat(answer.status()).isEqualTo(201);
      var user = Json.parse(answer.body()).at("/status/userInfo");
      var groups = new ArrayList<String>();
      user.path("groups").forEach(group -> groups.add(group.asString()));
      return user.path("username").asString() + " " + groups;
    }
  }

  @Test
  void anIssuersUsersAreKnownAndTokensThatDoNotFitAreNot() {
    try (var hub = hub(issuer.caPem())) {
      assertThat(who(hub, token(_ -> {}))).isEqualTo("oidc:jane [oidc:dev, system:authenticated]");
      assertThat(asked).containsExactly("/.well-known/openid-configuration", "/keys");

      assertThat(who(hub, token(claims -> claims.put("aud", "other")))).as("audience").isEmpty();
      assertThat(who(hub, token(claims -> claims.put("iss", "https://127.0.0.1:1"))))
          .as("issuer")
          .isEmpty();
      assertThat(who(hub, token(claims -> claims.put("exp", 5)))).as("expired").isEmpty();
      assertThat(who(hub, unsigned())).as("alg none").isEmpty();
      assertThat(who(hub, token(_ -> {}) + "x")).as("signature").isEmpty();
      assertThat(asked).as("no made-up token makes the hub ask").hasSize(2);
    }
  }

  private String unsigned() {
    var encoder = Base64.getUrlEncoder().withoutPadding();
    var header = Json.object().put("alg", "none").put("typ", "JWT");
    return encoder.encodeToString(Json.encode(header))
        + "."
        + encoder.encodeToString(Json.encode(claims()))
        + ".";
  }

  @Test
  void aRotatedKeyIsFetchedAndTheOldOneNoLongerBelieved() {
    try (var hub = hub(issuer.caPem())) {
      var old = token(_ -> {});
      assertThat(who(hub, old)).startsWith("oidc:jane");
      key.set(newKey());
      host.putForward(MINUTE);

      assertThat(who(hub, token(_ -> {}))).startsWith("oidc:jane");
      assertThat(who(hub, old)).isEmpty();
    }
  }

  @Test
  void anIssuerThatIsNotWhoItSaysIsNotBelieved() {
    calledItself.set("/other");
    try (var hub = hub(issuer.caPem())) {
      assertThat(who(hub, token(_ -> {}))).isEmpty();
      calledItself.set("");
      host.putForward(MINUTE);
      assertThat(who(hub, token(_ -> {}))).startsWith("oidc:jane");
    }
  }

  @Test
  void anIssuerWithTheCertificateOfAnotherAuthorityIsNotAsked() {
    var other = Authority.create(real, "other-ca", Duration.ofDays(1)).certificatePem();
    try (var hub = hub(other)) {
      assertThat(who(hub, token(_ -> {}))).isEmpty();
      assertThat(asked).isEmpty();
    }
  }
}
