package io.nave.apiserver.upkeep;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.kinds.ServiceAccount;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;

/// Gives every namespace its service account `default`, as kube-controller-manager does, for
/// servers on which something runs.
///
/// - Reads: the namespace, its account.
/// - Writes: creates the account.
/// - Safe to repeat: an account that is there stays as it is.
final class DefaultAccounts implements Reconciler {
  static final ResourceType ACCOUNTS = ResourceType.of(ServiceAccount.class);

  private static final String NAME = "default";

  private final ApiClient client;

  DefaultAccounts(ApiClient client) {
    this.client = client;
  }

  @Override
  public Outcome reconcile(Key key) {
    var namespace = client.find(NamespaceReconciler.NAMESPACES, key).orElse(null);
    if (namespace == null
        || namespace.deleting()
        || client.find(ACCOUNTS, Key.of(key.name(), NAME)).isPresent()) {
      return new Outcome.Settled();
    }
    try {
      client.create(ACCOUNTS, ApiObject.named(ACCOUNTS, key.name(), NAME));
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.ALREADY_EXISTS) && !e.is(ApiError.Reason.FORBIDDEN)) {
        throw e;
      }
      // Made by somebody else, or the namespace began to go in between.
    }
    return new Outcome.Settled();
  }
}
