/// The front door: TLS, who, may they, is it valid, store it, watch it.
///
/// Start at [Api]: the verbs, asked by a [Caller] and guarded by an [Authorizer]. `registry` holds
/// their implementation on a store; [LocalClient] gives them to controllers of this process; `http`
/// gives them to any transport, over HTTPS for real; `protobuf` reads the bodies of generated
/// clients, `authn` finds out who asks. `rbac` says who may, `admission` what rules reach across
/// kinds, `webhooks` and `policies` rules that stand in the store (`matching` says which requests
/// they are about), `kinds` what every server serves, `definitions` the kinds that come and go,
/// `upkeep` what a server does on its own. A feature that answers questions about its objects plugs
/// in a [Subresource].
///
/// ```java
/// var rbac = new Rbac(host, store);
/// var types = new ArrayList<>(CoreKinds.all(rbac));
/// types.add(ServedType.of(ManagedCluster.class));
/// var api = new Registry(host, store, types, rbac, List.of());
/// Bootstrap.run(new LocalClient(api, Caller.system("bootstrap")), Bootstrap.HUB_NAMESPACES);
/// hub.open(Upkeep.start(host, store, api, meters));
/// ```
@NullMarked
package io.nave.apiserver;

import org.jspecify.annotations.NullMarked;
