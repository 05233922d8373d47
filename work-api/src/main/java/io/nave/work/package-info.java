/// What hub and agent share about work (spec/ocm-behaviour.md §2.9, §2.10, §6, §7.1).
///
/// Start at [ManifestWork]: what one cluster must run and how it went. [AppliedManifestWork] is the
/// agent's own record in that cluster. [WorkAdmission] says what the hub refuses. For the agent:
/// [ApplyOrder] (what first), [ManifestOptions] (how each), [ManifestMerge] (what to write over
/// what is there), [Ownership] and [OrphanRule] (what goes when the work goes), [StatusFeedback]
/// and [WorkStatus] (what is told to the hub).
///
/// Everything here is pure: no clock, no client, no state.
@NullMarked
package io.nave.work;

import org.jspecify.annotations.NullMarked;
