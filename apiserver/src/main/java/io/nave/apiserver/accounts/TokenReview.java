package io.nave.apiserver.accounts;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.authn.Authentication;
import io.nave.apiserver.authn.TokenAuthenticator.Proof;
import io.nave.apiserver.registry.Strategy;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Whose token is this? The answer repeats the token, as upstream's does; nothing of it is kept.
final class TokenReview implements Strategy {
  private final Authentication authentication;

  TokenReview(Authentication authentication) {
    this.authentication = authentication;
  }

  @Override
  public boolean builtIn() {
    return true;
  }

  @Override
  public boolean virtual() {
    return true;
  }

  @Override
  public ApiObject prepare(Request request) {
    var spec = request.object().spec();
    var token = spec.path("token").asString("");
    if (token.isEmpty()) {
      throw ApiError.badRequest("token is required for TokenReview in authentication");
    }
    var audiences = new ArrayList<String>();
    spec.path("audiences").forEach(each -> audiences.add(each.asString("")));
    return request
        .object()
        .edit(review -> {
          review.putObject("metadata").putNull("creationTimestamp");
          answer(review.putObject("status"), token, audiences);
        });
  }

  private void answer(ObjectNode status, String token, List<String> audiences) {
    try {
      authentication
          .review(token, audiences)
          .ifPresentOrElse(proof -> tell(status, proof), () -> status.putObject("user"));
    } catch (ApiError e) {
      status.putObject("user");
      status.put("error", e.getMessage());
    }
  }

  private static void tell(ObjectNode status, Proof proof) {
    status.put("authenticated", true);
    status.set("user", IdentityKinds.userInfo(proof.caller()));
    if (!proof.audiences().isEmpty()) {
      proof.audiences().forEach(status.putArray("audiences")::add);
    }
  }
}
