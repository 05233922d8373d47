package io.nave.store;

import java.util.HashMap;
import java.util.Map;

/// What is known of the time before the history begins: when something changed last in each place,
/// so that a watch from before a restart goes on as if there had been none, where nothing has
/// changed since. Without it every client lists anew after every restart: with 100,000 works most
/// of what a hub then does.
///
/// It tells too late a time rather than too early a one, so a wrong "changed" is possible and a
/// wrong "unchanged" is not. Immutable.
final class Past {
  /// Knows nothing.
  static final Past UNKNOWN = new Past(0, Map.of(), (_, _) -> Long.MAX_VALUE);

  private final long revision;
  private final Map<String, Bucket> buckets;
  private final Engine.Removals removals;

  private Past(long revision, Map<String, Bucket> buckets, Engine.Removals removals) {
    this.revision = revision;
    this.buckets = buckets;
    this.removals = removals;
  }

  /// @param newest by namespace, or by name of objects of cluster scope
  private record Bucket(long revision, Map<String, Long> newest) {}

  /// The revision it ends at: everything after that is history.
  long revision() {
    return revision;
  }

  /// Whether a scope is the same at the end of this past as it was at `after`.
  boolean unchanged(Scope scope, long after) {
    if (after >= revision) {
      return true;
    }
    var bucket = buckets.get(scope.bucket());
    if (scope.part().isEmpty() || !scope.label().isEmpty()) {
      return (bucket == null || bucket.revision() <= after)
          && removals.newest(scope.bucket(), "") <= after;
    }
    var written = bucket == null ? null : bucket.newest().get(scope.part());
    if (written != null && written > after) {
      return false;
    }
    // An object of cluster scope that is there, and older, was not removed since. Whether a name
    // that is not there is one of those or a namespace nobody knows.
    return removals.newest(scope.bucket(), scope.part()) <= after
        && (written != null || removals.newest(scope.bucket(), "") <= after);
  }

  /// Collects it, bucket by bucket.
  static final class Builder {
    private final Map<String, Bucket> buckets = new HashMap<>();

    void add(String bucket, Map<String, Long> newest) {
      long highest = newest.values().stream().mapToLong(Long::longValue).max().orElse(0);
      buckets.put(bucket, new Bucket(highest, newest));
    }

    Past upTo(long revision, Engine.Removals removals) {
      return new Past(revision, buckets, removals);
    }
  }
}
