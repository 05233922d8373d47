/// Applies the works of one cluster and reports how that went (spec/ocm-behaviour.md §6).
///
/// Start at [WorkAgent], the wiring. [WorkReconciler] is handed the name of a work and brings the
/// cluster to what the work says; its first step, [Decision], is pure. It leans on [WorkBook] (what
/// survives a restart, and the absence of the hub; [KeptWork] by [KeptWork], as bytes), [WorkPass]
/// and [ManifestApplier] (applying), [AppliedRecords] (the record in the cluster of what was
/// applied; [RecordsInConfigMaps] on old clusters), [Cleaner] (removing), [Watched] (seeing drift
/// and feedback at once), [HubReport] (what the hub is told), [SwitchingClient] (the hub while
/// credentials change) and [AgentMetrics].
///
/// The rule all of it keeps: nothing of a user is removed because the hub is silent, forgot, or
/// came back empty.
@NullMarked
package io.nave.agent.work;

import org.jspecify.annotations.NullMarked;
