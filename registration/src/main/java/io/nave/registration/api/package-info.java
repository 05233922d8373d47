/// The kinds of `cluster.open-cluster-management.io` that say which clusters there are:
/// [ManagedCluster], its sets and their bindings. Field by field as upstream (spec/ocm-behaviour.md
/// §2).
@NullMarked
package io.nave.registration.api;

import org.jspecify.annotations.NullMarked;
