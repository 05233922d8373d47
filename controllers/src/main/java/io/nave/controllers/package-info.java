/// How controllers see the world and act on it.
///
/// Start at [ApiClient], the one way to the API. [RemoteClient] is it over a
/// [io.nave.runtime.Transport]: [HttpsTransport] is the one for real servers, [TokenTransport] adds
/// an identity to a simulated one; [Kubeconfig] says where and who, and [KubeconfigFile] reads it
/// from files of any making. [Discovery] asks a server which kinds it has. Only [Fabric8Login]
/// touches fabric8.
///
/// [Reconciler] and [Outcome] are what a controller writes, [Controller] is the loop that runs it,
/// [Cache] the local copy it reads, [Statuses] (by [MergeDiff]) how it reports.
@NullMarked
package io.nave.controllers;

import org.jspecify.annotations.NullMarked;
