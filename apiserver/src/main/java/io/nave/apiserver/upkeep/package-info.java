/// What a server does on its own: [Bootstrap] before anybody comes, and the controllers that
/// [Upkeep] starts, [NamespaceReconciler], [GarbageCollector] (with [Farewell]) and [Expiry];
/// [Accounts] where a server has default service accounts. `RoleAggregation` and `PolicyStatus`
/// write into roles and policies what they amount to, `TokenSecrets` into Secrets the tokens they
/// are there for.
@NullMarked
package io.nave.apiserver.upkeep;

import org.jspecify.annotations.NullMarked;
