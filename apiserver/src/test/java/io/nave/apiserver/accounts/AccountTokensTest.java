package io.nave.apiserver.accounts;

import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.jwt.KeySet;
import io.nave.apiserver.jwt.Token;
import io.nave.apiserver.kinds.Secret;
import io.nave.apiserver.kinds.ServiceAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountTokensTest {
  private static final ResourceType ACCOUNTS = ResourceType.of(ServiceAccount.class);
  private static final ResourceType SECRETS = ResourceType.of(Secret.class);
  private static final Key BOT = Key.of("default", "bot");

  private final TestServer server = TestServer.start();
  private ApiObject account;

  @BeforeEach
  void createAccount() {
    account = server.client.create(ACCOUNTS, ApiObject.named(ACCOUNTS, "default", "bot"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ApiObject request(String spec) {
    return server.client.ask(ACCOUNTS, BOT, "token", object("{'spec':" + spec + "}"));
  }

  private String token(String spec) {
    return request(spec).at("/status/token").asString();
  }

  private Caller caller(String token) {
    return server.authentication.review(token, List.of()).orElseThrow().caller();
  }

  private String fault(String token) {
    return refusal(() -> server.authentication.review(token, List.of())).getMessage();
  }

  private void pass(Duration time) {
    server.host.start("wait", () -> server.host.sleep(time)).join(time.plusDays(1));
  }

  @Test
  void aTokenProvesItsAccount() {
    var caller = caller(token("{}"));
    assertThat(caller.user()).isEqualTo("system:serviceaccount:default:bot");
    assertThat(caller.uid()).isEqualTo(account.uid());
    assertThat(caller.groups())
        .containsExactly(
            "system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated");
    assertThat(caller.extra().get("authentication.kubernetes.io/credential-id"))
        .singleElement()
        .asString()
        .startsWith("JTI=");
  }

  @Test
  void theAnswerHasUpstreamsFields() {
    var answer = request("{'expirationSeconds':600,'audiences':['vault']}");
    assertThat(answer.kind()).isEqualTo("TokenRequest");
    assertThat(answer.name()).isEqualTo("bot");
    assertThat(Json.text(answer.spec()))
        .isEqualTo("{\"audiences\":[\"vault\"],\"expirationSeconds\":600,\"boundObjectRef\":null}");
    assertThat(Instant.parse(answer.at("/status/expirationTimestamp").asString()))
        .isBetween(server.host.now().plusSeconds(598), server.host.now().plusSeconds(600));
  }

  @Test
  void claimsAreThoseOfUpstream() {
    var claims = Token.parse(token("{}")).orElseThrow().claims();
    assertThat(claims.path("iss").asString()).isEqualTo(AccountTokens.ISSUER);
    assertThat(claims.path("sub").asString()).isEqualTo("system:serviceaccount:default:bot");
    assertThat(claims.path("aud")).isEqualTo(Json.parse("[\"" + AccountTokens.ISSUER + "\"]"));
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(3600);
    assertThat(claims.at("/kubernetes.io/serviceaccount/uid").asString()).isEqualTo(account.uid());
    assertThat(claims.at("/kubernetes.io/namespace").asString()).isEqualTo("default");
  }

  @Test
  void itEnds() {
    var token = token("{'expirationSeconds':600}");
    pass(Duration.ofSeconds(599));
    assertThat(caller(token).user()).endsWith(":bot");
    pass(Duration.ofSeconds(2));
    assertThat(fault(token)).startsWith("service account token has expired at ");
  }

  @Test
  void itDiesWithItsAccountAndDoesNotLiveAgainInASecondOne() {
    var token = token("{}");
    assertThat(caller(token).user()).endsWith(":bot");
    server.client.delete(ACCOUNTS, BOT, null);
    assertThat(fault(token)).contains("died with its object in serviceaccounts: default/bot");
    server.client.create(ACCOUNTS, ApiObject.named(ACCOUNTS, "default", "bot"));
    assertThat(fault(token)).contains("died with its object");
  }

  @Test
  void itDiesWithTheSecretItIsBoundTo() {
    var secret = server.client.create(SECRETS, ApiObject.named(SECRETS, "default", "life"));
    var token = token("{'boundObjectRef':{'kind':'Secret','apiVersion':'v1','name':'life'}}");
    assertThat(caller(token).user()).endsWith(":bot");
    server.client.delete(SECRETS, secret.key(), null);
    assertThat(fault(token)).contains("died with its object in secrets: default/life");
  }

  @Test
  void itIsNotBoundToWhatIsNotThatObject() {
    server.client.create(SECRETS, ApiObject.named(SECRETS, "default", "life"));
    var reference = "{'boundObjectRef':{'kind':'%s','apiVersion':'v1','name':'%s','uid':'%s'}}";
    assertThat(refusal(() -> token(reference.formatted("Secret", "none", ""))).code())
        .isEqualTo(404);
    assertThat(refusal(() -> token(reference.formatted("Pod", "p", ""))))
        .hasMessageContaining("cannot bind token for serviceaccount \"bot\" to v1 Pod");
    assertThat(refusal(() -> token(reference.formatted("Secret", "life", "other"))))
        .hasMessageContaining("does not match the UID in record");
  }

  @Test
  void anAudienceIsKept() {
    var token = token("{'audiences':['vault','other']}");
    assertThat(fault(token)).contains("is invalid for the target audiences");
    var proof = server.authentication.review(token, List.of("vault", "more"));
    assertThat(proof.orElseThrow().audiences()).containsExactly("vault");
  }

  @Test
  void tooShortAndTooLongLivesAreRefusedOrCut() {
    assertThat(refusal(() -> token("{'expirationSeconds':599}")))
        .hasMessageContaining("may not specify a duration less than 10 minutes");
    assertThat(refusal(() -> token("{'expirationSeconds':4294967297}")))
        .hasMessageContaining("larger than 2^32 seconds");
    assertThat(request("{'expirationSeconds':4294967296}").at("/spec/expirationSeconds").asLong())
        .isEqualTo(AccountTokens.LIFETIME_MAX.toSeconds());
  }

  @Test
  void aTokenOfAnotherServerIsRefused() {
    var foreign =
        new AccountTokens(server.host, AccountKeys.fresh(server.host), server.store::view)
            .issue(
                account,
                null,
                List.of(AccountTokens.ISSUER),
                server.host.now(),
                server.host.now().plusSeconds(600));
    assertThat(fault(foreign)).contains("is not signed by this server");
    assertThat(server.authentication.review("no token", List.of())).isEmpty();
  }

  @Test
  void onlyWhoMayCreatesTokens() {
    var stranger = new LocalClient(server.api, Caller.of("stranger"));
    assertThat(refusal(() -> stranger.ask(ACCOUNTS, BOT, "token", object("{}"))))
        .hasMessageContaining("cannot create resource \"serviceaccounts/token\"");
  }

  @Test
  void tokenReviewTellsWhoseTokenItIs() {
    var reviews =
        ResourceType.of("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", false);
    var good = server.client.create(reviews, object("{'spec':{'token':'" + token("{}") + "'}}"));
    assertThat(good.at("/status/authenticated").asBoolean()).isTrue();
    assertThat(good.at("/status/user/username").asString())
        .isEqualTo("system:serviceaccount:default:bot");
    assertThat(good.at("/status/audiences")).hasSize(1);
    var other =
        server.client.create(
            reviews, object("{'spec':{'token':'" + token("{}") + "','audiences':['vault']}}"));
    assertThat(other.at("/status/authenticated").asBoolean(false)).isFalse();
    assertThat(other.at("/status/error").asString()).contains("target audiences [vault]");
    var unknown = server.client.create(reviews, object("{'spec':{'token':'x'}}"));
    assertThat(unknown.status()).isEqualTo(Json.parse("{\"user\":{}}"));
    assertThat(refusal(() -> server.client.create(reviews, object("{'spec':{}}"))))
        .hasMessageContaining("token is required");
  }

  @Test
  void selfSubjectReviewTellsWhoOneIs() {
    var type =
        ResourceType.of(
            "authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", false);
    var caller =
        new Caller("jane", "u-1", List.of(Caller.AUTHENTICATED), Map.of("k", List.of("v")));
    var review = new LocalClient(server.api, caller).create(type, object("{}"));
    assertThat(review.at("/status/userInfo"))
        .isEqualTo(
            Json.parse(
                """
                {"username": "jane", "uid": "u-1", "groups": ["system:authenticated"],
                 "extra": {"k": ["v"]}}\
                """));
  }

  @Test
  void keysRotateAndOldTokensStayGoodUntilTheirTimeIsOver() {
    var folder = Path.of("/keys");
    var keys = FileAccountKeys.open(server.host, folder);
    var tokens = new AccountTokens(server.host, keys, server.store::view);
    var first = keys.signing().id();
    var now = server.host.now();
    var old =
        tokens.issue(
            account,
            null,
            List.of(AccountTokens.ISSUER),
            now,
            now.plus(AccountTokens.LIFETIME_MAX));
    pass(Duration.ofDays(91));
    assertThat(keys.signing().id()).isNotEqualTo(first);
    assertThat(tokens.prove(old, List.of())).isPresent();
    // Another process on the same folder believes the same keys.
    var again = FileAccountKeys.open(server.host, folder);
    assertThat(again.signing().id()).isEqualTo(keys.signing().id());
    assertThat(again.believed().toJson()).isEqualTo(keys.believed().toJson());
    assertThat(again.believed().toJson().path("keys")).hasSize(2);
  }

  @Test
  void anUnusableKeyFileIsNamedWithTheRemedy() {
    var file = Path.of("/broken/12.key");
    server.host.disk().write(file, new byte[] {1, 2, 3});
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> FileAccountKeys.open(server.host, Path.of("/broken"))))
        .hasMessageContaining("/broken/12.key")
        .hasMessageContaining("restore the file, or remove it");
  }

  @Test
  void thePlanOfKeysIsPure() {
    var start = Instant.parse("2026-01-01T00:00:00Z");
    var day = Duration.ofDays(1);
    assertThat(FileAccountKeys.plan(List.of(), start).makeNew()).isTrue();
    assertThat(FileAccountKeys.plan(List.of(start), start.plus(day.multipliedBy(90))).makeNew())
        .isFalse();
    assertThat(FileAccountKeys.plan(List.of(start), start.plus(day.multipliedBy(91))).makeNew())
        .isTrue();
    var second = start.plus(day.multipliedBy(91));
    var both = List.of(start, second);
    assertThat(FileAccountKeys.plan(both, second.plus(AccountTokens.LIFETIME_MAX)).remove())
        .isEmpty();
    assertThat(
            FileAccountKeys.plan(both, second.plus(AccountTokens.LIFETIME_MAX).plusSeconds(1))
                .remove())
        .containsExactly(start);
  }

  @Test
  void theIssuerDocumentsTellHowToCheckTokens() {
    var pages = IssuerDocuments.of(server.tokens);
    var configuration =
        Json.parse(pages.get("/.well-known/openid-configuration").body().apply("hub.example:6443"));
    assertThat(configuration.path("issuer").asString()).isEqualTo(AccountTokens.ISSUER);
    assertThat(configuration.path("jwks_uri").asString())
        .isEqualTo("https://hub.example:6443/openid/v1/jwks");
    var set = KeySet.read(Json.parse(pages.get("/openid/v1/jwks").body().apply("")));
    assertThat(Optional.of(token("{}")).flatMap(Token::parse).map(set::verify)).contains(true);
  }
}
