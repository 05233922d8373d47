package io.nave.store;

import io.nave.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the head key says: the store's revision, and the changes of the transaction that wrote it,
/// in order. JSON, so that `etcdctl get` shows it.
///
/// A change names its key and revision. What its key does not hold afterwards stands inline: the
/// last state of what was removed, and a state that the same transaction replaced.
///
/// @param writer whose transaction it was, and the how manieth of it
record EtcdRecord(long revision, String writer, long number, List<Change> changes) {
  /// @param inline the state after the change, of a removal the last one; null: as the key holds it
  record Change(String place, long revision, boolean removed, byte @Nullable [] inline) {}

  EtcdRecord {
    changes = List.copyOf(changes);
  }

  /// The record of entries that are written in one transaction.
  static EtcdRecord of(String writer, long number, List<Engine.Entry> entries) {
    var last = new HashMap<StoreKey, Long>();
    entries.forEach(entry -> last.put(entry.key(), entry.revision()));
    var changes = new ArrayList<Change>(entries.size());
    for (var entry : entries) {
      byte[] bytes = entry.bytes();
      var replaced = last.getOrDefault(entry.key(), 0L) != entry.revision();
      byte[] inline = bytes == null ? entry.last() : replaced ? bytes : null;
      changes.add(new Change(place(entry.key()), entry.revision(), bytes == null, inline));
    }
    return new EtcdRecord(entries.getLast().revision(), writer, number, changes);
  }

  /// The revision of its first change. Changes have one revision each, without holes between those
  /// of one transaction and the next.
  long firstRevision() {
    return changes.isEmpty() ? revision : changes.getFirst().revision();
  }

  /// The entries it tells of.
  ///
  /// @param values what the objects' keys were set to in the same transaction, by place
  List<Engine.Entry> entries(Map<String, byte[]> values) {
    var entries = new ArrayList<Engine.Entry>(changes.size());
    for (var change : changes) {
      var key = key(change.place());
      if (change.removed()) {
        entries.add(new Engine.Entry(key, null, change.revision(), change.inline()));
        continue;
      }
      byte[] bytes = change.inline() == null ? values.get(change.place()) : change.inline();
      if (bytes == null) {
        throw new StoreBroken(
            "etcd tells of a change of " + change.place() + " and not what it is");
      }
      entries.add(new Engine.Entry(key, bytes, change.revision(), null));
    }
    return entries;
  }

  byte[] encode() {
    var tree = Json.object().put("revision", revision).put("writer", writer).put("number", number);
    var list = tree.putArray("changes");
    for (var change : changes) {
      var node = list.addObject().put("key", change.place()).put("revision", change.revision());
      if (change.removed()) {
        node.put("removed", true);
      }
      byte[] inline = change.inline();
      if (inline != null) {
        node.put("inline", Base64.getEncoder().encodeToString(inline));
      }
    }
    return Json.encode(tree);
  }

  /// @throws StoreBroken when it is none
  static EtcdRecord decode(byte[] value) {
    try {
      var tree = Json.parseObject(value);
      var changes = new ArrayList<Change>();
      tree.path("changes").forEach(node -> changes.add(change(node)));
      return new EtcdRecord(
          tree.path("revision").asLong(),
          tree.path("writer").asString(""),
          tree.path("number").asLong(),
          changes);
    } catch (RuntimeException e) {
      throw new StoreBroken(
          "the head key in etcd is not what Nave writes there: '"
              + new String(value, 0, Math.min(value.length, 40), StandardCharsets.UTF_8)
              + "…': give Nave a prefix of its own, or restore a backup",
          e);
    }
  }

  private static Change change(JsonNode node) {
    var inline = node.path("inline");
    return new Change(
        node.path("key").asString(""),
        node.path("revision").asLong(),
        node.path("removed").asBoolean(false),
        inline.isMissingNode() ? null : Base64.getDecoder().decode(inline.asString("")));
  }

  static String place(StoreKey key) {
    return key.bucket() + "/" + key.namespace() + "/" + key.name();
  }

  /// @throws StoreBroken when it is no place
  static StoreKey key(String place) {
    var parts = place.split("/", 3);
    if (parts.length != 3) {
      throw new StoreBroken(
          "the key '" + place + "' in etcd has not the form bucket/namespace/name: remove it");
    }
    return new StoreKey(parts[0], parts[1], parts[2]);
  }
}
