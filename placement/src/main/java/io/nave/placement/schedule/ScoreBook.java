package io.nave.placement.schedule;

import io.nave.placement.api.AddOnPlacementScore;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The add-on scores of all clusters: AddOnPlacementScore by its name, then by its namespace, which
/// is the cluster's name.
final class ScoreBook {
  /// What one object says.
  record Page(Map<String, Integer> scores, @Nullable Instant validUntil) {
    static Page of(AddOnPlacementScore object) {
      var scores = new TreeMap<String, Integer>();
      object.status().scores().forEach(score -> scores.put(score.name(), score.value()));
      return new Page(scores, object.status().validUntil());
    }

    boolean expired(Instant now) {
      return validUntil != null && now.isAfter(validUntil);
    }
  }

  private final Map<String, Map<String, Page>> pages = new TreeMap<>();

  @Nullable Page page(String resource, String cluster) {
    return pages.getOrDefault(resource, Map.of()).get(cluster);
  }

  /// @param page null: there is none any more
  void put(String resource, String cluster, @Nullable Page page) {
    var of = pages.computeIfAbsent(resource, _ -> new TreeMap<>());
    if (page == null) {
      of.remove(cluster);
    } else {
      of.put(cluster, page);
    }
    if (of.isEmpty()) {
      pages.remove(resource);
    }
  }

  ScoreBook copy() {
    var copy = new ScoreBook();
    pages.forEach((resource, each) -> copy.pages.put(resource, new TreeMap<>(each)));
    return copy;
  }
}
