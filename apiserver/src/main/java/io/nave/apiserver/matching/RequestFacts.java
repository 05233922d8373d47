package io.nave.apiserver.matching;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.Caller;
import io.nave.apiserver.admission.Admission.Operation;
import io.nave.apiserver.admission.Admission.Request;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A request as an `AdmissionRequest` tells it: to webhooks whole, to CEL expressions without its
/// objects.
public final class RequestFacts {
  private RequestFacts() {}

  /// Everything but `uid`, `object` and `oldObject`.
  ///
  /// @param form the version in which it is told
  public static ObjectNode of(Request request, ResourceType form) {
    var facts = Json.object();
    facts.set("kind", kind(form));
    facts.set("resource", resource(form));
    put(facts, "subResource", request.subresource());
    facts.set("requestKind", kind(request.forms().asked()));
    facts.set("requestResource", resource(request.forms().asked()));
    put(facts, "requestSubResource", request.subresource());
    put(facts, "name", request.object().name());
    // As there, a namespace is in itself.
    put(
        facts,
        "namespace",
        request.isAbout("", "namespaces") ? request.object().name() : request.object().namespace());
    facts.put("operation", request.operation().name());
    facts.set("userInfo", user(request.caller()));
    facts.put("dryRun", request.options().dryRun());
    facts.set("options", options(request));
    return facts;
  }

  /// The object as it is told in that version; null for a DELETE.
  public static @Nullable ApiObject object(Request request, ResourceType form) {
    return request.operation() == Operation.DELETE
        ? null
        : request.forms().shown(request.object(), form);
  }

  /// The stored object as it is told in that version; null for a CREATE.
  public static @Nullable ApiObject oldObject(Request request, ResourceType form) {
    var old = request.old();
    return old == null ? null : request.forms().shown(old, form);
  }

  private static ObjectNode kind(ResourceType type) {
    return Json.object()
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
  }

  private static ObjectNode resource(ResourceType type) {
    return Json.object()
        .put("group", type.group())
        .put("version", type.version())
        .put("resource", type.plural());
  }

  private static ObjectNode user(Caller caller) {
    var user = Json.object().put("username", caller.user());
    put(user, "uid", caller.uid());
    caller.groups().forEach(user.putArray("groups")::add);
    if (!caller.extra().isEmpty()) {
      var extra = user.putObject("extra");
      new TreeMap<>(caller.extra())
          .forEach((key, values) -> values.forEach(extra.putArray(key)::add));
    }
    return user;
  }

  private static ObjectNode options(Request request) {
    var given = request.options();
    var form = given.form().isEmpty() ? plain(request.operation()) : given.form();
    var options = Json.object().put("kind", form).put("apiVersion", "meta.k8s.io/v1");
    if (given.dryRun()) {
      options.putArray("dryRun").add("All");
    }
    put(options, "fieldManager", given.fieldManager());
    if (!form.equals("DeleteOptions")) {
      put(options, "fieldValidation", given.fieldValidation());
    }
    return options;
  }

  private static String plain(Operation operation) {
    return switch (operation) {
      case CREATE -> "CreateOptions";
      case UPDATE -> "UpdateOptions";
      case DELETE -> "DeleteOptions";
    };
  }

  private static void put(ObjectNode node, String field, String text) {
    if (!text.isEmpty()) {
      node.put(field, text);
    }
  }
}
