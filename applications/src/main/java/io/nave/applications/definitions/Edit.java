package io.nave.applications.definitions;

import io.nave.api.ApiError;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.patch.Patches;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A change that a trait makes to an object of its component.
///
/// @param target the output key of the object; [Definition#MAIN] for the main one
public record Edit(String target, Form form, JsonNode body) {
  /// How the body is read.
  public enum Form {
    /// Laid over the object ([Overlay]).
    MERGE,
    /// Laid over the object's pod template ([PodTemplate]).
    POD,
    /// RFC 7396.
    JSON_MERGE,
    /// RFC 6902; the body is the list of operations.
    JSON
  }

  /// The changed object; the given one stays as it is.
  ///
  /// @param podSpecPath where the component's definition says the pod spec is; may be empty
  /// @throws RenderFault when it does not fit the object
  public ObjectNode applyTo(ObjectNode object, String podSpecPath) {
    return switch (form) {
      case MERGE -> Overlay.of(object).lay(object, body);
      case POD -> PodTemplate.edit(object, podSpecPath, body);
      case JSON_MERGE -> patched(object, Patch.Form.MERGE);
      case JSON -> patched(object, Patch.Form.JSON);
    };
  }

  private ObjectNode patched(ObjectNode object, Patch.Form patchForm) {
    var kind = object.path("kind").asString("");
    try {
      var type = ResourceType.of("", "", kind, kind.toLowerCase(Locale.ROOT), true);
      return Patches.apply(object, new Patch(patchForm, body), type);
    } catch (ApiError e) {
      throw new RenderFault("patch: " + e.getMessage());
    }
  }
}
