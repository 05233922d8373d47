package io.nave.placement.schedule;

/// What schedules depend on beside the Placements themselves. One owner at a time.
record Estate(Fleet fleet, Ledger ledger, ScoreBook scores) {
  static Estate empty() {
    var fleet = new Fleet();
    return new Estate(fleet, new Ledger(fleet), new ScoreBook());
  }
}
