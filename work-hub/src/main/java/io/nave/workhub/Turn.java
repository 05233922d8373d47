package io.nave.workhub;

import io.nave.api.Key;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.WorkDigest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What one cluster is to get from a set: one work, or several where the template is too large for
/// one.
record Turn(List<Part> parts) {
  /// One work of it: a digest, and a ManifestWork's spec that may be made only when it is written.
  record Part(String digest, Supplier<JsonNode> spec) {
    static Part of(JsonNode spec) {
      return new Part(WorkDigest.of(spec), () -> spec);
    }
  }

  Turn {
    parts = List.copyOf(parts);
  }

  static Turn of(List<JsonNode> specs) {
    return new Turn(specs.stream().map(Part::of).toList());
  }

  /// A turn of known digests.
  ///
  /// @param specs makes the specs, in the order of the digests; called at most once
  static Turn later(List<String> digests, Supplier<List<JsonNode>> specs) {
    var made = new AtomicReference<@Nullable List<JsonNode>>();
    var parts = new ArrayList<Part>();
    for (int i = 0; i < digests.size(); i++) {
      var at = i;
      parts.add(
          new Part(
              digests.get(i),
              () -> {
                var all = made.get();
                if (all == null) {
                  all = specs.get();
                  made.set(all);
                }
                return all.get(at);
              }));
    }
    return new Turn(parts);
  }

  /// Whether the works, ordered by part, are what the cluster is to get.
  boolean isDone(List<Child> works, ManifestWorkReplicaSet set, String placement) {
    if (works.size() != parts.size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      var work = works.get(i);
      if (work.part() != i + 1 || !isDone(work, set, placement)) {
        return false;
      }
    }
    return true;
  }

  /// Whether one work has its part and its labels.
  boolean isDone(Child work, ManifestWorkReplicaSet set, String placement) {
    return work.part() <= parts.size()
        && work.digest().equals(parts.get(work.part() - 1).digest())
        && work.labels()
            .entrySet()
            .containsAll(labels(set, placement, work.part(), parts.size()).entrySet());
  }

  /// The labels of a child work: its set's, and those it is found by.
  static Map<String, String> labels(
      ManifestWorkReplicaSet set, String placement, int part, int parts) {
    var labels = new TreeMap<>(set.metadata().labels());
    labels.put(ManifestWorkReplicaSet.LABEL, labelOf(set.key()));
    labels.put(ManifestWorkReplicaSet.PLACEMENT_LABEL, placement);
    if (parts > 1) {
      labels.put(ManifestWorkReplicaSet.PART_LABEL, String.valueOf(part));
    }
    return labels;
  }

  static String labelOf(Key set) {
    return set.namespace() + "." + set.name();
  }

  /// The name of a new child work. It follows from set, placement and part alone, so that a lagging
  /// view can never bring about a second one (spec §14 row 15).
  static String nameOf(Key set, String placement, int part) {
    var name = set.name() + "-" + hash(set + " " + placement);
    return part == 1 ? name : name + "-" + part;
  }

  /// The works by part, the lowest name first where there are several.
  static List<Child> ordered(List<Child> works) {
    var ordered = new ArrayList<>(works);
    ordered.sort(Comparator.comparingInt(Child::part).thenComparing(work -> work.key().name()));
    return List.copyOf(ordered);
  }

  private static String hash(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)), 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
