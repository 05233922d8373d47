package io.nave.work;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Meta;
import io.nave.api.ResourceType;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Whose an applied object is: its owner references to [AppliedManifestWork]s.
public final class Ownership {
  private static final ResourceType OWNER = ResourceType.of(AppliedManifestWork.class);

  private Ownership() {}

  /// The reference that applied objects carry to this record. Not a controller reference, so that
  /// several works may own an object.
  public static Meta.OwnerReference to(ApiObject appliedWork) {
    return new Meta.OwnerReference(
        OWNER.apiVersion(), OWNER.kind(), appliedWork.name(), appliedWork.uid(), null, null);
  }

  /// The object with one more owner.
  public static ApiObject with(ApiObject object, Meta.OwnerReference owner) {
    if (isOwned(object, owner.uid())) {
      return object;
    }
    return object.editMeta(meta ->
        meta.withArrayProperty("ownerReferences")
            .addObject()
            .put("apiVersion", owner.apiVersion())
            .put("kind", owner.kind())
            .put("name", owner.name())
            .put("uid", owner.uid()));
  }

  /// The object without that owner.
  public static ApiObject without(ApiObject object, String uid) {
    return without(object, owner -> text(owner, "uid").equals(uid));
  }

  /// The object without owners that were earlier records of the same work: their names are the
  /// same, and they are gone.
  public static ApiObject withoutEarlier(ApiObject object, Meta.OwnerReference current) {
    return without(
        object,
        owner ->
            isWork(owner)
                && text(owner, "name").equals(current.name())
                && !text(owner, "uid").equals(current.uid()));
  }

  private static ApiObject without(ApiObject object, Predicate<JsonNode> unwanted) {
    var owners = object.metadata().path("ownerReferences");
    var kept = Json.object().arrayNode();
    for (var owner : owners) {
      if (!unwanted.test(owner)) {
        kept.add(owner);
      }
    }
    if (kept.size() == owners.size()) {
      return object;
    }
    return object.editMeta(meta -> {
      if (kept.isEmpty()) {
        meta.remove("ownerReferences");
      } else {
        meta.set("ownerReferences", kept);
      }
    });
  }

  /// Whether this record owns the object.
  public static boolean isOwned(ApiObject object, String uid) {
    for (var owner : object.metadata().path("ownerReferences")) {
      if (owner.path("uid").asString("").equals(uid)) {
        return true;
      }
    }
    return false;
  }

  /// Whether another work owns the object too.
  public static boolean isShared(ApiObject object, String uid) {
    for (var owner : object.metadata().path("ownerReferences")) {
      if (isWork(owner) && !text(owner, "uid").equals(uid)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWork(JsonNode owner) {
    return text(owner, "kind").equals(OWNER.kind())
        && text(owner, "apiVersion").startsWith(OWNER.group() + "/");
  }

  private static String text(JsonNode owner, String field) {
    return owner.path(field).asString("");
  }
}
