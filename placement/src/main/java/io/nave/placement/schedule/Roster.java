package io.nave.placement.schedule;

import io.nave.api.Key;
import io.nave.placement.api.Placement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The Placements an [Engine] knows: by key, in the order of their arrival, and by the labels and
/// claims that grouping, spreading and dividing look at.
final class Roster {
  private final Compiler compiler;
  private final TreeMap<Key, Entry> byKey = new TreeMap<>();
  private final TreeMap<Integer, Entry> bySerial = new TreeMap<>();
  private final Map<String, Map<Integer, Entry>> byLayoutKey = new TreeMap<>();
  private int nextSerial;

  Roster(Compiler compiler) {
    this.compiler = compiler;
  }

  @Nullable Entry find(Key placement) {
    return byKey.get(placement);
  }

  @Nullable Entry at(int serial) {
    return bySerial.get(serial);
  }

  /// All, in the order of their arrival.
  Collection<Entry> inOrder() {
    return bySerial.values();
  }

  /// Those of a namespace, in the order of their arrival.
  List<Entry> inNamespace(String namespace) {
    var here =
        new ArrayList<>(byKey.subMap(Key.of(namespace, ""), Key.of(namespace + "\0", "")).values());
    here.sort((a, b) -> Integer.compare(a.serial, b.serial));
    return here;
  }

  /// Those whose layout looks at a label or claim, in the order of their arrival.
  Collection<Entry> lookingAt(String key) {
    return byLayoutKey.getOrDefault(key, Map.of()).values();
  }

  Entry add(Placement placement) {
    var entry = new Entry(placement.key(), nextSerial++, placement);
    put(entry);
    compile(entry);
    enterLayout(entry);
    return entry;
  }

  /// Gives an entry another spec.
  void rewrite(Entry entry, Placement placement) {
    leaveLayout(entry);
    entry.placement = placement;
    compile(entry);
    enterLayout(entry);
  }

  @Nullable Entry remove(Key placement) {
    var entry = byKey.remove(placement);
    if (entry != null) {
      bySerial.remove(entry.serial);
      leaveLayout(entry);
    }
    return entry;
  }

  /// An entry for a Placement that is only tried: it is on no list.
  Entry stranger(Placement placement) {
    var entry = new Entry(placement.key(), Integer.MAX_VALUE, placement);
    compile(entry);
    return entry;
  }

  /// An entry like one of another roster, of the same number; without a pool.
  Entry adopt(Entry other) {
    var entry = new Entry(other.key, other.serial, other.placement);
    entry.program = other.program;
    entry.fault = other.fault;
    put(entry);
    enterLayout(entry);
    nextSerial = Math.max(nextSerial, entry.serial + 1);
    return entry;
  }

  private void put(Entry entry) {
    byKey.put(entry.key, entry);
    bySerial.put(entry.serial, entry);
  }

  private void compile(Entry entry) {
    try {
      entry.program = compiler.compile(entry.placement);
      entry.fault = null;
    } catch (Misconfigured e) {
      entry.program = null;
      entry.fault = String.valueOf(e.getMessage());
    }
  }

  private void enterLayout(Entry entry) {
    if (entry.program != null) {
      for (var key : Keys.ofLayout(entry.program)) {
        byLayoutKey.computeIfAbsent(key, _ -> new TreeMap<>()).put(entry.serial, entry);
      }
    }
  }

  private void leaveLayout(Entry entry) {
    if (entry.program != null) {
      for (var key : Keys.ofLayout(entry.program)) {
        byLayoutKey.getOrDefault(key, Map.of()).remove(entry.serial);
        byLayoutKey.computeIfPresent(key, (_, left) -> left.isEmpty() ? null : left);
      }
    }
  }
}
