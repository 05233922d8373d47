package io.nave.api.apply;

import io.nave.api.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A set of fields of an object, as a tree of [Step]s. Immutable.
///
/// Its written form is Kubernetes' `FieldsV1`: an object with a property for each step, empty where
/// the field itself is in the set, and with a property `.` where both it and fields below it are.
public final class FieldSet {
  /// The set without fields.
  public static final FieldSet EMPTY = new FieldSet(false, Collections.emptySortedMap());

  static final FieldSet LEAF = new FieldSet(true, Collections.emptySortedMap());
  private static final String SELF = ".";

  private final boolean member; // whether the field this node stands for is in the set
  private final SortedMap<String, FieldSet> below;

  private FieldSet(boolean member, SortedMap<String, FieldSet> below) {
    this.member = member;
    this.below = below;
  }

  static FieldSet of(boolean member, SortedMap<String, FieldSet> below) {
    return !below.isEmpty() ? new FieldSet(member, below) : member ? LEAF : EMPTY;
  }

  /// Reads the written form.
  ///
  /// @throws IllegalArgumentException when it is not in that form
  static FieldSet decode(JsonNode json) {
    if (!(json instanceof ObjectNode object)) {
      throw new IllegalArgumentException("fieldsV1 must be an object of objects");
    }
    return decode(object, false);
  }

  private static FieldSet decode(ObjectNode json, boolean inside) {
    var member = inside && (json.isEmpty() || json.has(SELF));
    var below = new TreeMap<String, FieldSet>();
    for (var property : json.properties()) {
      if (!property.getKey().equals(SELF)) {
        if (!(property.getValue() instanceof ObjectNode child)) {
          throw new IllegalArgumentException("fieldsV1 must be an object of objects");
        }
        var decoded = decode(child, true);
        below.merge(Step.canonical(property.getKey()), decoded, FieldSet::union);
      }
    }
    return of(member, below);
  }

  /// The written form.
  ObjectNode encode() {
    var json = Json.object();
    if (member && !below.isEmpty()) {
      json.putObject(SELF);
    }
    below.forEach((step, child) -> json.set(step, child.encode()));
    return json;
  }

  /// Whether there are no fields in it.
  public boolean isEmpty() {
    return !member && below.isEmpty();
  }

  boolean member() {
    return member;
  }

  SortedMap<String, FieldSet> below() {
    return below;
  }

  /// The part below one step.
  FieldSet at(String step) {
    return below.getOrDefault(step, EMPTY);
  }

  /// The fields that are in either.
  public FieldSet union(FieldSet other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    var all = new TreeMap<>(below);
    other.below.forEach((step, child) -> all.merge(step, child, FieldSet::union));
    return of(member || other.member, all);
  }

  /// The fields that are in this and not in the other; fields below one in the other stay.
  public FieldSet minus(FieldSet other) {
    if (other.isEmpty() || isEmpty()) {
      return this;
    }
    var left = new TreeMap<String, FieldSet>();
    below.forEach((step, child) -> keep(left, step, child.minus(other.at(step))));
    return of(member && !other.member, left);
  }

  /// The fields that are in both.
  public FieldSet intersect(FieldSet other) {
    if (isEmpty() || other.isEmpty()) {
      return EMPTY;
    }
    var both = new TreeMap<String, FieldSet>();
    below.forEach((step, child) -> keep(both, step, child.intersect(other.at(step))));
    return of(member && other.member, both);
  }

  private static void keep(SortedMap<String, FieldSet> into, String step, FieldSet child) {
    if (!child.isEmpty()) {
      into.put(step, child);
    }
  }

  /// The set with one field more.
  public FieldSet with(String... path) {
    var builder = new Builder();
    var at = builder;
    for (var step : path) {
      at = at.below(step);
    }
    at.add();
    return union(builder.build());
  }

  /// The paths of the fields as messages show them, such as `.spec.ports[port=80].name`.
  public List<String> paths() {
    var paths = new ArrayList<String>();
    collect("", paths);
    return paths;
  }

  private void collect(String path, List<String> into) {
    if (member) {
      into.add(path);
    }
    below.forEach((step, child) -> child.collect(path + Step.shown(step), into));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FieldSet that && member == that.member && below.equals(that.below);
  }

  @Override
  public int hashCode() {
    return below.hashCode() * 31 + Boolean.hashCode(member);
  }

  @Override
  public String toString() {
    return paths().toString();
  }

  /// A set under construction. Belongs to one task.
  static final class Builder {
    private boolean member;
    private final SortedMap<String, Builder> below = new TreeMap<>();

    Builder below(String step) {
      return below.computeIfAbsent(step, _ -> new Builder());
    }

    /// Takes the field this stands for into the set.
    void add() {
      member = true;
    }

    FieldSet build() {
      var built = new TreeMap<String, FieldSet>();
      below.forEach((step, child) -> keep(built, step, child.build()));
      return of(member, built);
    }
  }
}
