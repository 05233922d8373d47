package io.nave.placement.schedule;

import io.nave.api.LabelSelector;
import io.nave.api.LabelSelector.Requirement;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// All clusters, in rows found by label, claim and taint. One owner at a time.
///
/// Bitmaps handed out belong to the caller, unless said otherwise.
public final class Fleet {
  private final Ordinals ordinals;
  private final List<@Nullable ClusterRow> rows = new ArrayList<>();
  private final Postings labels = new Postings();
  private final Postings claims = new Postings();
  private final RoaringBitmap present = new RoaringBitmap();
  private final RoaringBitmap deleting = new RoaringBitmap();
  private final RoaringBitmap tainted = new RoaringBitmap();
  private final RoaringBitmap unreachable = new RoaringBitmap();

  public Fleet() {
    this(new Ordinals());
  }

  private Fleet(Ordinals ordinals) {
    this.ordinals = ordinals;
  }

  /// The same clusters under the same numbers.
  Fleet copy() {
    var copy = new Fleet(ordinals.copy());
    copy.rows.addAll(rows);
    copy.labels.copyFrom(labels);
    copy.claims.copyFrom(claims);
    copy.present.or(present);
    copy.deleting.or(deleting);
    copy.tainted.or(tainted);
    copy.unreachable.or(unreachable);
    return copy;
  }

  /// Adds a cluster, or replaces the one of that name.
  ///
  /// @return its number
  public int put(ClusterRow row) {
    var ordinal = ordinals.of(row.name());
    while (rows.size() <= ordinal) {
      rows.add(null);
    }
    var before = rows.set(ordinal, row);
    if (before == null || !before.labels().equals(row.labels())) {
      labels.remove(ordinal, before == null ? Map.of() : before.labels());
      labels.add(ordinal, row.labels());
    }
    if (before == null || !before.claims().equals(row.claims())) {
      claims.remove(ordinal, before == null ? Map.of() : before.claims());
      claims.add(ordinal, row.claims());
    }
    present.add(ordinal);
    mark(deleting, ordinal, row.deleting());
    mark(tainted, ordinal, row.tainted());
    mark(unreachable, ordinal, row.unreachable());
    return ordinal;
  }

  /// Takes a cluster away; its number stays until [#release].
  void remove(int ordinal) {
    var before = rows.set(ordinal, null);
    if (before != null) {
      labels.remove(ordinal, before.labels());
      claims.remove(ordinal, before.claims());
    }
    for (var each : List.of(present, deleting, tainted, unreachable)) {
      each.remove(ordinal);
    }
  }

  private static void mark(RoaringBitmap bitmap, int ordinal, boolean yes) {
    if (yes) {
      bitmap.add(ordinal);
    } else {
      bitmap.remove(ordinal);
    }
  }

  /// The row of a number; null when no such cluster is there.
  @Nullable ClusterRow row(int ordinal) {
    return ordinal < 0 || ordinal >= rows.size() ? null : rows.get(ordinal);
  }

  /// The row of a number that is known to be there.
  ClusterRow known(int ordinal) {
    var row = row(ordinal);
    if (row == null) {
      throw new IllegalStateException("cluster number " + ordinal + " is not there");
    }
    return row;
  }

  Ordinals ordinals() {
    return ordinals;
  }

  /// Frees the number of a name that no decision uses, unless a cluster has it.
  void release(int ordinal) {
    if (row(ordinal) == null) {
      ordinals.release(ordinal);
    }
  }

  /// Clusters with taints that can keep them from being chosen. Not to be changed.
  RoaringBitmap tainted() {
    return tainted;
  }

  /// Clusters whose lease ended. Not to be changed.
  RoaringBitmap unreachable() {
    return unreachable;
  }

  /// Clusters on their way out. Not to be changed.
  RoaringBitmap deleting() {
    return deleting;
  }

  /// All clusters. Not to be changed.
  RoaringBitmap present() {
    return present;
  }

  /// How many clusters both selectors match. Faulty selectors match what they can test.
  public int count(LabelSelector byLabels, LabelSelector byClaims) {
    return select(byLabels, byClaims).getCardinality();
  }

  /// The clusters both selectors match.
  RoaringBitmap select(LabelSelector byLabels, LabelSelector byClaims) {
    var left = present.clone();
    retain(left, byLabels, byClaims);
    return left;
  }

  /// Leaves in `left` what both selectors match.
  void retain(RoaringBitmap left, LabelSelector byLabels, LabelSelector byClaims) {
    labels.retain(left, byLabels.matchLabels(), byLabels.matchExpressions());
    claims.retain(left, byClaims.matchLabels(), byClaims.matchExpressions());
  }

  /// The members of a set (spec §4.5).
  RoaringBitmap members(ManagedClusterSet set) {
    var left = present.clone();
    var selector = set.spec().clusterSelector();
    var type = selector == null ? "" : selector.selectorType();
    if (type.isEmpty() || type.equals(ManagedClusterSet.EXCLUSIVE)) {
      labels.retain(
          left, Map.of(ManagedCluster.SET_LABEL, set.metadata().name()), List.<Requirement>of());
      return left;
    }
    var byLabels = selector == null ? null : selector.labelSelector();
    if (byLabels == null || byLabels.fault().isPresent()) {
      return new RoaringBitmap();
    }
    retain(left, byLabels, LabelSelector.everything());
    return left;
  }
}
