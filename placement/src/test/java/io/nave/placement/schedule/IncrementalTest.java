package io.nave.placement.schedule;

import io.nave.testkit.Seeds;
import org.junit.jupiter.params.ParameterizedTest;

class IncrementalTest {
  /// Times 20 seeds: 10,000 changes in the everyday build, 100,000 with `-Dlong=true`.
  private static final int CHANGES = Boolean.getBoolean("long") ? 5_000 : 500;

  /// - Goal: what the engine keeps up to date change by change is what comes out of looking at
  ///   everything from nothing.
  /// - Method: random changes of everything a schedule depends on; after each the schedules of all
  ///   Placements are compared with [Reference].
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 20)
  void everyChangeLeavesWhatLookingAtEverythingGives(long seed) {
    var world = new RandomWorld(seed);
    for (var i = 0; i < CHANGES; i++) {
      var what = world.change();
      var number = i;
      world.compare(() -> "seed " + seed + ", change " + number + ": " + what.get());
    }
  }

  /// - Goal: a question "what if" is answered with what then happens.
  /// - Method: each random change is asked about before it is made.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 10)
  void whatIfTellsWhatThenHappens(long seed) {
    var world = new RandomWorld(seed);
    for (var i = 0; i < 100; i++) {
      world.askThenChange("seed " + seed + ", change " + i);
    }
  }
}
