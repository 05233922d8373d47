package io.nave.placement.schedule;

/// What schedules depend on beside the Placements themselves. One owner at a time.
record Estate(Fleet fleet, Ledger ledger, ScoreBook scores) {
  static Estate empty() {
    var fleet = new Fleet();
    return new Estate(fleet, new Ledger(fleet), new ScoreBook());
  }

  /// The same under the same cluster numbers; neither sees what then happens to the other.
  Estate copy() {
    var copy = fleet.copy();
    return new Estate(copy, ledger.copy(copy), scores.copy());
  }
}
