/// How controllers see the world and act on it.
///
/// Start at [ApiClient], the one way to the API. [RemoteClient] is it over a
/// [io.nave.runtime.Transport]: [Fabric8Transport] is the one for real servers (the only class here
/// with connections), [TokenTransport] adds an identity to a simulated one; [Kubeconfig] says where
/// and who. [Discovery] asks a server which kinds it has.
///
/// [Reconciler] and [Outcome] are what a controller writes, [Controller] is the loop that runs it,
/// [Cache] the local copy it reads, [Statuses] (by [MergeDiff]) how it reports.
@NullMarked
package io.nave.controllers;

import org.jspecify.annotations.NullMarked;
