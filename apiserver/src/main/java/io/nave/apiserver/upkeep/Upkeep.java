package io.nave.apiserver.upkeep;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.definitions.CustomResourceDefinition;
import io.nave.apiserver.definitions.DefinitionReconciler;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.store.Store;
import java.util.LinkedHashMap;
import java.util.List;

/// The controllers without which a server is no Kubernetes: deleted namespaces are emptied, objects
/// go with their owners, old events and certificate requests go, and aggregated roles show their
/// rules, policies what is doubtful of them, Secrets for tokens of accounts are filled. Runs where
/// one replica runs its controllers.
public final class Upkeep implements AutoCloseable {
  private final Parts parts = new Parts();

  private Upkeep() {}

  public static Upkeep start(Host host, Store store, Api api, MeterRegistry meters) {
    var upkeep = new Upkeep();
    upkeep.namespaces(host, api, meters);
    upkeep.garbage(host, store, api, meters);
    upkeep.expiry(host, api, meters);
    upkeep.aggregation(host, api, meters);
    upkeep.definitions(host, api, meters);
    upkeep.policies(host, api, meters);
    upkeep.tokens(host, api, meters);
    return upkeep;
  }

  private void namespaces(Host host, Api api, MeterRegistry meters) {
    var emptier = new LocalClient(api, Caller.system("controller:namespace"));
    var namespaces = Cache.of(host, emptier, Cache.Scope.all(NamespaceReconciler.NAMESPACES));
    var emptying =
        new Controller(
            host,
            "namespace",
            new NamespaceReconciler(host, emptier, () -> kept(api)),
            Controller.Options.workers(1),
            meters);
    emptying.follow(namespaces, change -> List.of(change.key()));
    parts.open(namespaces.start());
    parts.open(emptying.start());
  }

  private void garbage(Host host, Store store, Api api, MeterRegistry meters) {
    var cleaner = new LocalClient(api, Caller.system("controller:garbage-collector"));
    var collector = new GarbageCollector(host, store, cleaner, () -> kept(api));
    var collecting =
        new Controller(host, "garbage-collector", collector, Controller.Options.workers(1), meters);
    parts.open(collector.follow(collecting::enqueue));
    parts.open(api.onServe(collector::refresh)::run);
    parts.open(collecting.start());
  }

  private void expiry(Host host, Api api, MeterRegistry meters) {
    var expiry = new Expiry(host, new LocalClient(api, Caller.system("controller:expiry")));
    var expiring = new Controller(host, "expiry", expiry, Controller.Options.workers(1), meters);
    expiring.enqueue(Expiry.EVENTS);
    expiring.enqueue(Expiry.REQUESTS);
    parts.open(expiring.start());
  }

  private void aggregation(Host host, Api api, MeterRegistry meters) {
    var adder = new LocalClient(api, Caller.system("controller:clusterrole-aggregation"));
    parts.open(new RoleAggregation(host, adder, meters));
  }

  private void policies(Host host, Api api, MeterRegistry meters) {
    if (api.types().contains(PolicyStatus.POLICIES)) {
      var who = Caller.system("controller:validatingadmissionpolicy-status");
      parts.open(new PolicyStatus(host, new LocalClient(api, who), api, meters));
    }
  }

  private void tokens(Host host, Api api, MeterRegistry meters) {
    var accounts = DefaultAccounts.ACCOUNTS;
    if (api.types().contains(accounts) && api.subresources(accounts).contains("token")) {
      var filler = new LocalClient(api, Caller.system("controller:service-account-token"));
      parts.open(new TokenSecrets(host, filler, meters));
    }
  }

  private void definitions(Host host, Api api, MeterRegistry meters) {
    if (!api.types().contains(CustomResourceDefinition.TYPE)) {
      return;
    }
    var client = new LocalClient(api, Caller.system("controller:customresourcedefinition"));
    var definitions = Cache.of(host, client, CustomResourceDefinition.class);
    var reconciler = DefinitionReconciler.of(host, client, api, definitions);
    var defining =
        new Controller(
            host, "customresourcedefinition", reconciler, Controller.Options.workers(1), meters);
    defining.follow(definitions, change -> reconciler.concerned(change.key()));
    parts.open(definitions.start());
    parts.open(defining.startAfter(definitions));
  }

  /// The types that objects are stored of, each once: in one of its versions.
  private static List<ResourceType> kept(Api api) {
    var kept = new LinkedHashMap<String, ResourceType>();
    for (var type : api.types()) {
      if (api.verbs(type, "").contains("delete")) {
        kept.putIfAbsent(type.resource(), type);
      }
    }
    return List.copyOf(kept.values());
  }

  @Override
  public void close() {
    parts.close();
  }
}
