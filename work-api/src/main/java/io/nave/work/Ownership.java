package io.nave.work;

import io.nave.api.ApiObject;
import io.nave.api.Meta;
import io.nave.api.ResourceType;

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
    if (!isOwned(object, uid)) {
      return object;
    }
    return object.editMeta(meta -> {
      var kept = meta.arrayNode();
      for (var owner : meta.path("ownerReferences")) {
        if (!owner.path("uid").asString("").equals(uid)) {
          kept.add(owner);
        }
      }
      if (kept.isEmpty()) {
        meta.remove("ownerReferences");
      } else {
        meta.set("ownerReferences", kept);
      }
    });
  }

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
      if (!owner.path("uid").asString("").equals(uid)
          && owner.path("kind").asString("").equals(OWNER.kind())
          && owner.path("apiVersion").asString("").startsWith(OWNER.group() + "/")) {
        return true;
      }
    }
    return false;
  }
}
