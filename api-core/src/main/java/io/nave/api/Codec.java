package io.nave.api;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Between JSON and the records that are API kinds or parts of them. Unknown fields are skipped on
/// the way in and absent ones left out on the way out; defaults are the schema's work, at the door.
public final class Codec {
  private Codec() {}

  /// The record an object holds.
  ///
  /// @throws ApiError BadRequest naming the field that does not fit
  public static <T extends Resource> T decode(ApiObject object, Class<T> type) {
    return decode(object.json(), type);
  }

  /// The record a piece of JSON holds. What is null or not there is read as one without fields, as
  /// Kubernetes' own types are.
  public static <T> T decode(JsonNode json, Class<T> type) {
    try {
      var present = json.isNull() || json.isMissingNode() ? Json.object() : json;
      return Json.mapper().treeToValue(present, type);
    } catch (DatabindException e) {
      throw ApiError.badRequest(
          type.getSimpleName()
              + " cannot be read: "
              + e.getPathReference()
              + " "
              + e.getOriginalMessage());
    } catch (JacksonException e) {
      throw ApiError.badRequest(
          type.getSimpleName() + " cannot be read: " + e.getOriginalMessage());
    }
  }

  /// The object a record stands for, with its `apiVersion` and `kind`.
  public static ApiObject encode(Resource resource) {
    var type = ResourceType.of(resource.getClass());
    var tree = Json.object();
    tree.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    tree.setAll((ObjectNode) Json.tree(resource));
    if (tree.get("metadata") instanceof ObjectNode meta && meta.path("generation").asLong(0) == 0) {
      meta.remove("generation");
    }
    return ApiObject.of(tree);
  }
}
