package io.nave.apiserver.http;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.runtime.Service;

/// Create, update, patch and delete.
final class Writes {
  private final Api api;

  Writes(Api api) {
    this.api = api;
  }

  Service.Reply create(Call call) {
    plainOnly(call);
    var options = WriteOptions.of(call, Verb.CREATE);
    var object = BodyChecks.created(call.target(), Bodies.object(call.request()));
    var subresource = call.target().subresource();
    var written = api.create(call.caller(), call.type(), object, subresource, options);
    call.trail().created = written.object().name();
    return written(201, written);
  }

  Service.Reply update(Call call) {
    plainOnly(call);
    var options = WriteOptions.of(call, Verb.UPDATE);
    var object = BodyChecks.updated(call.target(), Bodies.object(call.request()));
    var subresource = call.target().subresource();
    return written(api.update(call.caller(), call.type(), object, subresource, options));
  }

  Service.Reply patch(Call call) {
    plainOnly(call);
    var options = WriteOptions.of(call, Verb.PATCH);
    var target = call.target();
    var sent = Bodies.patch(call.request());
    WriteOptions.checkApply(call.query(), sent.form());
    var manager = options.fieldManager();
    var patch = new Patch(sent.form(), sent.body(), manager, call.query().flag("force"));
    return written(
        api.patch(call.caller(), call.type(), target.key(), target.subresource(), patch, options));
  }

  Service.Reply delete(Call call) {
    plainOnly(call);
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
        ? written(200, written)
        : Replies.object(200, gone(call.type(), object), written.warnings());
  }

  Service.Reply deleteAll(Call call) {
    plainOnly(call);
    var body = Bodies.options(call.request()).orElseGet(Json::object);
    var page =
        api.deleteAll(
            call.caller(),
            call.type(),
            call.target().namespace(),
            Reads.selection(call),
            WriteOptions.of(call, Verb.DELETECOLLECTION, body));
    var type = call.type();
    return Listing.reply(type.apiVersion(), type.listKind(), page, ApiObject::bytes);
  }

  /// Tables are for reading; a client that takes nothing else learns it before anything is done.
  private static void plainOnly(Call call) {
    Media.of(call.request().headers().getOrDefault("accept", ""), false);
  }

  private static Service.Reply written(int status, Api.Written written) {
    return Replies.object(status, written.object(), written.warnings());
  }

  private static Service.Reply written(Api.Written written) {
    return written(written.created() ? 201 : 200, written);
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
