package io.nave.api;

import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A change to an object, in one of Kubernetes' forms.
///
/// A merge patch that carries `metadata.uid` or `metadata.resourceVersion` applies only when the
/// object still has them; otherwise it is refused as a Conflict.
///
/// @param fieldManager for [Form#APPLY]: who owns what is written; empty: whoever the client says
/// @param force for [Form#APPLY]: whether fields of other owners are taken over
public record Patch(Patch.Form form, JsonNode body, String fieldManager, boolean force) {
  /// A patch that is no apply, or an apply in the client's own name that takes what it needs.
  public Patch(Form form, JsonNode body) {
    this(form, body, "", true);
  }

  /// The forms, each with its media type.
  public enum Form {
    /// RFC 6902.
    JSON("application/json-patch+json"),
    /// RFC 7396.
    MERGE("application/merge-patch+json"),
    /// Kubernetes' own: lists of built-in kinds merge by key.
    STRATEGIC("application/strategic-merge-patch+json"),
    /// Server-side apply.
    APPLY("application/apply-patch+yaml");

    private final String mediaType;

    Form(String mediaType) {
      this.mediaType = mediaType;
    }

    public String mediaType() {
      return mediaType;
    }
  }

  /// A merge patch built in place.
  public static Patch merge(Consumer<ObjectNode> build) {
    var body = Json.object();
    build.accept(body);
    return new Patch(Form.MERGE, body);
  }
}
