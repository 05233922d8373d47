/// The kinds of `cluster.open-cluster-management.io` that say which clusters there are, and what
/// hub and agent must agree on to let one in.
///
/// Start at [ManagedCluster], then [ManagedClusterSet] and [ManagedClusterSetBinding]; field by
/// field as upstream (spec/ocm-behaviour.md §2). Of the handshake: [AgentIdentity] (the names),
/// [ClusterNames] (which are allowed), [AgentKey] (whose a name is), [SigningRequest] (the request
/// both sides read), [HubKinds] (kinds of others).
///
/// All immutable, no I/O.
@NullMarked
package io.nave.registration.api;

import org.jspecify.annotations.NullMarked;
