package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.apiserver.Api;
import io.nave.runtime.Service;

/// Subresources that compute their answers.
final class Questions {
  private final Api api;

  Questions(Api api) {
    this.api = api;
  }

  /// @throws ApiError as [Api#ask]
  Service.Reply ask(Call call, Verb verb) {
    Media.of(call.request().headers().getOrDefault("accept", ""), false);
    var asked =
        verb.writes()
            ? new Api.Asked(
                verb.text(), call.query().all(), ApiObject.of(Bodies.object(call.request())))
            : Api.Asked.get(call.query().all());
    var target = call.target();
    var written =
        api.ask(
            call.caller(),
            call.type(),
            target.key(),
            target.subresource(),
            asked,
            WriteOptions.of(call, verb));
    var status = verb == Verb.CREATE ? 201 : 200;
    return Replies.object(status, written.object().bytes(), written.warnings());
  }
}
