package io.nave.apiserver.accounts;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.Subresource;
import io.nave.apiserver.registry.Faults;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `serviceaccounts/NAME/token`: a new token for who may `create` that subresource.
public final class TokenRequests {
  private static final ResourceType KIND =
      ResourceType.of("authentication.k8s.io", "v1", "TokenRequest", "tokenrequests", true);
  private static final ResourceType SECRETS = ResourceType.of("", "v1", "Secret", "secrets", true);

  private static final long SECONDS_MIN = 600;
  private static final long SECONDS_MAX = 1L << 32;
  private static final long SECONDS_DEFAULT = 3600;

  private final AccountTokens tokens;

  public TokenRequests(AccountTokens tokens) {
    this.tokens = tokens;
  }

  public Subresource subresource() {
    return Subresource.asking("token", KIND, this::answer);
  }

  private ApiObject answer(Subresource.Question question) {
    var account = question.object();
    var spec = question.body().spec();
    checkName(account, question.body());
    var seconds = spec.path("expirationSeconds").asLong(SECONDS_DEFAULT);
    check(seconds, account.name());
    var lasting = Math.min(seconds, AccountTokens.LIFETIME_MAX.toSeconds());
    var audiences = audiences(spec);
    var bound = bound(account, spec.path("boundObjectRef"));
    var now = question.now().truncatedTo(ChronoUnit.SECONDS);
    var end = now.plus(Duration.ofSeconds(lasting));
    var token = tokens.issue(account, bound, audiences, now, end);
    var answer = Json.object().put("apiVersion", KIND.apiVersion()).put("kind", KIND.kind());
    answer
        .putObject("metadata")
        .put("name", account.name())
        .put("namespace", account.namespace())
        .put("creationTimestamp", now.toString());
    var told = answer.putObject("spec");
    audiences.forEach(told.putArray("audiences")::add);
    told.put("expirationSeconds", lasting);
    told.set("boundObjectRef", bound == null ? null : spec.path("boundObjectRef").deepCopy());
    answer.putObject("status").put("token", token).put("expirationTimestamp", end.toString());
    return ApiObject.of(answer);
  }

  private static void checkName(ApiObject account, ApiObject body) {
    if (!body.name().isEmpty() && !body.name().equals(account.name())) {
      throw ApiError.badRequest(
          "must match the service account name: the TokenRequest names %s, the path %s"
              .formatted(body.name(), account.name()));
    }
    if (!body.namespace().isEmpty() && !body.namespace().equals(account.namespace())) {
      throw ApiError.badRequest(
          "namespace does not match the service account: the TokenRequest names %s, the path %s"
              .formatted(body.namespace(), account.namespace()));
    }
  }

  private static void check(long seconds, String name) {
    var faults = new Faults();
    if (seconds < SECONDS_MIN) {
      faults.invalid(
          "spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
    }
    if (seconds > SECONDS_MAX) {
      faults.invalid(
          "spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
    }
    faults.raise(KIND, name);
  }

  private List<String> audiences(JsonNode spec) {
    var wanted = new ArrayList<String>();
    spec.path("audiences").forEach(each -> wanted.add(each.asString("")));
    return wanted.isEmpty() ? tokens.audiences() : wanted;
  }

  private @Nullable ApiObject bound(ApiObject account, JsonNode reference) {
    if (!reference.isObject()) {
      return null;
    }
    var kind = reference.path("kind").asString("");
    var version = reference.path("apiVersion").asString("");
    if (!kind.equals("Secret") || !version.equals("v1")) {
      throw ApiError.badRequest(
          "cannot bind token for serviceaccount \"%s\" to %s: this server binds to v1 Secrets"
              .formatted(account.name(), (version + " " + kind).strip()));
    }
    var name = reference.path("name").asString("");
    var secret =
        tokens
            .secret(account.namespace(), name)
            .orElseThrow(() -> ApiError.notFound(SECRETS, name));
    var uid = reference.path("uid").asString("");
    if (!uid.isEmpty() && !uid.equals(secret.uid())) {
      throw ApiError.conflict(
          SECRETS,
          name,
          "the UID in the bound object reference (%s) does not match the UID in record. The object might have been deleted and then recreated"
              .formatted(uid));
    }
    return secret;
  }
}
