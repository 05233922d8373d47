package io.nave.placement.schedule;

import io.nave.placement.api.Placement.Moves;
import io.nave.placement.api.Placement.MovesMade;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Bounds how many chosen clusters a Placement leaves in one window of time (`spec.moves`).
///
/// Left first are clusters the filters removed, then the worst ranked. What waits keeps its place,
/// and as many newcomers wait with it as there are places short. A cluster that is gone, or that
/// the namespace may not use any more, is left at once and does not count.
///
/// @param selected what is chosen now, best first, what waits at the end
/// @param made what was left in the present window
/// @param waiting how many wait
/// @param until when the next may be left; null when none waits
record MoveBudget(int[] selected, @Nullable MovesMade made, int waiting, @Nullable Instant until) {

  /// @param held what was chosen so far
  /// @param candidates what may be chosen as far as sets go
  /// @param wanted what should be chosen, best first
  /// @param ranked what passed the filters, best first
  static MoveBudget apply(
      Program program,
      Ordinals ordinals,
      RoaringBitmap held,
      RoaringBitmap candidates,
      int[] wanted,
      int[] ranked,
      @Nullable MovesMade before,
      Instant now) {
    var moves = program.moves();
    if (moves == null || moves.maxPerWindow() == null || moves.maxPerWindow().isNull()) {
      return new MoveBudget(wanted, null, 0, null);
    }
    var leaving = leaving(ordinals, held, candidates, wanted, ranked);
    var made = window(moves, before, now);
    var spent = made == null ? 0 : made.count();
    var may = Math.clamp((long) most(moves, held.getCardinality()) - spent, 0, leaving.length);
    var next =
        may == 0 ? made : new MovesMade(made == null ? second(now) : made.since(), spent + may);
    if (may == leaving.length) {
      return new MoveBudget(wanted, next, 0, null);
    }
    var waiting = Arrays.copyOfRange(leaving, may, leaving.length);
    var until = next == null ? null : next.since().plusSeconds(seconds(moves));
    return new MoveBudget(withWaiting(program, held, wanted, waiting), next, waiting.length, until);
  }

  /// Those to be left, in the order in which they are.
  private static int[] leaving(
      Ordinals ordinals, RoaringBitmap held, RoaringBitmap candidates, int[] wanted, int[] ranked) {
    var left = RoaringBitmap.and(held, candidates);
    left.andNot(RoaringBitmap.bitmapOf(wanted));
    var passed = RoaringBitmap.bitmapOf(ranked);
    var removed = RoaringBitmap.andNot(left, passed).toArray();
    var ranks = ordinals.ranks();
    var inOrder =
        Arrays.stream(removed)
            .boxed()
            .sorted((a, b) -> Integer.compare(ranks[a], ranks[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    var all = Arrays.copyOf(inOrder, left.getCardinality());
    var at = inOrder.length;
    for (var i = ranked.length - 1; i >= 0; i--) {
      if (left.contains(ranked[i])) {
        all[at++] = ranked[i];
      }
    }
    return all;
  }

  private static int[] withWaiting(
      Program program, RoaringBitmap held, int[] wanted, int[] waiting) {
    var stay = (int) Arrays.stream(wanted).filter(held::contains).count();
    var room =
        program.limited() ? Math.max(0, program.limit() - stay - waiting.length) : wanted.length;
    var kept = new int[wanted.length + waiting.length];
    var size = 0;
    for (var cluster : wanted) {
      if (held.contains(cluster)) {
        kept[size++] = cluster;
      } else if (room > 0) {
        kept[size++] = cluster;
        room--;
      }
    }
    System.arraycopy(waiting, 0, kept, size, waiting.length);
    return Arrays.copyOf(kept, size + waiting.length);
  }

  private static @Nullable MovesMade window(Moves moves, @Nullable MovesMade made, Instant now) {
    return made == null || !now.isBefore(made.since().plusSeconds(seconds(moves))) ? null : made;
  }

  private static long seconds(Moves moves) {
    return moves.windowSeconds() == null ? 600 : moves.windowSeconds();
  }

  private static int most(Moves moves, int held) {
    var asked = moves.maxPerWindow() == null ? "" : moves.maxPerWindow().asString("");
    return Share.of(asked, held);
  }

  /// As it is written into a status.
  private static Instant second(Instant time) {
    return Instant.ofEpochSecond(time.getEpochSecond());
  }
}
