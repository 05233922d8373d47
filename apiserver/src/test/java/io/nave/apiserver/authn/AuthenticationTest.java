package io.nave.apiserver.authn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.Caller;
import io.nave.apiserver.http.StillHost;
import io.nave.certs.Authority;
import io.nave.certs.Credential;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.certs.TrustBundle;
import io.nave.runtime.Service.Peer;
import io.nave.runtime.Transport.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
  private static final ResourceType SECRETS = ResourceType.of("", "v1", "Secret", "secrets", true);
  private static final String TOKEN = "abcdef.0123456789abcdef";
  private static final Peer NOBODY = new Peer(List.of(), "10.0.0.1:1");

  private final StillHost host = new StillHost();
  private final Map<Key, ApiObject> secrets = new TreeMap<>();
  private final BootstrapTokens bootstrap =
      new BootstrapTokens(key -> Optional.ofNullable(secrets.get(key)), host);

  private static Request with(String authorization) {
    var headers =
        authorization.isEmpty() ? Map.<String, String>of() : Map.of("authorization", authorization);
    return new Request("GET", "/api", headers, new byte[0]);
  }

  private Map<String, String> goodToken() {
    var data = new TreeMap<String, String>();
    data.put("token-id", "abcdef");
    data.put("token-secret", "0123456789abcdef");
    data.put("usage-bootstrap-authentication", "true");
    data.put("expiration", StillHost.START.plus(Duration.ofHours(1)).toString());
    data.put("auth-extra-groups", "system:bootstrappers:agents, system:bootstrappers:x");
    return data;
  }

  private void store(Map<String, String> data, String type) {
    var secret =
        ApiObject.named(SECRETS, "kube-system", "bootstrap-token-abcdef")
            .edit(json -> {
              json.put("type", type);
              var encoded = json.putObject("data");
              data.forEach((name, value) ->
                  encoded.put(
                      name,
                      Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
            });
    secrets.put(secret.key(), secret);
  }

  @Test
  void aBootstrapTokenIsItsIdAndGroups() {
    store(goodToken(), BootstrapTokens.TYPE);
    var caller = bootstrap.authenticate(with("Bearer " + TOKEN), NOBODY).orElseThrow();
    assertThat(caller.user()).isEqualTo("system:bootstrap:abcdef");
    assertThat(caller.groups())
        .containsExactly(
            "system:bootstrappers", "system:bootstrappers:agents", "system:bootstrappers:x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abcdef.0123456789abcdee",
        "abcdee.0123456789abcdef",
        "ABCDEF.0123456789abcdef",
        "abcdef",
        "x"
      })
  void anUnknownTokenIsToldSo(String token) {
    store(goodToken(), BootstrapTokens.TYPE);
    assertThatThrownBy(() -> bootstrap.authenticate(with("Bearer " + token), NOBODY))
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(401))
        .hasMessageStartingWith("the token is not known to this hub")
        .hasMessageNotContaining(token.length() > 6 ? token : "\u0000");
  }

  @ParameterizedTest
  @CsvSource({
    "token-id, abcdeg, the token is not known to this hub",
    "expiration, 2026-11-22T11:59:59Z, the bootstrap token expired at 2026-11-22T11:59:59Z; get a",
    "expiration, 2026-11-22T12:00:00Z, the bootstrap token expired at 2026-11-22T12:00:00Z; get a",
    "expiration, tomorrow, the bootstrap token expired at tomorrow; get a new one",
    "usage-bootstrap-authentication, false, the bootstrap token may not be used to authenticate",
    "usage-bootstrap-authentication, '', the bootstrap token may not be used to authenticate",
    "auth-extra-groups, system:masters, the bootstrap token's Secret names a group outside",
  })
  void aTokenIsGoodOnlyAsItsSecretSays(String field, String value, String message) {
    var data = goodToken();
    data.put(field, value);
    store(data, BootstrapTokens.TYPE);
    assertThatThrownBy(() -> bootstrap.authenticate(with("Bearer " + TOKEN), NOBODY))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.is(ApiError.Reason.UNAUTHORIZED)).isTrue())
        .hasMessageStartingWith(message);
  }

  @Test
  void onlyBootstrapSecretsAreTokens() {
    store(goodToken(), "Opaque");
    assertThatThrownBy(() -> bootstrap.authenticate(with("Bearer " + TOKEN), NOBODY))
        .hasMessageContaining("not known");
  }

  @Test
  void aTokenWithoutAnEndNeverEnds() {
    var data = goodToken();
    data.remove("expiration");
    store(data, BootstrapTokens.TYPE);
    host.pass(Duration.ofDays(10_000));
    assertThat(bootstrap.authenticate(with("bearer " + TOKEN), NOBODY)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Basic abc", "Bearer ", "Token x"})
  void whoShowsNoTokenIsNobodyYet(String header) {
    assertThat(bootstrap.authenticate(with(header), NOBODY)).isEmpty();
    var chain = new Authentication(bootstrap);
    assertThatThrownBy(() -> chain.require(with(header), NOBODY))
        .hasMessageContaining("anonymous requests are not served");
  }

  @Test
  void staticTokensAreKnownByTheirHash() {
    var tokens = new StaticTokens(Map.of("s3cret", Caller.of("practice", Caller.MASTERS)));
    assertThat(tokens.authenticate(with("Bearer s3cret"), NOBODY)).isPresent();
    assertThat(tokens.authenticate(with("Bearer other"), NOBODY)).isEmpty();
    assertThat(tokens.toString()).doesNotContain("s3cret");
  }

  @Test
  void everyoneAuthenticatedIsInTheGroup() {
    var chain = new Authentication(new StaticTokens(Map.of("t", Caller.of("u", "g"))));
    assertThat(chain.require(with("Bearer t"), NOBODY).groups())
        .containsExactly("g", "system:authenticated");
  }

  private final Authority authority = Authority.create(host, "hub", Duration.ofDays(365));
  private final AtomicReference<TrustBundle> trust = new AtomicReference<>(authority.bundle());
  private final ClientCertificates certificates = new ClientCertificates(trust::get, host);

  private Credential client(Duration lifetime) {
    return authority.issueClient(
        new Identity("system:open-cluster-management:east:agent", List.of("g1", "g2")),
        KeyPairs.generate(host.secureRandom()),
        lifetime);
  }

  private static Peer peer(Credential credential) {
    return new Peer(credential.chain(), "10.0.0.1:1");
  }

  @Test
  void aCertificateIsItsNameAndOrganisations() {
    var caller =
        certificates.authenticate(with(""), peer(client(Duration.ofHours(1)))).orElseThrow();
    assertThat(caller.user()).isEqualTo("system:open-cluster-management:east:agent");
    assertThat(caller.groups()).containsExactly("g1", "g2");
  }

  @Test
  void aCertificateEndsInTheMiddleOfAConnection() {
    var peer = peer(client(Duration.ofSeconds(90)));
    assertThat(certificates.authenticate(with(""), peer)).isPresent();
    host.pass(Duration.ofSeconds(30));
    assertThat(certificates.authenticate(with(""), peer)).isPresent();
    host.pass(Duration.ofSeconds(61));
    assertThatThrownBy(() -> certificates.authenticate(with(""), peer))
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(401))
        .hasMessageContaining("expired at")
        .hasMessageContaining("bootstrap token");
  }

  @Test
  void aCertificateIsNotBelievedBeforeItsTimeThoughItWasBefore() {
    var peer = peer(client(Duration.ofDays(30)));
    assertThat(certificates.authenticate(with(""), peer)).isPresent();
    host.pass(Duration.ofDays(29));
    assertThat(certificates.authenticate(with(""), peer)).isPresent();
    host.pass(Duration.ofDays(-90));
    assertThatThrownBy(() -> certificates.authenticate(with(""), peer))
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(401));
  }

  @Test
  void anAuthorityTakenOutOfTheBundleIsNotBelievedAMomentLonger() {
    var peer = peer(client(Duration.ofHours(1)));
    assertThat(certificates.authenticate(with(""), peer)).isPresent();
    trust.set(Authority.create(host, "other", Duration.ofDays(1)).bundle());
    assertThatThrownBy(() -> certificates.authenticate(with(""), peer))
        .hasMessageContaining("not accepted");
  }

  @Test
  void aGoodTokenBesideAnExpiredCertificateIsBelieved() {
    store(goodToken(), BootstrapTokens.TYPE);
    var peer = peer(client(Duration.ofSeconds(30)));
    host.pass(Duration.ofMinutes(10));
    var chain = new Authentication(certificates, bootstrap);
    assertThat(chain.require(with("Bearer " + TOKEN), peer).user())
        .isEqualTo("system:bootstrap:abcdef");
    assertThatThrownBy(() -> chain.require(with(""), peer)).hasMessageContaining("expired at");
  }
}
