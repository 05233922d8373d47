package io.nave.api.patch;

import io.nave.api.ApiError;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import java.util.Locale;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Applies patches of every form that a body alone decides. Server-side apply needs the object's
/// field owners too and is not one of them.
public final class Patches {
  private Patches() {}

  /// The object as the patch leaves it: a private tree that shares nothing with `original` or the
  /// patch. Only the content changes; what the system owns (uid, revision, times) is the caller's
  /// to restore.
  ///
  /// @throws ApiError UnsupportedMediaType when objects of this type take no patch of this form;
  ///   BadRequest or Invalid when the patch is wrong or does not fit the object; Conflict when it
  ///   asks for a uid or resourceVersion that the object no longer has
  public static ObjectNode apply(ObjectNode original, Patch patch, ResourceType type) {
    var patched =
        switch (patch.form()) {
          case MERGE -> MergePatch.apply(original, objectOf(patch.body()));
          case JSON -> new JsonPatch(type, nameOf(original)).apply(original, patch.body());
          case STRATEGIC -> {
            if (!MergeKeys.builtIn(type)) {
              throw unsupported(type);
            }
            yield new StrategicPatch(type.kind()).apply(original, objectOf(patch.body()));
          }
          case APPLY -> throw unsupported(type);
        };
    checkPreconditions(original, patched, type);
    return patched;
  }

  /// The refusal of a form that objects of this type do not take, in Kubernetes' words.
  public static ApiError unsupported(ResourceType type) {
    var accepted = new StringJoiner(", ");
    accepted.add(Patch.Form.JSON.mediaType()).add(Patch.Form.MERGE.mediaType());
    if (MergeKeys.builtIn(type)) {
      accepted.add(Patch.Form.STRATEGIC.mediaType());
    }
    return ApiError.unsupportedMediaType(
        "the body of the request was in an unknown format - accepted media types include: "
            + accepted);
  }

  private static ObjectNode objectOf(JsonNode body) {
    if (body instanceof ObjectNode object) {
      return object;
    }
    throw ApiError.badRequest(
        "the patch must be a JSON object, but it is "
            + body.getNodeType().name().toLowerCase(Locale.ROOT));
  }

  private static void checkPreconditions(
      ObjectNode original, ObjectNode patched, ResourceType type) {
    var uid = patched.path("metadata").path("uid").asString("");
    var uidNow = original.path("metadata").path("uid").asString("");
    if (!uid.isEmpty() && !uidNow.isEmpty() && !uid.equals(uidNow)) {
      throw ApiError.conflict(
          type,
          nameOf(original),
          "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + uidNow);
    }
    var revision = patched.path("metadata").path("resourceVersion").asString("");
    var revisionNow = original.path("metadata").path("resourceVersion").asString("");
    if (!revision.isEmpty() && !revisionNow.isEmpty() && !revision.equals(revisionNow)) {
      throw ApiError.conflict(
          type,
          nameOf(original),
          "the object has been modified; please apply your changes to the latest version and try"
              + " again");
    }
  }

  private static String nameOf(ObjectNode object) {
    return object.path("metadata").path("name").asString("");
  }
}
