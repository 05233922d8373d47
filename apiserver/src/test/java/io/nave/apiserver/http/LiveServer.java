package io.nave.apiserver.http;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.Widget;
import io.nave.apiserver.accounts.AccountKeys;
import io.nave.apiserver.accounts.AccountTokens;
import io.nave.apiserver.accounts.IdentityKinds;
import io.nave.apiserver.accounts.IssuerDocuments;
import io.nave.apiserver.audit.AuditSink;
import io.nave.apiserver.authn.Authentication;
import io.nave.apiserver.authn.BootstrapTokens;
import io.nave.apiserver.authn.ClientCertificates;
import io.nave.apiserver.authn.StaticTokens;
import io.nave.apiserver.definitions.Definitions;
import io.nave.apiserver.kinds.CoreKinds;
import io.nave.apiserver.kinds.Secret;
import io.nave.apiserver.rbac.Rbac;
import io.nave.apiserver.registry.Registry;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.apiserver.upkeep.Upkeep;
import io.nave.certs.Authority;
import io.nave.certs.Credential;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.certs.KeyStores;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.RealHost;
import io.nave.runtime.Service;
import io.nave.store.EmbeddedStore;
import io.nave.store.Limits;
import io.nave.store.MemoryEngine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Everything of this module, running for real on a free port: store in memory, rules, upkeep, TLS.
final class LiveServer implements AutoCloseable {
  static final String ADMIN_TOKEN = "admin-token";

  final RealHost host = RealHost.start("live");
  final Authority authority = Authority.create(host, "live-ca", Duration.ofDays(1));
  final LocalClient admin;
  final HttpsServer server;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  LiveServer() {
    this(door -> door);
  }

  /// @param around wraps what the socket serves, to see what comes in
  LiveServer(UnaryOperator<Service> around) {
    open.push(host);
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var store = opened(EmbeddedStore.open(host, new MemoryEngine(), Limits.defaults(), meters));
    var rbac = new Rbac(host, store);
    var tokens = new AccountTokens(host, AccountKeys.fresh(host), store::view);
    var authentication =
        new Authentication(
            new ClientCertificates(authority::bundle, host),
            new StaticTokens(Map.of(ADMIN_TOKEN, Caller.of("admin", Caller.MASTERS))),
            tokens,
            new BootstrapTokens(this::secret, host));
    var types = new ArrayList<>(IdentityKinds.added(CoreKinds.all(rbac), tokens, authentication));
    types.add(ServedType.of(Widget.class));
    var definitions = Definitions.of(List.of());
    types.add(definitions.kind());
    var api = new Registry(host, store, types, rbac, List.of());
    opened(definitions.start(host, store, api));
    admin = new LocalClient(api, Caller.of("admin", Caller.MASTERS));
    Bootstrap.run(admin, Bootstrap.HUB_NAMESPACES);
    opened(Upkeep.start(host, store, api, meters));
    var door =
        new FrontDoor(
            FrontDoor.Settings.of("v1.31.0+nave"),
            api,
            authentication,
            Health.good(),
            new ApiMetrics(meters),
            host,
            IssuerDocuments.of(tokens),
            AuditSink.logger());
    var serving = authority.issueServing(List.of("127.0.0.1"), key(), Duration.ofHours(1));
    server =
        opened(
            HttpsServer.start(
                HttpsServer.Settings.of("127.0.0.1", 0), serving, around.apply(door), host));
  }

  private java.security.KeyPair key() {
    return KeyPairs.generate(host.secureRandom());
  }

  private Optional<ApiObject> secret(Key key) {
    try {
      return Optional.of(admin.get(ResourceType.of(Secret.class), key));
    } catch (ApiError e) {
      return Optional.empty();
    }
  }

  String url() {
    return "https://127.0.0.1:" + server.port();
  }

  Kubeconfig kubeconfig() {
    return Kubeconfig.of(
        "live", url(), authority.certificatePem(), new Kubeconfig.Login.Token(ADMIN_TOKEN));
  }

  Credential client(String user, String... groups) {
    return authority.issueClient(new Identity(user, List.of(groups)), key(), Duration.ofHours(1));
  }

  HttpClient https(Credential... credentials) {
    try {
      var tls = SSLContext.getInstance("TLS");
      var keys = new ArrayList<KeyManager>();
      for (var credential : credentials) {
        keys.add(KeyStores.keyManager(credential));
      }
      var trust = new TrustManager[] {KeyStores.trustManager(authority.bundle(), host)};
      tls.init(keys.toArray(KeyManager[]::new), trust, null);
      var client = HttpClient.newBuilder().sslContext(tls).build();
      open.push(client::shutdownNow);
      return client;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(URI.create(url() + target)).timeout(Duration.ofSeconds(30));
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
