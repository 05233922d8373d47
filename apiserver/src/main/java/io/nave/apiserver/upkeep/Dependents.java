package io.nave.apiserver.upkeep;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which objects name which uid as their owner. Thread-safe.
final class Dependents {
  /// One object that has owners.
  record Dependent(ResourceType type, Key key) {
    String id() {
      return type.resource() + "/" + key;
    }
  }

  private final Monitor monitor;
  // Looked up by uid only; the dependents of one are in order.
  private final Map<String, TreeMap<String, Dependent>> byOwner = new HashMap<>(); // under monitor

  Dependents(Host host) {
    this.monitor = host.monitor();
  }

  /// Takes in one change of one object.
  ///
  /// @param after null when it is gone
  void change(ResourceType type, @Nullable ApiObject before, @Nullable ApiObject after) {
    try (var _ = monitor.lock()) {
      if (before != null) {
        owners(before).forEach(uid -> remove(uid, new Dependent(type, before.key())));
      }
      if (after != null) {
        owners(after).forEach(uid -> add(uid, new Dependent(type, after.key())));
      }
    }
  }

  private static List<String> owners(ApiObject object) {
    var uids = new ArrayList<String>();
    for (var owner : object.metadata().path("ownerReferences")) {
      uids.add(owner.path("uid").asString(""));
    }
    return uids;
  }

  private void add(String uid, Dependent dependent) {
    byOwner.computeIfAbsent(uid, _ -> new TreeMap<>()).put(dependent.id(), dependent);
  }

  private void remove(String uid, Dependent dependent) {
    byOwner.computeIfPresent(
        uid,
        (_, all) -> {
          all.remove(dependent.id());
          return all.isEmpty() ? null : all;
        });
  }

  /// Whether anything names this uid.
  boolean any(String uid) {
    try (var _ = monitor.lock()) {
      return byOwner.containsKey(uid);
    }
  }

  /// What names this uid, in order.
  List<Dependent> of(String uid) {
    try (var _ = monitor.lock()) {
      var all = byOwner.get(uid);
      return all == null ? List.of() : List.copyOf(all.values());
    }
  }
}
