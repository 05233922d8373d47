package io.nave.apiserver.http;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.runtime.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Create, update, patch and delete.
final class Writes {
  private final Api api;
  private final Forms forms;

  Writes(Api api, Forms forms) {
    this.api = api;
    this.forms = forms;
  }

  Service.Reply create(Call call) {
    var form = form(call);
    var options = WriteOptions.of(call, Verb.CREATE);
    var twice = new Twice();
    var object = BodyChecks.created(call.target(), Bodies.object(call.request(), twice));
    var doubts = twice.warnings(call, options);
    var subresource = call.target().subresource();
    var written = api.create(call.caller(), call.type(), object, subresource, options);
    call.trail().created = written.object().name();
    return written(201, told(doubts, written), form);
  }

  Service.Reply update(Call call) {
    var form = form(call);
    var options = WriteOptions.of(call, Verb.UPDATE);
    var twice = new Twice();
    var object = BodyChecks.updated(call.target(), Bodies.object(call.request(), twice));
    var doubts = twice.warnings(call, options);
    var subresource = call.target().subresource();
    var written = api.update(call.caller(), call.type(), object, subresource, options);
    return written(told(doubts, written), form);
  }

  Service.Reply patch(Call call) {
    var form = form(call);
    var options = WriteOptions.of(call, Verb.PATCH);
    var target = call.target();
    var twice = new Twice();
    var sent = Bodies.patch(call.request(), twice);
    var doubts = twice.warnings(call, options);
    WriteOptions.checkApply(call.query(), sent.form());
    var manager = options.fieldManager();
    var patch = new Patch(sent.form(), sent.body(), manager, call.query().flag("force"));
    var written =
        api.patch(call.caller(), call.type(), target.key(), target.subresource(), patch, options);
    return written(told(doubts, written), form);
  }

  /// With what was found before anything was written.
  private static Api.Written told(List<String> doubts, Api.Written written) {
    if (doubts.isEmpty()) {
      return written;
    }
    var all = new ArrayList<>(doubts);
    all.addAll(written.warnings());
    return new Api.Written(written.object(), all, written.created());
  }

  Service.Reply delete(Call call) {
    var form = form(call);
    var body = Bodies.options(call.request()).orElseGet(Json::object);
    var written =
        api.delete(
            call.caller(),
            call.type(),
            call.target().key(),
            WriteOptions.preconditions(body),
            WriteOptions.of(call, Verb.DELETE, body));
    var object = written.object();
    return held(object)
        ? written(WriteOptions.saysNotToOrphan(call, body) ? 202 : 200, written, form)
        : Replies.object(200, gone(call.type(), object).bytes(), written.warnings());
  }

  /// All that is selected, or a page of it.
  Service.Reply deleteAll(Call call) {
    ListChecks.list(call.query());
    var form = forms.lists(call, call.media());
    var body = Bodies.options(call.request()).orElseGet(Json::object);
    return form.apply(
        api.deleteAll(
            call.caller(),
            call.type(),
            call.target().namespace(),
            Reads.selection(call),
            Reads.paging(call.query()),
            WriteOptions.preconditions(body),
            WriteOptions.of(call, Verb.DELETECOLLECTION, body)));
  }

  /// The form of the answer: a client that takes none of ours learns it before anything is done.
  private Function<ApiObject, byte[]> form(Call call) {
    return forms.encoder(call, call.media());
  }

  private static Service.Reply written(
      int status, Api.Written written, Function<ApiObject, byte[]> form) {
    return Replies.object(status, form.apply(written.object()), written.warnings());
  }

  private static Service.Reply written(Api.Written written, Function<ApiObject, byte[]> form) {
    return written(written.created() ? 201 : 200, written, form);
  }

  /// Marked, and waiting for someone to finish: namespaces carry their finalizers in `spec`.
  private static boolean held(ApiObject object) {
    return object.deleting()
        && (!object.finalizers().isEmpty() || !object.at("/spec/finalizers").isEmpty());
  }

  private static ApiObject gone(ResourceType type, ApiObject object) {
    var status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    var details = status.putObject("details");
    details.put("name", object.name());
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    details.put("kind", type.plural()).put("uid", object.uid());
    return ApiObject.of(status);
  }
}
