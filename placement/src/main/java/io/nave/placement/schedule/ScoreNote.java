package io.nave.placement.schedule;

import java.util.Arrays;

/// The scores of a decision as upstream tells them in an event: `name:score `, by name, cut off at
/// the length events may have (spec §5.5).
final class ScoreNote {
  /// Kubernetes takes 1024 characters, and what says that there is more needs some.
  private static final int LENGTH_MAX = 1000;

  private ScoreNote() {}

  /// Empty when nothing was scored.
  static String of(Result result, Ordinals names) {
    var ranked = result.ranked();
    if (ranked.length == 0 || result.prioritizers().isEmpty() || result.scores().isEmpty()) {
      return "";
    }
    var places = new int[names.size()];
    Arrays.fill(places, -1);
    for (var place = 0; place < ranked.length; place++) {
      places[ranked[place]] = place;
    }
    var note = new StringBuilder(Math.min(LENGTH_MAX, 32 * ranked.length));
    for (var cluster : names.sorted()) {
      if (places[cluster] >= 0) {
        var one = names.name(cluster) + ":" + result.totals()[places[cluster]] + " ";
        if (note.length() + one.length() > LENGTH_MAX) {
          return note.append("......").toString();
        }
        note.append(one);
      }
    }
    return note.toString();
  }
}
