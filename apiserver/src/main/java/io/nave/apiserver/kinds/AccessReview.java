package io.nave.apiserver.kinds;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// May somebody do something? The three access reviews: about oneself, about anybody, and about
/// anybody within one namespace.
final class AccessReview extends BuiltIn {
  private final boolean self;

  /// @param self whether it is about the caller
  AccessReview(boolean self) {
    this.self = self;
  }

  @Override
  public boolean virtual() {
    return true;
  }

  @Override
  public void validate(Request request, Faults faults) {
    var spec = request.object().spec();
    if (spec.has("resourceAttributes") == spec.has("nonResourceAttributes")) {
      faults.invalid(
          "spec.resourceAttributes",
          "",
          "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }
    if (!self && spec.path("user").asString("").isEmpty() && spec.path("groups").isEmpty()) {
      faults.invalid("spec.user", "", "at least one of user or group must be specified");
    }
    var place = request.object().namespace();
    if (request.type().namespaced()
        && !spec.at("/resourceAttributes/namespace").asString("").equals(place)) {
      faults.invalid("spec.resourceAttributes.namespace", place, "must match metadata.namespace");
    }
  }

  @Override
  public ApiObject prepare(Request request) {
    var spec = request.object().spec();
    var subject = self ? request.caller() : subject(spec);
    var decision = request.authorizer().authorize(subject, attributes(spec));
    return request
        .object()
        .edit(review -> {
          var namespace = request.object().namespace();
          review.set("metadata", Json.object());
          if (!namespace.isEmpty()) {
            review.withObjectProperty("metadata").put("namespace", namespace);
          }
          var status = review.putObject("status").put("allowed", decision.allowed());
          if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
          }
        });
  }

  private static Caller subject(JsonNode spec) {
    var extra = new TreeMap<String, List<String>>();
    for (var entry : spec.path("extra").properties()) {
      extra.put(entry.getKey(), texts(entry.getValue()));
    }
    return new Caller(
        spec.path("user").asString(""),
        spec.path("uid").asString(""),
        texts(spec.path("groups")),
        extra);
  }

  private static List<String> texts(JsonNode list) {
    var found = new ArrayList<String>();
    list.forEach(element -> found.add(element.asString("")));
    return found;
  }

  private static Api.Attributes attributes(JsonNode spec) {
    var path = spec.path("nonResourceAttributes");
    if (path.isObject()) {
      return Api.Attributes.ofPath(path.path("verb").asString(""), path.path("path").asString(""));
    }
    var asked = spec.path("resourceAttributes");
    return new Api.Attributes(
        asked.path("verb").asString(""),
        asked.path("group").asString(""),
        asked.path("resource").asString(""),
        asked.path("subresource").asString(""),
        asked.path("namespace").asString(""),
        asked.path("name").asString(""),
        "");
  }
}
