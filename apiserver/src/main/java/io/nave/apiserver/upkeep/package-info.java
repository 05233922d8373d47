/// What a server does on its own: [Bootstrap] before anybody comes, and the controllers that
/// [Upkeep] starts, [NamespaceReconciler], [GarbageCollector] (with [Farewell]) and [Expiry];
/// [Accounts] where a server has default service accounts.
@NullMarked
package io.nave.apiserver.upkeep;

import org.jspecify.annotations.NullMarked;
