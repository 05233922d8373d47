package io.nave.apiserver.matching;

import io.nave.api.ResourceType;
import io.nave.api.cel.AuthorizerCel;
import io.nave.api.cel.AuthorizerCel.Account;
import io.nave.api.cel.AuthorizerCel.Question;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.admission.Admission.Request;
import java.util.List;
import java.util.Map;

/// What expressions of policies and webhooks ask about who may what: the same rules that requests
/// meet.
public final class RequestAuthorizer {
  private RequestAuthorizer() {}

  /// Adds the variables of [AuthorizerCel].
  ///
  /// @param form the version in which the one who asks looks at the request
  public static void put(Request request, ResourceType form, Map<String, Object> names) {
    var authorizer =
        new AuthorizerCel.Authorizer((account, question) -> answer(request, account, question));
    var object = request.object();
    names.put(AuthorizerCel.AUTHORIZER, authorizer);
    names.put(
        AuthorizerCel.REQUEST_RESOURCE,
        new AuthorizerCel.Resource(
            authorizer,
            form.group(),
            form.plural(),
            request.subresource(),
            object.namespace(),
            object.name()));
  }

  private static AuthorizerCel.Decision answer(
      Request request, Account account, Question question) {
    var decision = request.authorizer().authorize(caller(request, account), attributes(question));
    return new AuthorizerCel.Decision(decision.allowed(), decision.reason());
  }

  private static Caller caller(Request request, Account account) {
    return account.isSender()
        ? request.caller()
        : Caller.completed(
            "system:serviceaccount:" + account.namespace() + ":" + account.name(),
            "",
            List.of(),
            Map.of());
  }

  private static Api.Attributes attributes(Question question) {
    return question.path().isEmpty()
        ? new Api.Attributes(
            question.verb(),
            question.group(),
            question.resource(),
            question.subresource(),
            question.namespace(),
            question.name(),
            "")
        : Api.Attributes.ofPath(question.verb(), question.path());
  }
}
