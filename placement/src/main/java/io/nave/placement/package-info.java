/// Where things run.
///
/// What is decided, and why, is `io.nave.placement.schedule`: pure. Here is what carries it:
/// [PlacementHub] starts all, [EngineRoom] keeps the engine behind its lock and tells it what the
/// caches see, [PlacementReconciler] writes the PlacementDecisions of a Placement in one commit
/// ([Decisions] are the objects, [OwnWrites] what the cache does not show yet, [HubPlacementWorld]
/// the hub), [DecisionEvents] tells of it, [CelExpressions] evaluates CEL selectors.
/// [PlacementDesk] answers why and what if, with the [AffectedWorks] that [WorkNames] names.
///
/// Rules and texts: spec/ocm-behaviour.md §5.
@NullMarked
package io.nave.placement;

import org.jspecify.annotations.NullMarked;
