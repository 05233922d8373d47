package io.nave.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A simulated disk for one store: it outlives the crash of the host that writes to it, what was
/// not synced does not.
///
/// Hand the same platter to a new [SimEngine] to restart a store. The switches may be turned at any
/// time; all else belongs to the engine that was opened last.
public final class Platter {
  private final TreeMap<StoreKey, byte[]> durable = new TreeMap<>();
  private final List<List<Engine.Entry>> unsynced = new ArrayList<>();
  private final Map<String, Long> removals = new TreeMap<>(); // newest, by bucket/namespace
  private long revision; // of what is durable
  private int openings;
  private volatile boolean full;
  private volatile boolean lying;

  /// While full, writes that store anything are refused; those that only remove pass.
  public void full(boolean now) {
    full = now;
  }

  /// While lying, a sync says it is done and is not: a crash takes back what was acknowledged,
  /// newest last. The next honest sync makes it durable after all.
  public void lying(boolean now) {
    lying = now;
  }

  boolean isFull() {
    return full;
  }

  /// A new owner takes over, as after a crash: what was not synced is gone.
  int open() {
    unsynced.clear();
    return ++openings;
  }

  void requireOwner(int opening) {
    if (opening != openings) {
      throw new IllegalStateException(
          "this engine's disk was opened again by another; a crashed store must not write");
    }
  }

  long load(Engine.Sink each) {
    var known = Map.copyOf(removals);
    each.removals((bucket, namespace) -> known.getOrDefault(bucket + "/" + namespace, 0L));
    durable.forEach((key, bytes) -> each.add(key, bytes, 0));
    return revision;
  }

  void append(List<Engine.Entry> entries) {
    unsynced.add(List.copyOf(entries));
  }

  void sync() {
    if (lying) {
      return;
    }
    unsynced.forEach(this::apply);
    unsynced.clear();
  }

  private void apply(List<Engine.Entry> entries) {
    for (var entry : entries) {
      byte[] bytes = entry.bytes();
      if (bytes == null) {
        durable.remove(entry.key());
        removals.put(entry.key().bucket() + "/", entry.revision());
        removals.put(entry.key().bucket() + "/" + entry.key().namespace(), entry.revision());
      } else {
        durable.put(entry.key(), bytes);
      }
      revision = entry.revision();
    }
  }
}
