package io.nave.registration.agent;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;

/// What a hub lets the one who asks do, by its own word: a SelfSubjectAccessReview.
public final class OwnRights {
  private static final ResourceType REVIEW =
      ResourceType.of(
          "authorization.k8s.io",
          "v1",
          "SelfSubjectAccessReview",
          "selfsubjectaccessreviews",
          false);

  /// A verb on a kind, on all of its objects.
  ///
  /// @param subresource empty: the objects themselves
  /// @param name only of the object of that name; empty: of all
  public record Right(String verb, String group, String resource, String subresource, String name) {
    public static Right of(String verb, String group, String resource) {
      return new Right(verb, group, resource, "", "");
    }
  }

  private OwnRights() {}

  /// Whether the hub allows it.
  ///
  /// @throws io.nave.api.ApiError Forbidden or NotFound of a hub that does not answer such
  ///   questions
  public static boolean allow(ApiClient hub, Right right) {
    var question =
        ApiObject.named(REVIEW, "", "")
            .edit(tree ->
                tree.putObject("spec")
                    .putObject("resourceAttributes")
                    .put("verb", right.verb())
                    .put("group", right.group())
                    .put("resource", right.resource())
                    .put("subresource", right.subresource())
                    .put("name", right.name()));
    return hub.create(REVIEW, question).status().path("allowed").asBoolean(false);
  }
}
