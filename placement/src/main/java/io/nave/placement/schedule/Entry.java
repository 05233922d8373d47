package io.nave.placement.schedule;

import io.nave.api.Key;
import io.nave.placement.api.Placement;
import io.nave.placement.api.Placement.MovesMade;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// What an [Engine] remembers of one Placement.
final class Entry {
  private static final RoaringBitmap NONE = new RoaringBitmap();

  final Key key;
  final int serial; // order of arrival, in which Placements are looked at
  Placement placement;
  @Nullable Program program; // null: it cannot be scheduled as written
  @Nullable String fault; // why
  List<String> bound = List.of(); // sets its namespace may use
  List<String> eligible = List.of(); // those of them it names
  @Nullable Pool pool; // null: no eligible set, or no program
  RoaringBitmap refused = NONE; // of the pool, for their taints, as last looked at; not changed
  @Nullable Schedule desired; // null: not scheduled yet
  @Nullable MovesMade moves;
  @Nullable Instant due; // when time alone can change it
  @Nullable Instant scoresDue; // when a score or a window of moves runs out
  String scores = ""; // of the last decision, until they are told
  long mark; // change for which it was collected last

  Entry(Key key, int serial, Placement placement) {
    this.key = key;
    this.serial = serial;
    this.placement = placement;
    this.moves = placement.status().moves();
  }

  /// Whether it is for this scheduler to decide.
  static boolean active(Placement placement) {
    return !placement.metadata().deleting()
        && !"true".equals(placement.metadata().annotations().get(Placement.DISABLED_ANNOTATION));
  }

  /// Whether it is this Placement, written as it is.
  boolean says(Placement other) {
    return placement.metadata().uid().equals(other.metadata().uid())
        && placement.spec().equals(other.spec());
  }

  /// Why nothing can be decided; null when something can.
  @Nullable String wrong() {
    return fault != null ? fault : pool == null ? null : pool.fault;
  }

  /// The program of an entry that has one.
  Program known() {
    if (program == null) {
      throw new IllegalStateException(key + " has no program");
    }
    return program;
  }

  /// Notes the clusters of the pool that its filters leave out, in place of those noted before.
  void refuse(RoaringBitmap clusters) {
    refused = clusters.isEmpty() ? NONE : clusters;
  }

  /// Notes that its filters leave this cluster of the pool out, or no longer do.
  void refuse(int cluster, boolean yes) {
    if (refused.contains(cluster) != yes) {
      var next = refused.clone();
      next.flip(cluster, cluster + 1L);
      refuse(next);
    }
  }

  /// Whether this cluster passed the filters when it was last looked at.
  boolean survives(int cluster) {
    return pool != null && pool.matched.contains(cluster) && !refused.contains(cluster);
  }

  /// As many clusters as it can have.
  boolean full(int held) {
    return program != null && program.limited() && held >= program.limit();
  }
}
