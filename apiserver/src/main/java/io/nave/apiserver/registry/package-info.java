/// The verbs of the Kubernetes API on a store.
///
/// Start at [Registry]. What it serves is a list of [ServedType]s; what is special about a kind is
/// its [Strategy]. A write goes through `Writes` (prepare), `Structure` (schema), `Metadata` and
/// `MetadataRules` (identity, times, labels) into a `Draft`, which `Commits` makes happen, all or
/// nothing and again while others are quicker, with the [Quotas] it concerns; a read through
/// `Reads`; a watch through `Watches` into a `RegistryWatch`. `Gate` asks the authorizer. [Faults]
/// and `Conflicts` hold Kubernetes' words.
///
/// Everything is immutable or belongs to one task, but for [Registry] itself, which any task may
/// call.
@NullMarked
package io.nave.apiserver.registry;

import org.jspecify.annotations.NullMarked;
