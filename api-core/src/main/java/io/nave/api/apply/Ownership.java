package io.nave.api.apply;

import io.nave.api.ApiError;
import io.nave.api.schema.Shape;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What writes do to the owners of an object's fields, and what an apply does to the object.
///
/// The objects given have no `metadata.managedFields`, and nothing here changes them. Sets of
/// owners that wrote in another version of the kind are taken as they are: versions name the same
/// fields.
///
/// @param shape of the kind's objects
/// @param blank what an object of the kind is before anybody wrote it
public record Ownership(Shape shape, ObjectNode blank) {
  /// What the server keeps itself: nobody owns it.
  private static final FieldSet NOBODYS =
      FieldSet.EMPTY
          .with("f:apiVersion")
          .with("f:kind")
          .with("f:metadata")
          .with("f:metadata", "f:name")
          .with("f:metadata", "f:namespace")
          .with("f:metadata", "f:creationTimestamp")
          .with("f:metadata", "f:selfLink")
          .with("f:metadata", "f:uid")
          .with("f:metadata", "f:clusterName")
          .with("f:metadata", "f:generation")
          .with("f:metadata", "f:managedFields")
          .with("f:metadata", "f:resourceVersion");

  /// @param object as merged, a private tree
  public record Applied(ObjectNode object, ManagedFields owners) {}

  /// The owners after a create, an update or a patch.
  ///
  /// @param live the object before; [#blank] for a create
  /// @param owners as they were
  /// @param now when `self` wrote
  public ManagedFields update(
      ObjectNode live, ObjectNode next, ManagedFields owners, Manager self, Instant now) {
    var difference = Difference.between(live, next, shape);
    if (difference.isEmpty()) {
      return owners;
    }
    var said = difference.said();
    var before = reconciled(owners);
    var left = before.others(self, fields -> fields.minus(said).minus(difference.removed()));
    var own = before.of(self).minus(difference.removed());
    var taken = said.minus(NOBODYS);
    // Who only removes fields owns no more than before, and keeps the time of its last word.
    return left.with(self, own.union(taken), taken.isEmpty() ? before.timeOf(self) : now).capped();
  }

  /// Applies a configuration: merges it, and takes out what `self` applied before, applies no more,
  /// and nobody else owns.
  ///
  /// @param owners as they were; none: all that is there belongs to [Manager#BEFORE]
  /// @param self an applying manager
  /// @param force whether to take fields that others own with other values
  /// @throws ApiError Conflict naming each of those fields, without `force`; BadRequest when an
  ///   element of a list is there twice or lacks what names it
  public Applied apply(
      ObjectNode live,
      ObjectNode config,
      ManagedFields owners,
      Manager self,
      boolean force,
      Instant now) {
    Configuration.check(config, shape);
    var before = reconciled(owners.isEmpty() ? firstOwners(live, self, now) : owners);
    var last = before.of(self);
    var wanted = FieldSets.of(config, shape);
    var claimed = before.with(self, wanted, before.timeOf(self));
    var merged = (ObjectNode) pruned(Merge.of(live, config, shape), last, claimed);
    var difference = Difference.between(live, merged, shape);
    if (!force) {
      refuse(live, difference, claimed, self);
    }
    var said = difference.said();
    var after = claimed.others(self, fields -> fields.minus(said).minus(difference.removed()));
    var wrote = !difference.isEmpty() || last.isEmpty() ? now : before.timeOf(self);
    if (self.name().equals(Manager.KUBECTL)) {
      LastApplied.keepUp(merged, config);
    }
    return new Applied(merged, after.with(self, wanted.minus(NOBODYS), wrote));
  }

  /// What is there already belongs to someone else than who applies first.
  private ManagedFields firstOwners(ObjectNode live, Manager self, Instant now) {
    var someone = new Manager(Manager.BEFORE, false, self.apiVersion(), "");
    return update(blank, live, ManagedFields.NONE, someone, now);
  }

  private ManagedFields reconciled(ManagedFields owners) {
    var next = owners;
    for (var entry : owners.entries()) {
      var fields = FieldSets.reconciled(entry.fields(), shape);
      if (!fields.equals(entry.fields())) {
        next = next.with(entry.manager(), fields, entry.time());
      }
    }
    return next;
  }

  /// Takes out what was applied last time and is owned by nobody now.
  private JsonNode pruned(JsonNode merged, FieldSet last, ManagedFields owners) {
    if (last.isEmpty()) {
      return merged;
    }
    var gone = way(last);
    var there = fieldsOf(merged);
    // First everything of last time goes, with what stands below it; of that, what somebody owns
    // comes back; and so does what was never ours.
    var kept = fieldsOf(Removal.of(merged, gone, shape)).union(way(owners.all()));
    var withOwned = Removal.of(merged, there.minus(kept), shape);
    var dangling = there.minus(fieldsOf(withOwned)).intersect(gone);
    return Removal.of(merged, dangling, shape);
  }

  private FieldSet fieldsOf(JsonNode object) {
    return way(FieldSets.of(object, shape));
  }

  private FieldSet way(FieldSet fields) {
    return FieldSets.withWay(fields, shape);
  }

  private void refuse(ObjectNode live, Difference difference, ManagedFields owners, Manager self) {
    var conflicts = ApplyConflicts.between(difference, owners, self);
    if (conflicts.isEmpty()) {
      return;
    }
    var allowed =
        self.name().equals(Manager.KUBECTL)
            ? LastApplied.stillTrue(live, self.apiVersion(), shape)
            : FieldSet.EMPTY;
    var left = conflicts.without(allowed);
    if (!left.isEmpty()) {
      throw left.toError();
    }
  }

  /// The owners that a client's object names, or the present ones when it names none that can be
  /// read: a client that does not know of owners must not take them off.
  ///
  /// @param sent `metadata.managedFields` of what was sent
  public static ManagedFields told(@Nullable JsonNode sent, ManagedFields present) {
    if (ManagedFields.resets(sent)) {
      return ManagedFields.NONE;
    }
    try {
      var told = ManagedFields.decode(sent);
      return told.isEmpty() ? present : told;
    } catch (IllegalArgumentException e) {
      return present;
    }
  }
}
