package io.nave.apiserver.upkeep;

import static io.nave.apiserver.TestServer.CONFIG_MAPS;
import static io.nave.apiserver.TestServer.configMap;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.jwt.Token;
import io.nave.apiserver.kinds.ServiceAccount;
import io.nave.apiserver.upkeep.TokenSecrets.Decision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenSecretsTest {
  private static final ResourceType ACCOUNTS = ResourceType.of(ServiceAccount.class);
  private static final Key SECRET = Key.of("default", "bot-token");
  private static final Key BOT = Key.of("default", "bot");
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration AT_LAST = Duration.ofMinutes(1);
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final TestServer server = TestServer.start();
  private final Upkeep upkeep = Upkeep.start(server.host, server.store, server.api, server.meters);

  @BeforeEach
  void createAccount() {
    server.client.create(ACCOUNTS, ApiObject.named(ACCOUNTS, "default", "bot"));
  }

  @AfterEach
  void close() {
    upkeep.close();
    assertThat(server.world.taskFailures()).isEmpty();
    server.close();
  }

  private ApiObject create(String account) {
    return server.client.create(
        TokenSecrets.SECRETS,
        object(
            ("{'metadata':{'name':'bot-token','namespace':'default','annotations':"
                    + "{'kubernetes.io/service-account.name':'%s'}},"
                    + "'type':'kubernetes.io/service-account-token'}")
                .formatted(account)));
  }

  private @Nullable ApiObject secret() {
    return server.client.find(TokenSecrets.SECRETS, SECRET).orElse(null);
  }

  private String value(String field) {
    var secret = secret();
    var text = secret == null ? "" : secret.json().path("data").path(field).asString("");
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }

  private String filled() {
    server.world.runUntil(() -> !value("token").isEmpty(), SOON);
    return value("token");
  }

  @Test
  void itHoldsATokenOfItsAccount() {
    var made = create("bot");
    var token = filled();
    var caller = server.authentication.review(token, List.of()).orElseThrow().caller();
    assertThat(caller.user()).isEqualTo("system:serviceaccount:default:bot");
    var claims = Token.parse(token).orElseThrow().claims();
    assertThat(claims.at("/kubernetes.io/secret/uid").asString()).isEqualTo(made.uid());
    assertThat(value("namespace")).isEqualTo("default");
    assertThat(server.client.get(TokenSecrets.SECRETS, SECRET).annotations())
        .containsEntry(TokenSecrets.ACCOUNT_UID, caller.uid());
    assertThat(value("ca.crt")).as("nobody tells one here").isEmpty();
  }

  @Test
  void itTellsWhomToTrustAndFollows() {
    server.client.create(
        CONFIG_MAPS,
        configMap("kube-public", "kube-root-ca.crt")
            .edit(map -> map.putObject("data").put("ca.crt", "one")));
    create("bot");
    var token = filled();
    assertThat(value("ca.crt")).isEqualTo("one");
    server.client.patch(
        CONFIG_MAPS, TokenSecrets.AUTHORITY, "", merge("{'data':{'ca.crt':'two'}}"));
    server.world.runUntil(() -> value("ca.crt").equals("two"), AT_LAST);
    assertThat(value("token")).as("it is still good").isEqualTo(token);
  }

  @Test
  void itGoesWithItsAccount() {
    create("bot");
    filled();
    server.client.delete(ACCOUNTS, BOT, null);
    server.world.runUntil(() -> secret() == null, AT_LAST);
  }

  @Test
  void itIsNotForASecondAccountOfTheSameName() {
    create("bot");
    filled();
    server.client.delete(ACCOUNTS, BOT, null);
    server.client.create(ACCOUNTS, ApiObject.named(ACCOUNTS, "default", "bot"));
    server.world.runUntil(() -> secret() == null, AT_LAST);
  }

  @Test
  void oneForNoAccountGoesAtOnce() {
    create("nobody");
    server.world.runUntil(() -> secret() == null, SOON);
  }

  @Test
  void otherSecretsAreNotLookedAt() {
    var other = object("{'metadata':{'name':'bot-token','namespace':'default'}}");
    var made = server.client.create(TokenSecrets.SECRETS, other);
    server.world.run(AT_LAST);
    assertThat(server.client.get(TokenSecrets.SECRETS, SECRET).resourceVersion())
        .isEqualTo(made.resourceVersion());
  }

  private static ApiObject account() {
    return object("{'metadata':{'name':'bot','namespace':'default','uid':'u1'}}");
  }

  private static ApiObject stored(String token, String more) {
    return object(
        ("{'metadata':{'name':'bot-token','namespace':'default','annotations':"
                + "{'kubernetes.io/service-account.uid':'u1'}},"
                + "'data':{'namespace':'%s','ca.crt':'%s','token':'%s'}%s}")
            .formatted(encoded("default"), encoded("ca"), encoded(token), more));
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String ending(Duration fromNow) {
    var claims = "{\"exp\":%d}".formatted(NOW.plus(fromNow).getEpochSecond());
    var url = Base64.getUrlEncoder().withoutPadding();
    return "e30." + url.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".e30";
  }

  private static Decision decide(ApiObject secret) {
    return TokenSecrets.decide(secret, account(), "ca", NOW);
  }

  @Test
  void aTokenIsRenewedWhenHalfItsTimeIsOver() {
    var half = Duration.ofDays(365).dividedBy(2);
    assertThat(decide(stored(ending(half.plusMinutes(1)), ""))).isEqualTo(new Decision.Leave());
    assertThat(decide(stored(ending(half.minusMinutes(1)), "")))
        .isEqualTo(new Decision.Fill(Map.of(), true));
    assertThat(decide(stored(ending(Duration.ofDays(-1)), "")))
        .isEqualTo(new Decision.Fill(Map.of(), true));
  }

  @Test
  void whatSomebodyPutThereInsteadOfATokenStays() {
    assertThat(decide(stored("mine", ""))).isEqualTo(new Decision.Leave());
    assertThat(decide(stored("", ""))).isEqualTo(new Decision.Fill(Map.of(), true));
  }

  @Test
  void oneThatMayNotBeChangedIsLeftAlone() {
    assertThat(decide(stored("", ",'immutable':true"))).isEqualTo(new Decision.Leave());
    assertThat(TokenSecrets.decide(stored("", ",'immutable':true"), null, "ca", NOW))
        .isEqualTo(new Decision.Remove());
  }
}
