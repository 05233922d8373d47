package io.nave.apiserver.accounts;

import io.nave.api.ApiObject;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Strategy;
import java.time.temporal.ChronoUnit;

/// Who am I?
final class SelfSubjectReview implements Strategy {
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
    return request
        .object()
        .edit(review -> {
          review
              .putObject("metadata")
              .put("creationTimestamp", request.now().truncatedTo(ChronoUnit.SECONDS).toString());
          review.putObject("status").set("userInfo", IdentityKinds.userInfo(request.caller()));
        });
  }
}
