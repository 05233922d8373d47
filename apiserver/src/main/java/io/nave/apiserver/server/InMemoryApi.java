package io.nave.apiserver.server;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.kinds.CoreKinds;
import io.nave.apiserver.rbac.Rbac;
import io.nave.apiserver.registry.Registry;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.runtime.Host;
import io.nave.store.EmbeddedStore;
import io.nave.store.Limits;
import io.nave.store.MemoryEngine;
import io.nave.store.Store;
import java.util.ArrayList;
import java.util.List;

/// A whole API without socket or disk: the world that tests and simulations run controllers and
/// agents in, on a simulated host.
///
/// ```java
/// var cluster = InMemoryApi.open(host, List.of(ServedType.of(AppliedManifestWork.class)),
///     List.of(), List.of("default"));
/// var client = cluster.administrator();
/// ```
///
/// @param registry what it serves: the core kinds, RBAC among them, and those it was opened with
public record InMemoryApi(Store store, Registry registry) implements AutoCloseable {
  /// Opens an empty one.
  ///
  /// @param kinds beside the core kinds
  /// @param admissions asked in this order about every write
  /// @param namespaces made at once
  public static InMemoryApi open(
      Host host, List<ServedType> kinds, List<Admission> admissions, List<String> namespaces) {
    var store =
        EmbeddedStore.open(host, new MemoryEngine(), Limits.defaults(), new SimpleMeterRegistry());
    var rbac = new Rbac(host, store);
    var types = new ArrayList<>(CoreKinds.all(rbac));
    types.addAll(kinds);
    var api = new InMemoryApi(store, new Registry(host, store, types, rbac, admissions));
    Bootstrap.run(api.administrator(), namespaces);
    return api;
  }

  /// A client that may do everything.
  public LocalClient administrator() {
    return as(Caller.of("admin", Caller.MASTERS, Caller.AUTHENTICATED));
  }

  /// A client as this caller.
  public LocalClient as(Caller caller) {
    return new LocalClient(registry, caller);
  }

  @Override
  public void close() {
    store.close();
  }
}
