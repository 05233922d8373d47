package io.nave.placement.schedule;

import io.nave.placement.schedule.Program.Prioritizer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// What came of scheduling one Placement, with all it takes to explain it. Cluster numbers are good
/// until the fleet changes.
///
/// @param candidates members of eligible sets
/// @param matched what the predicates left of them
/// @param survivors what the taints left of these
/// @param held what was chosen before
/// @param ranked the survivors, best first
/// @param scores for each prioritizer the score of each of `ranked`; empty when nothing asked
/// @param totals the weighted sums, as `ranked`
/// @param chosen the chosen clusters, best first
/// @param replicas of each of `chosen`; empty when none are divided
/// @param waiting how many of them are kept only because the budget of moves is spent
/// @param scoresDue when a score or a window of moves runs out; null: never
record Result(
    RoaringBitmap candidates,
    RoaringBitmap matched,
    RoaringBitmap survivors,
    RoaringBitmap held,
    int[] ranked,
    List<Prioritizer> prioritizers,
    List<int[]> scores,
    int[] totals,
    int[] chosen,
    int[] replicas,
    int waiting,
    @Nullable Instant scoresDue,
    Schedule schedule) {}
