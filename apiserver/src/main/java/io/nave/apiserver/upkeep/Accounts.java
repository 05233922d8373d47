package io.nave.apiserver.upkeep;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import java.util.List;

/// Keeps the default service accounts, where a server has them.
public final class Accounts implements AutoCloseable {
  private final Parts parts = new Parts();

  private Accounts(Host host, Api api, MeterRegistry meters) {
    var client = new LocalClient(api, Caller.system("controller:service-account"));
    var namespaces = Cache.of(host, client, Cache.Scope.all(NamespaceReconciler.NAMESPACES));
    var accounts = Cache.of(host, client, Cache.Scope.all(DefaultAccounts.ACCOUNTS));
    var controller =
        new Controller(
            host,
            "service-account",
            new DefaultAccounts(client),
            Controller.Options.workers(1),
            meters);
    controller.follow(namespaces, change -> List.of(change.key()));
    controller.follow(accounts, Accounts::ofItsNamespace);
    parts.open(namespaces.start());
    parts.open(accounts.start());
    parts.open(controller.start());
  }

  private static List<Key> ofItsNamespace(Cache.Change<ApiObject> change) {
    return change.after() == null ? List.of(Key.of(change.key().namespace())) : List.of();
  }

  public static Accounts start(Host host, Api api, MeterRegistry meters) {
    return new Accounts(host, api, meters);
  }

  @Override
  public void close() {
    parts.close();
  }
}
