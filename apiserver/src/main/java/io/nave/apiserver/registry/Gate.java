package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Authorizer;
import io.nave.apiserver.Caller;

/// Refuses callers what they may not do, in Kubernetes' words.
final class Gate {
  private final Authorizer authorizer;

  Gate(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /// @throws ApiError Forbidden
  void check(Caller caller, String verb, ResourceType type, String subresource, Key key) {
    var attributes = Api.Attributes.of(verb, type, subresource, key);
    var decision = authorizer.authorize(caller, attributes);
    if (!decision.allowed()) {
      throw ApiError.forbidden(type, key.name(), denial(caller, attributes, decision.reason()));
    }
  }

  private static String denial(Caller caller, Api.Attributes asked, String reason) {
    var resource =
        asked.subresource().isEmpty()
            ? asked.resource()
            : asked.resource() + "/" + asked.subresource();
    var place =
        asked.namespace().isEmpty()
            ? "at the cluster scope"
            : "in the namespace \"" + asked.namespace() + "\"";
    return "User \""
        + caller.user()
        + "\" cannot "
        + asked.verb()
        + " resource \""
        + resource
        + "\" in API group \""
        + asked.group()
        + "\" "
        + place
        + (reason.isEmpty() ? "" : ": " + reason);
  }
}
