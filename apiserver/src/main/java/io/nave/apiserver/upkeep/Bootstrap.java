package io.nave.apiserver.upkeep;

import io.nave.api.ApiError;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.apiserver.kinds.Namespace;
import io.nave.apiserver.kinds.ServiceAccount;
import io.nave.apiserver.rbac.DefaultRoles;
import io.nave.apiserver.rbac.Reconciliation;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import java.util.ArrayList;
import java.util.List;

/// What must be there before anybody comes: the namespaces every server has, Kubernetes' default
/// roles, and the service account whose tokens upstream's tools hand to joining clusters. What is
/// there already keeps what others added to it, see [Reconciliation].
public final class Bootstrap {
  /// The namespaces of a hub.
  public static final List<String> HUB_NAMESPACES =
      List.of("default", "kube-public", "kube-system", "open-cluster-management", "vela-system");

  /// The namespaces of a plain cluster.
  public static final List<String> CLUSTER_NAMESPACES =
      List.of("default", "kube-node-lease", "kube-public", "kube-system");

  /// In the namespace of the same project, where there is one (spec §4.1).
  private static final Key JOINING =
      Key.of("open-cluster-management", "agent-registration-bootstrap");

  private Bootstrap() {}

  /// Creates what is missing and completes what lacks something, in one commit.
  public static void run(ApiClient client, List<String> namespaces) {
    try {
      create(client, namespaces);
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.ALREADY_EXISTS) && !e.is(ApiError.Reason.CONFLICT)) {
        throw e;
      }
      create(client, namespaces); // another server on the same store does the same
    }
  }

  private static void create(ApiClient client, List<String> namespaces) {
    var wanted = new ArrayList<Resource>();
    namespaces.forEach(name -> wanted.add(Namespace.named(name)));
    if (namespaces.contains(JOINING.namespace())) {
      var meta = Meta.named(JOINING.namespace(), JOINING.name());
      wanted.add(new ServiceAccount(meta, List.of(), List.of(), null));
    }
    wanted.addAll(DefaultRoles.all());
    var missing = new ArrayList<Write>();
    for (var resource : wanted) {
      var type = ResourceType.of(resource.getClass());
      var present = client.find(type, resource.key()).orElse(null);
      if (present == null) {
        missing.add(new Write.Create(type, Codec.encode(resource)));
      } else if (!(resource instanceof Namespace || resource instanceof ServiceAccount)) {
        var next = Reconciliation.of(resource, present);
        if (!next.equals(present)) {
          missing.add(new Write.Update(type, next, ""));
        }
      }
    }
    if (!missing.isEmpty()) {
      client.commit(missing);
    }
  }
}
