package io.nave.apiserver.upkeep;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.runtime.Host;
import io.nave.store.Store;
import java.util.List;

/// The controllers without which a server is no Kubernetes: deleted namespaces are emptied, objects
/// go with their owners, old events and certificate requests go, and aggregated roles show their
/// rules. Runs where one replica runs its controllers.
public final class Upkeep implements AutoCloseable {
  private final Cache<ApiObject> namespaces;
  private final Controller emptying;
  private final GarbageCollector collector;
  private final Controller collecting;
  private final Controller expiring;
  private final RoleAggregation aggregation;

  private Upkeep(
      Cache<ApiObject> namespaces,
      Controller emptying,
      GarbageCollector collector,
      Controller collecting,
      Controller expiring,
      RoleAggregation aggregation) {
    this.namespaces = namespaces;
    this.emptying = emptying;
    this.collector = collector;
    this.collecting = collecting;
    this.expiring = expiring;
    this.aggregation = aggregation;
  }

  public static Upkeep start(Host host, Store store, Api api, MeterRegistry meters) {
    var kept = kept(api);
    var emptier = new LocalClient(api, Caller.system("controller:namespace"));
    var namespaces = Cache.of(host, emptier, Cache.Scope.all(NamespaceReconciler.NAMESPACES));
    var emptying =
        new Controller(
            host,
            "namespace",
            new NamespaceReconciler(emptier, kept),
            Controller.Options.workers(1),
            meters);
    emptying.follow(namespaces, change -> List.of(change.key()));
    var cleaner = new LocalClient(api, Caller.system("controller:garbage-collector"));
    var collector = new GarbageCollector(host, store, cleaner, kept);
    var collecting =
        new Controller(host, "garbage-collector", collector, Controller.Options.workers(1), meters);
    collector.follow(collecting::enqueue);
    var expiry = new Expiry(host, new LocalClient(api, Caller.system("controller:expiry")));
    var expiring = new Controller(host, "expiry", expiry, Controller.Options.workers(1), meters);
    expiring.enqueue(Expiry.EVENTS);
    expiring.enqueue(Expiry.REQUESTS);
    var adder = new LocalClient(api, Caller.system("controller:clusterrole-aggregation"));
    return new Upkeep(
        namespaces.start(),
        emptying.start(),
        collector,
        collecting.start(),
        expiring.start(),
        new RoleAggregation(host, adder, meters));
  }

  /// The types that objects are stored of.
  private static List<ResourceType> kept(Api api) {
    return api.types().stream().filter(type -> api.verbs(type, "").contains("delete")).toList();
  }

  @Override
  public void close() {
    aggregation.close();
    expiring.close();
    collecting.close();
    collector.close();
    emptying.close();
    namespaces.close();
  }
}
