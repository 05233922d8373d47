package io.nave.applications;

import io.nave.api.Key;
import io.nave.work.ManifestWork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// Which works have to be written so that what is wanted stands. Pure.
record WorkPlan(List<ManifestWork> create, List<ManifestWork> update, List<ManifestWork> delete) {
  /// @param present all works of the application
  static WorkPlan of(Works.Plan wanted, List<ManifestWork> present) {
    var there = new HashMap<Key, ManifestWork>(); // looked up only
    present.forEach(work -> there.put(work.key(), work));
    var plan = new WorkPlan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    plan.update.addAll(wanted.leaving());
    for (var work : wanted.works().values()) {
      var now = there.get(work.key());
      if (now == null) {
        plan.create.add(work);
      } else if (!now.metadata().deleting() && !Works.same(work, now)) {
        // One that someone deletes is let go, and what it held comes under another name.
        plan.update.add(work);
      }
    }
    for (var work : present) {
      if (!work.metadata().deleting() && !wanted.works().containsKey(work.key())) {
        plan.delete.add(work);
      }
    }
    return plan;
  }
}
