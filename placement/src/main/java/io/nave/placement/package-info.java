/// Where things run.
///
/// Start at [Scheduler]: a pure function from clusters, sets, bindings and a Placement to a
/// [Schedule] that keeps every filter's survivors and every score. [Filters], [Scores] and [Groups]
/// are its three steps; [PlacementReconciler] reads the present, calls it, and writes the
/// PlacementDecisions of a Placement in one commit.
///
/// Rules and texts: spec/ocm-behaviour.md §5. Pure types do no I/O and read no clock.
@NullMarked
package io.nave.placement;

import org.jspecify.annotations.NullMarked;
