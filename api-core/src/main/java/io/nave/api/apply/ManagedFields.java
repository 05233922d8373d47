package io.nave.api.apply;

import io.nave.api.Json;
import io.nave.api.Timestamps;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The owners of an object's fields: `metadata.managedFields`. Immutable.
public final class ManagedFields {
  /// Nobody owns anything.
  public static final ManagedFields NONE = new ManagedFields(List.of());

  /// As in Kubernetes: owners by update beyond these are thrown together, oldest first.
  static final int UPDATERS_MAX = 10;

  private static final Comparator<Entry> OLDEST =
      Comparator.comparing((Entry entry) -> entry.time() == null ? Instant.MIN : entry.time())
          .thenComparing(Entry::manager);

  private static final Comparator<Entry> WRITTEN =
      Comparator.comparing((Entry entry) -> !entry.manager().applies()).thenComparing(OLDEST);

  /// @param time of the owner's last write; null when it wrote nothing yet
  record Entry(Manager manager, @Nullable Instant time, FieldSet fields) {
    Entry {
      time = time == null ? null : time.truncatedTo(ChronoUnit.SECONDS);
    }

    Entry owning(FieldSet other) {
      return new Entry(manager, time, other);
    }
  }

  private final List<Entry> entries;

  private ManagedFields(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /// Reads `metadata.managedFields`.
  ///
  /// @throws IllegalArgumentException when an entry is not as Kubernetes has them
  public static ManagedFields decode(@Nullable JsonNode json) {
    if (json == null || json.isEmpty()) {
      return NONE;
    }
    var found = NONE;
    for (var entry : json) {
      var read = entry(entry);
      found =
          found.with(read.manager(), read.fields().union(found.of(read.manager())), read.time());
    }
    return found;
  }

  private static Entry entry(JsonNode json) {
    var operation = json.path("operation").asString("");
    if (!operation.equals("Apply") && !operation.equals("Update")) {
      throw new IllegalArgumentException(
          "operation must be Apply or Update, found \"" + operation + "\"");
    }
    var manager =
        new Manager(
            json.path("manager").asString(""),
            operation.equals("Apply"),
            json.path("apiVersion").asString(""),
            json.path("subresource").asString(""));
    var fields = json.path("fieldsV1");
    return new Entry(
        manager, time(json), fields.isMissingNode() ? FieldSet.EMPTY : FieldSet.decode(fields));
  }

  private static @Nullable Instant time(JsonNode json) {
    var text = json.path("time").asString("");
    try {
      return text.isEmpty() ? null : Timestamps.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("time must be as 2006-01-02T15:04:05Z, found " + text, e);
    }
  }

  /// Whether a client wrote `[{}]`, which takes all owners off.
  public static boolean resets(@Nullable JsonNode json) {
    return json instanceof ArrayNode list && list.size() == 1 && list.get(0).isEmpty();
  }

  /// As `metadata.managedFields` holds it.
  public ArrayNode encode() {
    var json = Json.array();
    entries.stream().sorted(WRITTEN).forEach(entry -> encode(entry, json.addObject()));
    return json;
  }

  private static void encode(Entry entry, ObjectNode json) {
    var manager = entry.manager();
    json.put("manager", manager.name()).put("operation", manager.operation());
    json.put("apiVersion", manager.apiVersion());
    var time = entry.time();
    if (time != null) {
      json.put("time", time.toString());
    }
    json.put("fieldsType", "FieldsV1");
    json.set("fieldsV1", entry.fields().encode());
    if (!manager.subresource().isEmpty()) {
      json.put("subresource", manager.subresource());
    }
  }

  /// Whether nobody owns anything: then the object's owners are not followed.
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  List<Entry> entries() {
    return entries;
  }

  /// What a manager owns.
  public FieldSet of(Manager manager) {
    return entries.stream()
        .filter(entry -> entry.manager().is(manager))
        .findFirst()
        .map(Entry::fields)
        .orElse(FieldSet.EMPTY);
  }

  @Nullable Instant timeOf(Manager manager) {
    for (var entry : entries) {
      if (entry.manager().is(manager)) {
        return entry.time();
      }
    }
    return null;
  }

  /// With other fields and another time for one manager; without it when it owns nothing.
  ManagedFields with(Manager manager, FieldSet fields, @Nullable Instant time) {
    var next = new ArrayList<>(entries);
    next.removeIf(entry -> entry.manager().is(manager));
    if (!fields.isEmpty()) {
      next.add(new Entry(manager, time, fields));
    }
    return new ManagedFields(next);
  }

  /// With other fields for everybody but one; without those who own nothing any longer.
  ManagedFields others(Manager but, UnaryOperator<FieldSet> change) {
    var next = new ArrayList<Entry>();
    for (var entry : entries) {
      var fields = entry.manager().is(but) ? entry.fields() : change.apply(entry.fields());
      if (!fields.isEmpty()) {
        next.add(entry.owning(fields));
      }
    }
    return new ManagedFields(next);
  }

  /// What all own together.
  FieldSet all() {
    return entries.stream().map(Entry::fields).reduce(FieldSet.EMPTY, FieldSet::union);
  }

  /// With no more owners by update than are kept apart.
  ManagedFields capped() {
    var updaters = entries.stream().filter(e -> !e.manager().applies()).sorted(OLDEST).toList();
    var excess = updaters.size() - UPDATERS_MAX;
    if (excess <= 0) {
      return this;
    }
    var next = this;
    // Those of one version share a bucket: n of them become one, which saves n - 1.
    for (var i = 0; i < updaters.size() && next.updaters() > UPDATERS_MAX; i++) {
      next = next.poured(updaters.get(i), updaters.subList(i + 1, updaters.size()));
    }
    return next;
  }

  private long updaters() {
    return entries.stream().filter(entry -> !entry.manager().applies()).count();
  }

  /// An old owner thrown into the bucket of its version, with the next oldest of it when there is
  /// no bucket yet.
  private ManagedFields poured(Entry old, List<Entry> younger) {
    var version = old.manager().apiVersion();
    var bucket = new Manager(Manager.ANCIENT, false, version, "");
    if (old.manager().is(bucket) || of(old.manager()).isEmpty()) {
      return this;
    }
    var partner =
        of(bucket).isEmpty()
            ? younger.stream()
                .filter(entry -> entry.manager().apiVersion().equals(version))
                .findFirst()
                .orElse(null)
            : new Entry(bucket, timeOf(bucket), of(bucket));
    if (partner == null) {
      return this; // alone in its version: nothing is saved
    }
    return with(old.manager(), FieldSet.EMPTY, null)
        .with(partner.manager(), FieldSet.EMPTY, null)
        .with(bucket, old.fields().union(partner.fields()), latest(old, partner));
  }

  private static @Nullable Instant latest(Entry a, Entry b) {
    return OLDEST.compare(a, b) < 0 ? b.time() : a.time();
  }

  /// Whether the same managers own the same fields, whenever they wrote.
  public boolean sameOwners(ManagedFields other) {
    return entries.size() == other.entries.size()
        && entries.stream().allMatch(entry -> other.of(entry.manager()).equals(entry.fields()));
  }

  @Override
  public String toString() {
    return encode().toString();
  }
}
