/// Deciding where things run, without I/O and without a clock.
///
/// Start at [Scheduler]: one Placement, compiled to a [Program], against an [Estate] of clusters
/// ([ClusterRow] in a [Fleet]), scores ([ScoreBook]) and what Placements hold ([Ledger]). Its steps
/// are [Filters] with [Tolerance], [Scores], [Spread], [MoveBudget], [Division] of replicas by
/// [Apportionment], and [Groups]; its [Result] keeps every filter's survivors and every score, and
/// gives the [Schedule] that is written.
///
/// [Engine] keeps the schedules of all Placements true while the world changes. A change goes to
/// the [Affected] Placements of the [Roster], found by [Pools] (one [Pool] for all Placements that
/// choose among the same sets by the same predicates) and [Bindings]; [Touch] says which of them it
/// matters to, and [Decider] decides those anew and notes in the [Timetable] when time alone will.
/// [Explanation] says why, [WhatIf] what would be.
///
/// Rules and texts: spec/ocm-behaviour.md §5. Nothing here is thread-safe but the records.
@NullMarked
package io.nave.placement.schedule;

import org.jspecify.annotations.NullMarked;
