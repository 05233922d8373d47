package io.nave.apiserver.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.accounts.AccountTokens;
import io.nave.apiserver.accounts.IdentityKinds;
import io.nave.apiserver.accounts.IssuerDocuments;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.admission.ReadRule;
import io.nave.apiserver.authn.Authentication;
import io.nave.apiserver.authn.Authenticator;
import io.nave.apiserver.authn.BootstrapTokens;
import io.nave.apiserver.definitions.Definitions;
import io.nave.apiserver.http.ApiMetrics;
import io.nave.apiserver.http.FrontDoor;
import io.nave.apiserver.http.Health;
import io.nave.apiserver.kinds.CoreKinds;
import io.nave.apiserver.oidc.OidcTokens;
import io.nave.apiserver.outbound.Calls;
import io.nave.apiserver.policies.PolicyAdmission;
import io.nave.apiserver.policies.PolicyKinds;
import io.nave.apiserver.rbac.Rbac;
import io.nave.apiserver.registry.Registry;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.upkeep.Accounts;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.apiserver.upkeep.Upkeep;
import io.nave.apiserver.webhooks.WebhookAdmission;
import io.nave.apiserver.webhooks.WebhookKinds;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.Service;
import io.nave.store.EmbeddedStore;
import io.nave.store.Engine;
import io.nave.store.Limits;
import io.nave.store.Store;
import io.nave.store.StoreKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A Kubernetes API server without its socket: the kinds of every Nave server, those it is given,
/// the namespaces' life cycle and garbage collection. Thread-safe.
public final class ApiServer implements AutoCloseable {
  /// What one server has beyond the others.
  ///
  /// @param gitVersion what `/version` tells
  /// @param namespaces there from the start
  /// @param kinds served beside the core kinds
  /// @param own kinds of the program itself that have definitions, as a user's kinds do
  /// @param admissions asked about every write, in this order
  /// @param readRule asked about every read
  /// @param authenticators ways to prove who asks, beside bootstrap and service account tokens
  /// @param security what its guards are told
  public record Setup(
      String gitVersion,
      List<String> namespaces,
      List<ServedType> kinds,
      List<ServedType> own,
      List<Admission> admissions,
      ReadRule readRule,
      List<Authenticator> authenticators,
      Security security) {
    public Setup {
      namespaces = List.copyOf(namespaces);
      kinds = List.copyOf(kinds);
      own = List.copyOf(own);
      admissions = List.copyOf(admissions);
      authenticators = List.copyOf(authenticators);
    }
  }

  private final Parts parts = new Parts();
  private final Host host;
  private final Store store;
  private final PrometheusMeterRegistry metrics;
  private final boolean defaultAccounts;
  private final Registry registry;
  private final FrontDoor door;

  private ApiServer(Host host, Store store, Setup setup, PrometheusMeterRegistry metrics) {
    this.host = host;
    this.store = parts.open(store);
    this.metrics = metrics;
    this.defaultAccounts = setup.security().defaultAccounts();
    try {
      var rbac = new Rbac(host, store);
      var security = setup.security();
      var tokens = new AccountTokens(host, security.accountKeys(), store::view);
      var calls = parts.open(new Calls(host, security.dialer()));
      var authentication = authentication(host, store, setup, tokens, calls);
      var kinds = new ArrayList<>(IdentityKinds.added(CoreKinds.all(rbac), tokens, authentication));
      kinds.addAll(WebhookKinds.all());
      kinds.addAll(PolicyKinds.all());
      kinds.addAll(setup.kinds());
      var definitions = Definitions.of(setup.own(), host, calls);
      kinds.add(definitions.kind());
      var admissions = new ArrayList<>(setup.admissions());
      admissions.add(definitions.admission());
      admissions.add(new PolicyAdmission(this::types));
      admissions.add(new WebhookAdmission(host, calls));
      registry = new Registry(host, store, kinds, rbac, admissions, setup.readRule());
      parts.open(definitions.start(host, store, registry));
      Bootstrap.run(client("bootstrap"), setup.namespaces());
      var check = new StoreCheck(host, store::running, store::latest);
      door =
          new FrontDoor(
              FrontDoor.Settings.of(setup.gitVersion()),
              registry,
              authentication,
              new Health(Map.of("store", check::runs), Map.of("store-readiness", check::answers)),
              new ApiMetrics(metrics),
              host,
              IssuerDocuments.of(tokens),
              security.audit());
    } catch (RuntimeException e) {
      throw parts.closeAfter(e);
    }
  }

  private List<ResourceType> types() {
    return registry.types();
  }

  private static Authentication authentication(
      Host host, Store store, Setup setup, AccountTokens tokens, Calls calls) {
    var links = new ArrayList<>(setup.authenticators());
    links.add(tokens);
    setup.security().oidc().forEach(issuer -> links.add(new OidcTokens(host, calls, issuer)));
    links.add(
        new BootstrapTokens(
            key -> store.view().get(new StoreKey("secrets", key.namespace(), key.name())), host));
    return new Authentication(links);
  }

  /// Opens the store, makes sure the default objects exist, starts the upkeep.
  ///
  /// @param engine closed with the server, also when starting fails
  public static ApiServer start(
      Host host, Engine engine, Setup setup, PrometheusMeterRegistry metrics) {
    var store = EmbeddedStore.open(host, engine, Limits.defaults(), metrics);
    var server = serve(host, store, setup, metrics);
    try {
      server.parts.open(server.upkeep());
      return server;
    } catch (RuntimeException e) {
      throw server.parts.closeAfter(e);
    }
  }

  /// Makes sure the default objects exist, and serves. For servers of which several share a store:
  /// one of them runs the [#upkeep].
  ///
  /// @param store closed with the server, also when starting fails
  public static ApiServer serve(
      Host host, Store store, Setup setup, PrometheusMeterRegistry metrics) {
    return new ApiServer(host, store, setup, metrics);
  }

  /// Starts what empties namespaces, collects garbage and expires events. Whoever asks closes it.
  public AutoCloseable upkeep() {
    var running = new Parts();
    running.open(Upkeep.start(host, store, registry, metrics));
    if (defaultAccounts) {
      running.open(Accounts.start(host, registry, metrics));
    }
    return running;
  }

  /// What a socket or a simulated network serves.
  public Service door() {
    return door;
  }

  public Api api() {
    return registry;
  }

  /// The API for a part of this process, such as `placement`.
  public ApiClient client(String part) {
    return new LocalClient(registry, Caller.system(part));
  }

  @Override
  public void close() {
    parts.close();
  }
}
