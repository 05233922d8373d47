package io.nave.apiserver.webhooks;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.patch.Patches;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.matching.RequestFacts;
import io.nave.apiserver.outbound.Calls;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/// One question to one webhook, in `admission.k8s.io/v1`, and its answer, in Kubernetes' words.
final class WebhookCall {
  private static final String VERSION = "admission.k8s.io/v1";
  private static final int SAID_CHARACTERS_MAX = 200; // of an answer that is none

  /// The webhook gave no answer that counts: what its failure policy is for.
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  private final Calls calls;
  private final Hook hook;

  WebhookCall(Calls calls, Hook hook) {
    this.calls = calls;
    this.hook = hook;
  }

  /// Asks.
  ///
  /// @param uid of the question, new for each
  /// @return the object, in the version in which it was asked about, as a mutating webhook changed
  ///   it; null when it did not
  /// @throws ApiError when the webhook says no
  /// @throws Failed when it says nothing, or what cannot be understood
  @Nullable ApiObject ask(Request request, ResourceType form, String uid, boolean mutating) {
    var object = RequestFacts.object(request, form);
    var response = response(send(review(request, form, object, uid)), uid);
    note(request, response);
    if (!response.path("allowed").asBoolean(false)) {
      throw denied(response.path("status"));
    }
    return mutating && object != null ? patched(object, response, form) : null;
  }

  private static byte[] review(
      Request request, ResourceType form, @Nullable ApiObject object, String uid) {
    var review = Json.object().put("kind", "AdmissionReview").put("apiVersion", VERSION);
    var asked = review.putObject("request").put("uid", uid);
    asked.setAll(RequestFacts.of(request, form));
    var old = RequestFacts.oldObject(request, form);
    asked.set("object", object == null ? NullNode.getInstance() : object.json());
    asked.set("oldObject", old == null ? NullNode.getInstance() : old.json());
    return Json.encode(review);
  }

  private JsonNode send(byte[] review) {
    var url = hook.clientConfig().url() + "?timeout=" + hook.timeoutSeconds() + "s";
    Transport.Response answer;
    try {
      answer =
          calls.send(
              "POST",
              url,
              hook.clientConfig().caPem(),
              review,
              Duration.ofSeconds(hook.timeoutSeconds()));
    } catch (Transport.Unreachable e) {
      throw new Failed("failed to call webhook: Post \"" + url + "\": " + e.getMessage());
    }
    if (answer.status() != 200) {
      throw new Failed("failed to call webhook: " + told(answer));
    }
    try {
      return Json.parse(answer.body());
    } catch (ApiError e) {
      throw new Failed(
          "received invalid webhook response: expected an AdmissionReview, found \""
              + start(answer.body())
              + "\"");
    }
  }

  /// As client-go puts an answer that is no success.
  private static String told(Transport.Response answer) {
    return switch (answer.status()) {
      case 404 -> "the server could not find the requested resource";
      case 500 ->
          "an error on the server (\""
              + start(answer.body())
              + "\") has prevented the request from succeeding";
      default ->
          "the server responded with the status code "
              + answer.status()
              + " but did not return more information";
    };
  }

  private static String start(byte[] body) {
    var text =
        new String(body, 0, Math.min(body.length, SAID_CHARACTERS_MAX), StandardCharsets.UTF_8);
    return text.strip().replaceAll("\\p{Cntrl}", " ");
  }

  private static JsonNode response(JsonNode review, String uid) {
    var version = review.path("apiVersion").asString("");
    var kind = review.path("kind").asString("");
    if (!version.equals(VERSION) || !kind.equals("AdmissionReview")) {
      throw new Failed(
          "received invalid webhook response: expected webhook response of "
              + VERSION
              + ", Kind=AdmissionReview, got "
              + version
              + ", Kind="
              + kind);
    }
    var response = review.path("response");
    if (!response.isObject()) {
      throw new Failed("received invalid webhook response: webhook response was absent");
    }
    var found = response.path("uid").asString("");
    if (!found.equals(uid)) {
      throw new Failed(
          "received invalid webhook response: expected response.uid=\""
              + uid
              + "\", got \""
              + found
              + "\"");
    }
    return response;
  }

  private void note(Request request, JsonNode response) {
    for (var warning : response.path("warnings")) {
      request.warn().accept(warning.asString(""));
    }
    for (var note : response.path("auditAnnotations").properties()) {
      request
          .options()
          .notes()
          .note(hook.name() + "/" + note.getKey(), note.getValue().asString(""));
    }
  }

  private ApiError denied(JsonNode status) {
    var code = Math.max(status.path("code").asInt(0), 400);
    var said = status.path("message").asString("");
    var reason = status.path("reason").asString("");
    var why = said.isEmpty() ? reason : said;
    var message =
        "admission webhook \""
            + hook.name()
            + "\" denied the request"
            + (why.isEmpty() ? " without explanation" : ": " + why);
    var told = Json.object().put("kind", "Status").put("message", message).put("reason", reason);
    var causes = status.path("details").path("causes");
    if (causes.isArray()) {
      told.putObject("details").set("causes", causes);
    }
    return ApiError.fromAnswer(code, Json.encode(told));
  }

  private static @Nullable ApiObject patched(
      ApiObject object, JsonNode response, ResourceType form) {
    var encoded = response.path("patch").asString("");
    if (encoded.isEmpty()) {
      return null;
    }
    var type = response.path("patchType").asString("");
    if (!type.equals("JSONPatch")) {
      throw new Failed(
          type.isEmpty()
              ? "received invalid webhook response: webhook returned response.patch but not"
                  + " response.patchType"
              : "received invalid webhook response: invalid value of webhook response.patchType \""
                  + type
                  + "\": expected JSONPatch");
    }
    try {
      var patch = Json.parse(Base64.getDecoder().decode(encoded));
      return ApiObject.of(Patches.apply(object.json(), new Patch(Patch.Form.JSON, patch), form));
    } catch (IllegalArgumentException | ApiError e) {
      throw new Failed("received invalid webhook response: its patch: " + e.getMessage());
    }
  }
}
