/// In which order clusters get something new, and how much failure that order bears
/// (spec/ocm-behaviour.md §7.5). Shared by replica sets of works and by add-ons.
///
/// Start at [RolloutStrategy], what a user writes; [RolloutPlan] is the pure function from
/// strategy, decision groups and how the clusters stand to the clusters whose turn it is; [Amounts]
/// reads numbers, percentages and durations as Go programs write them.
@NullMarked
package io.nave.work.rollout;

import org.jspecify.annotations.NullMarked;
