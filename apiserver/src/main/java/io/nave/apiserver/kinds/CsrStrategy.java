package io.nave.apiserver.kinds;

import static io.nave.apiserver.kinds.CertificateSigningRequest.APPROVED;
import static io.nave.apiserver.kinds.CertificateSigningRequest.DENIED;
import static io.nave.apiserver.kinds.CertificateSigningRequest.FAILED;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.apiserver.Caller;
import io.nave.apiserver.admission.Admission.Operation;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Faults;
import io.nave.apiserver.registry.Trees;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Certificate requests: who asks is what the server saw, the wish never changes, `/approval` only
/// decides, `/status` only answers. Who may decide and answer is asked of `CsrRights`, what is
/// well-formed of `CsrRules`.
final class CsrStrategy extends BuiltIn {
  private static final String APPROVAL = "approval";
  private static final String CONDITIONS = "conditions";
  private static final List<String> DECISIONS = List.of(APPROVED, DENIED, FAILED);

  @Override
  public List<String> selectableFields() {
    return List.of("spec.signerName");
  }

  @Override
  public List<String> subresources() {
    return List.of(APPROVAL);
  }

  @Override
  public ApiObject prepare(Request request) {
    var old = request.old();
    if (request.operation() == Operation.CREATE || old == null) {
      return request.object().edit(csr -> identify(csr, request.caller()));
    }
    var next =
        request
            .object()
            .edit(csr -> {
              Trees.put(csr, "spec", old.json().get("spec"));
              stamp(csr.path("status").path(CONDITIONS), old, request.now());
            });
    if (request.subresource().equals(APPROVAL)) {
      CsrRights.checkApprove(request.with(next));
    } else if (request.subresource().equals("status")) {
      CsrRights.checkSign(request.with(next));
    }
    return next;
  }

  private static void identify(ObjectNode csr, Caller caller) {
    var spec = csr.withObjectProperty("spec");
    spec.remove(List.of("username", "uid", "groups", "extra"));
    spec.put("username", caller.user());
    if (!caller.uid().isEmpty()) {
      spec.put("uid", caller.uid());
    }
    if (!caller.groups().isEmpty()) {
      caller.groups().forEach(spec.putArray("groups")::add);
    }
    if (!caller.extra().isEmpty()) {
      var extra = spec.putObject("extra");
      new TreeMap<>(caller.extra())
          .forEach((key, values) -> values.forEach(extra.putArray(key)::add));
    }
  }

  /// Times the sender left out: an update happens now, a transition when the status changed.
  private static void stamp(JsonNode conditions, ApiObject old, Instant now) {
    var second = now.truncatedTo(ChronoUnit.SECONDS).toString();
    for (var node : conditions) {
      if (node instanceof ObjectNode condition) {
        var before = find(old, condition.path("type").asString(""));
        if (!condition.hasNonNull("lastUpdateTime")) {
          condition.put("lastUpdateTime", second);
        }
        if (!condition.hasNonNull("lastTransitionTime")) {
          var same = before.path("status").equals(condition.path("status"));
          condition.put(
              "lastTransitionTime",
              same ? before.path("lastTransitionTime").asString(second) : second);
        }
      }
    }
  }

  static JsonNode find(ApiObject csr, String type) {
    for (var condition : csr.at("/status/conditions")) {
      if (condition.path("type").asString("").equals(type)) {
        return condition;
      }
    }
    return Json.object();
  }

  @Override
  public ApiObject merge(String subresource, ApiObject old, ApiObject sent) {
    var decides = subresource.equals(APPROVAL);
    var conditions = Json.object().putArray(CONDITIONS);
    take(conditions, old, decides, !decides);
    take(conditions, sent, decides, decides);
    return old.edit(csr -> {
      var status = csr.withObjectProperty("status");
      Trees.put(status, CONDITIONS, conditions.isEmpty() ? null : conditions);
      if (!decides) {
        Trees.put(status, "certificate", sent.json().path("status").get("certificate"));
      }
    });
  }

  /// Adds the conditions that are decisions, or those that are not. `/approval` takes the decisions
  /// from what was sent and leaves the rest; `/status` the other way round, but for Failed, which
  /// signers may set too.
  private static void take(
      ArrayNode into, ApiObject from, boolean byApproval, boolean wantDecisions) {
    for (var condition : from.at("/status/conditions")) {
      var type = condition.path("type").asString("");
      var decision =
          byApproval ? DECISIONS.contains(type) : type.equals(APPROVED) || type.equals(DENIED);
      if (decision == wantDecisions) {
        into.add(condition.deepCopy());
      }
    }
  }

  @Override
  public void validate(Request request, Faults faults) {
    var old = request.old();
    CsrRules.validate(request.object(), old, faults);
    if (old != null) {
      CsrRules.validateChange(old, request.object(), DECISIONS, faults);
    }
  }

  /// Requested duration and condition, as `kubectl get` shows them.
  static List<Object> cells(ApiObject csr) {
    var seconds = csr.at("/spec/expirationSeconds").asLong(0);
    return List.of(seconds == 0 ? "<none>" : Durations.human(seconds), condition(csr));
  }

  private static String condition(ApiObject csr) {
    var text = new StringBuilder();
    var denied = find(csr, DENIED).has("type");
    var approved = find(csr, APPROVED).has("type");
    text.append(denied ? DENIED : approved ? APPROVED : "Pending");
    if (find(csr, FAILED).has("type")) {
      text.append(",Failed");
    }
    if (!csr.at("/status/certificate").asString("").isEmpty()) {
      text.append(",Issued");
    }
    return text.toString();
  }
}
