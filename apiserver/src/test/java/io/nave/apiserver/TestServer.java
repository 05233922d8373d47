package io.nave.apiserver;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.apiserver.accounts.AccountKeys;
import io.nave.apiserver.accounts.AccountTokens;
import io.nave.apiserver.accounts.IdentityKinds;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.authn.Authentication;
import io.nave.apiserver.definitions.Definitions;
import io.nave.apiserver.kinds.ConfigMap;
import io.nave.apiserver.kinds.CoreKinds;
import io.nave.apiserver.kinds.Namespace;
import io.nave.apiserver.outbound.Calls;
import io.nave.apiserver.outbound.Dialer;
import io.nave.apiserver.policies.PolicyAdmission;
import io.nave.apiserver.policies.PolicyKinds;
import io.nave.apiserver.rbac.Rbac;
import io.nave.apiserver.registry.Registry;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.apiserver.webhooks.WebhookAdmission;
import io.nave.apiserver.webhooks.WebhookKinds;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import io.nave.store.EmbeddedStore;
import io.nave.store.Limits;
import io.nave.store.MemoryEngine;
import io.nave.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// A registry with the core kinds and [Widget] on a store in memory, on simulated time.
public final class TestServer implements AutoCloseable {
  public static final ResourceType WIDGETS = ResourceType.of(Widget.class);
  public static final ResourceType CONFIG_MAPS = ResourceType.of(ConfigMap.class);
  public static final ResourceType NAMESPACES = ResourceType.of(Namespace.class);
  public static final Caller ADMIN = Caller.of("admin", Caller.MASTERS, Caller.AUTHENTICATED);

  public final SimWorld world = new SimWorld(7);
  public final SimHost host = world.host("hub");
  public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  public final Store store;
  public final Rbac rbac;
  public final AccountTokens tokens;
  public final Authentication authentication;
  public final Registry api;
  public final LocalClient client;
  private final Definitions definitions;
  private final Calls calls;

  /// Whom webhooks are: nobody until a test says so.
  public volatile Dialer dialer = Dialer.none();

  private TestServer(Limits limits, List<Admission> admissions, UnaryOperator<ServedType> widget) {
    store = EmbeddedStore.open(host, new MemoryEngine(), limits, meters);
    rbac = new Rbac(host, store);
    tokens = new AccountTokens(host, AccountKeys.fresh(host), store::view);
    authentication = new Authentication(tokens);
    var types = new ArrayList<>(IdentityKinds.added(CoreKinds.all(rbac), tokens, authentication));
    types.add(widget.apply(ServedType.of(Widget.class)));
    calls = new Calls(host, (base, caPem) -> dialer.dial(base, caPem));
    var definitions = Definitions.of(List.of(), host, calls);
    types.add(definitions.kind());
    types.addAll(WebhookKinds.all());
    types.addAll(PolicyKinds.all());
    var all = new ArrayList<>(admissions);
    all.add(new PolicyAdmission(this::types));
    all.add(new WebhookAdmission(host, calls));
    api = new Registry(host, store, types, rbac, all);
    this.definitions = definitions.start(host, store, api);
    client = new LocalClient(api, ADMIN);
    Bootstrap.run(client, Bootstrap.HUB_NAMESPACES);
  }

  private List<ResourceType> types() {
    return api.types();
  }

  public static TestServer start(Admission... admissions) {
    return new TestServer(Limits.defaults(), List.of(admissions), widget -> widget);
  }

  /// @param widget what becomes of the served [Widget]
  public static TestServer serving(UnaryOperator<ServedType> widget) {
    return new TestServer(Limits.defaults(), List.of(), widget);
  }

  public static TestServer withHistory(int events) {
    return new TestServer(
        Limits.defaults().withHistory(events, 1 << 20), List.of(), widget -> widget);
  }

  /// An object from JSON with single quotes.
  public static ApiObject object(String json) {
    return ApiObject.parse(Json.encode(Json.parse(json.replace('\'', '"'))));
  }

  public static Patch merge(String json) {
    return new Patch(Patch.Form.MERGE, object(json).json());
  }

  public static ApiObject widget(String name, int size) {
    return object(
        "{'metadata':{'name':'%s','namespace':'default'},'spec':{'size':%d}}"
            .formatted(name, size));
  }

  public static ApiObject configMap(String namespace, String name) {
    return object("{'metadata':{'name':'%s','namespace':'%s'}}".formatted(name, namespace));
  }

  public static Key inDefault(String name) {
    return Key.of("default", name);
  }

  public ApiObject create(ApiObject widget) {
    return client.create(WIDGETS, widget);
  }

  public ApiObject patch(String name, String subresource, String merge) {
    return client.patch(WIDGETS, inDefault(name), subresource, merge(merge));
  }

  /// Runs it on a task of the host, as what waits for others has to.
  ///
  /// @return what it returns
  public <T> T onTask(Supplier<T> work) {
    var result = new AtomicReference<T>();
    var failure = new AtomicReference<RuntimeException>();
    var task =
        host.start(
            "test",
            () -> {
              try {
                result.set(work.get());
              } catch (RuntimeException e) {
                failure.set(e);
              }
            });
    task.join(Duration.ofMinutes(10));
    if (failure.get() != null) {
      throw failure.get();
    }
    return result.get();
  }

  /// What the call is refused with; fails when it is not.
  public static ApiError refusal(ThrowingCallable call) {
    return Assertions.catchThrowableOfType(ApiError.class, call);
  }

  @Override
  public void close() {
    definitions.close();
    calls.close();
    store.close();
    world.close();
  }
}
