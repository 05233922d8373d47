package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The options of writes, from the query and from the body of a delete.
final class WriteOptions {
  /// As in Kubernetes.
  private static final int MANAGER_CHARS_MAX = 128;

  private static final List<String> POLICIES = List.of("Foreground", "Background", "Orphan", "nil");

  private WriteOptions() {}

  /// @throws ApiError Invalid naming the option
  static Api.Options of(Call call, Verb verb) {
    return of(call, verb, Json.object());
  }

  /// @param body a `DeleteOptions`, or an empty object
  /// @throws ApiError Invalid naming the option
  static Api.Options of(Call call, Verb verb, JsonNode body) {
    var query = call.query();
    var dryRun = new ArrayList<>(query.all("dryRun"));
    body.path("dryRun").forEach(value -> dryRun.add(value.asString("")));
    dryRun.removeIf(String::isEmpty);
    checkDryRun(verb, dryRun);
    var validation = query.text("fieldValidation");
    if (!validation.isEmpty()) {
      supported(verb, "fieldValidation", List.of(validation), "Ignore", "Warn", "Strict");
    }
    return new Api.Options(
        !dryRun.isEmpty(),
        validation.isEmpty() ? "Warn" : validation,
        manager(call, verb),
        propagation(call, verb, body),
        form(verb),
        call.trail()::note);
  }

  private static String form(Verb verb) {
    return switch (verb) {
      case CREATE -> "CreateOptions";
      case UPDATE -> "UpdateOptions";
      case PATCH -> "PatchOptions";
      default -> "DeleteOptions";
    };
  }

  private static void checkDryRun(Verb verb, List<String> found) {
    if (!found.stream().allMatch("All"::equals)) {
      throw invalid(
          verb,
          "dryRun",
          "FieldValueNotSupported",
          "Unsupported value: []string{\"%s\"}: supported values: \"All\""
              .formatted(String.join("\", \"", found)));
    }
  }

  /// What an apply needs, and only an apply may say.
  ///
  /// @throws ApiError Invalid naming the option
  static void checkApply(Query query, Patch.Form form) {
    if (form == Patch.Form.APPLY && query.text("fieldManager").isEmpty()) {
      throw invalid(
          Verb.PATCH,
          "fieldManager",
          "FieldValueRequired",
          "Required value: is required for apply patch");
    }
    if (form != Patch.Form.APPLY && query.has("force")) {
      throw invalid(
          Verb.PATCH,
          "force",
          "FieldValueForbidden",
          "Forbidden: may not be specified for non-apply patch");
    }
  }

  private static Api.Propagation propagation(Call call, Verb verb, JsonNode body) {
    if (verb != Verb.DELETE && verb != Verb.DELETECOLLECTION) {
      return Api.Propagation.UNSAID;
    }
    var policy = body.path("propagationPolicy").asString(call.query().text("propagationPolicy"));
    var orphan = orphanDependents(call, body);
    if (orphan != null && !policy.isEmpty()) {
      throw invalid(
          verb,
          "propagationPolicy",
          "FieldValueInvalid",
          "Invalid value: \"%s\": orphanDependents and deletionPropagation cannot be both set"
              .formatted(policy));
    }
    return switch (policy) {
      case "" ->
          orphan == null
              ? Api.Propagation.UNSAID
              : orphan ? Api.Propagation.ORPHAN : Api.Propagation.BACKGROUND;
      case "Background" -> Api.Propagation.BACKGROUND;
      case "Foreground" -> Api.Propagation.FOREGROUND;
      case "Orphan" -> Api.Propagation.ORPHAN;
      default -> throw unsupported(verb, "propagationPolicy", policy, POLICIES);
    };
  }

  /// Whether a delete says by the old word that dependents are to go: those who do are told by the
  /// status 202 that the object is still there.
  static boolean saysNotToOrphan(Call call, JsonNode body) {
    return Boolean.FALSE.equals(orphanDependents(call, body));
  }

  /// The old word for the propagation of a delete; null when it is not said.
  private static @Nullable Boolean orphanDependents(Call call, JsonNode body) {
    var told = body.path("orphanDependents");
    if (told.isBoolean()) {
      return told.asBoolean();
    }
    return call.query().has("orphanDependents") ? call.query().flag("orphanDependents") : null;
  }

  /// What must hold for a delete.
  ///
  /// @param body a `DeleteOptions`, or an empty object
  static Api.Preconditions preconditions(JsonNode body) {
    var told = body.path("preconditions");
    return new Api.Preconditions(text(told.path("uid")), text(told.path("resourceVersion")));
  }

  private static @Nullable String text(JsonNode value) {
    var text = value.asString("");
    return text.isEmpty() ? null : text;
  }

  /// As Kubernetes: who names no manager is known by the program's name in its User-Agent.
  private static String manager(Call call, Verb verb) {
    var named = call.query().text("fieldManager");
    if (named.length() > MANAGER_CHARS_MAX) {
      throw invalid(
          verb,
          "fieldManager",
          "FieldValueTooLong",
          "Too long: may not be more than " + MANAGER_CHARS_MAX + " bytes");
    }
    if (!named.isEmpty()) {
      return named;
    }
    var agent = call.request().headers().getOrDefault("user-agent", "").split("/", 2)[0];
    return agent.isEmpty()
        ? "unknown"
        : agent.substring(0, Math.min(agent.length(), MANAGER_CHARS_MAX));
  }

  private static void supported(Verb verb, String field, List<String> found, String... values) {
    for (var value : found) {
      if (!List.of(values).contains(value)) {
        throw unsupported(verb, field, value, List.of(values));
      }
    }
  }

  private static ApiError unsupported(Verb verb, String field, String value, List<String> values) {
    return invalid(
        verb,
        field,
        "FieldValueNotSupported",
        "Unsupported value: \"%s\": supported values: \"%s\""
            .formatted(value, String.join("\", \"", values)));
  }

  private static ApiError invalid(Verb verb, String field, String reason, String message) {
    var kind =
        switch (verb) {
          case CREATE -> "CreateOptions";
          case UPDATE -> "UpdateOptions";
          case PATCH -> "PatchOptions";
          case GET, LIST, WATCH, DELETE, DELETECOLLECTION -> "DeleteOptions";
        };
    var type = ResourceType.of("meta.k8s.io", "v1", kind, "options", false);
    return ApiError.invalid(type, "", List.of(new ApiError.Cause(reason, field, message)));
  }
}
