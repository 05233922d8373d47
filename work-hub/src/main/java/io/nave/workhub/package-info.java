/// The hub's side of work (spec/ocm-behaviour.md §7.2 to §7.5).
///
/// Start at [WorkHub], the wiring. [ReplicaSetReconciler] keeps the works of a
/// ManifestWorkReplicaSet what its template says, cluster by cluster: [SetPlan] decides whose turn
/// it is and what that takes, [SetStatus] sums up, [Child] is what is known of one work, [Turn]
/// what one cluster is to get, [HubReplicaSetWorld] reads caches and writes. [FinishedWorks]
/// removes works some time after they completed.
///
/// Placement is met only through PlacementDecision objects. Everything a set writes at one time is
/// one commit.
@NullMarked
package io.nave.workhub;

import org.jspecify.annotations.NullMarked;
