package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.apiserver.Api;

/// Which decision let a request in, or did not, as its audit event tells it: under the keys and in
/// the words of kube-apiserver.
final class AuditDecisions {
  private static final String DECISION = "authorization.k8s.io/decision";
  private static final String REASON = "authorization.k8s.io/reason";

  private AuditDecisions() {}

  static void note(Trail trail, Api.Decision decision) {
    trail.note(DECISION, decision.allowed() ? "allow" : "forbid");
    trail.note(REASON, decision.reason());
  }

  /// Asks once more what the verb will ask: only for requests of which an event tells it.
  static void note(Call call, Verb verb, Api api) {
    var target = call.target();
    var key = new Key(target.namespace(), name(call, verb));
    var asked = Api.Attributes.of(verb.text(), target.type(), target.subresource(), key);
    note(call.trail(), api.authorize(call.caller(), asked));
  }

  /// Whoever selects one name of a collection asks about that object.
  private static String name(Call call, Verb verb) {
    if (verb == Verb.CREATE || !call.target().name().isEmpty()) {
      return call.target().name();
    }
    try {
      return Reads.selection(call).fields().getOrDefault("metadata.name", "");
    } catch (ApiError e) {
      return ""; // refused as soon as it is read
    }
  }
}
