package io.nave.agent.work;

import io.nave.api.ApiObject;
import io.nave.work.Adoption;
import io.nave.work.ManifestIdentity;
import io.nave.work.WorkSequence;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What an agent remembers of one work across restarts.
///
/// @param work as last seen on the hub, with the last status this agent computed
/// @param applied each object's manifest as last applied, which may be older than the work's
record SavedWork(ApiObject work, Map<ManifestIdentity, JsonNode> applied) {
  SavedWork {
    applied = Collections.unmodifiableMap(new TreeMap<>(applied));
  }

  SavedWork withWork(ApiObject next) {
    return new SavedWork(next, applied);
  }

  SavedWork withApplied(Map<ManifestIdentity, JsonNode> next) {
    return next.equals(applied) ? this : new SavedWork(work, next);
  }

  /// Whether `other` asks for the same: the same object at the same generation and stage.
  boolean asksAs(ApiObject other) {
    return work.uid().equals(other.uid())
        && work.generation() == other.generation()
        && WorkSequence.of(work) == WorkSequence.of(other)
        && work.deleting() == other.deleting()
        && work.finalizers().equals(other.finalizers())
        && Adoption.of(work.annotations()).equals(Adoption.of(other.annotations()))
        && work.spec().equals(other.spec());
  }
}
