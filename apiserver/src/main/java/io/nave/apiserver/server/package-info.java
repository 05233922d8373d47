/// One API server put together: store, rights, verbs, upkeep and front door. [ApiServer] is the
/// whole of it but its socket, so that a hub, a practice cluster and a simulated hub are the same
/// thing; [io.nave.apiserver.http.HttpsServer] gives it to the network, `StoreCheck` tells its
/// health page of the store. [InMemoryApi] is the least of it: objects and verbs, for the simulated
/// worlds of tests.
@NullMarked
package io.nave.apiserver.server;

import org.jspecify.annotations.NullMarked;
