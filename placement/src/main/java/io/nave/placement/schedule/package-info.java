/// Deciding where things run, without I/O and without a clock.
///
/// Start at [Scheduler]: one Placement, compiled to a [Program], against an [Estate] of clusters
/// ([ClusterRow] in a [Fleet]), scores ([ScoreBook]) and others' decisions ([Ledger]). Its steps
/// are [Filters] with [Tolerance], [Scores], [Spread], [MoveBudget] and [Groups]; its [Result]
/// keeps every filter's survivors and every score, and gives the [Schedule] that is written.
///
/// [Engine] keeps the schedules of all Placements true while the world changes, and looks only at
/// those a change can touch ([Pools]); [Explanation] says why, [WhatIf] what would be.
///
/// Rules and texts: spec/ocm-behaviour.md §5. Nothing here is thread-safe but the records.
@NullMarked
package io.nave.placement.schedule;

import org.jspecify.annotations.NullMarked;
