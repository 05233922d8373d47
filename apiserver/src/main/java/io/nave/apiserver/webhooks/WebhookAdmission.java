package io.nave.apiserver.webhooks;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.cel.CelBudget;
import io.nave.api.cel.CelValues;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.matching.Conditions;
import io.nave.apiserver.matching.RequestAuthorizer;
import io.nave.apiserver.matching.RequestFacts;
import io.nave.apiserver.outbound.Calls;
import io.nave.apiserver.webhooks.Registered.Due;
import io.nave.runtime.Host;
import io.nave.runtime.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.NullNode;

/// Asks the webhooks that are registered in the store: mutating ones one after the other before an
/// object is validated, validating ones side by side afterwards. Thread-safe.
///
/// A mutating webhook that asks for it is called a second time when a later one changed the object
/// after it, once. The objects that configure admission are nobody's to judge, so that a webhook
/// that refuses everything can be taken away.
public final class WebhookAdmission implements Admission {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookAdmission.class);

  /// Beyond a webhook's own time-out, which ends a call by itself.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Host host;
  private final Calls calls;
  private final Registered<MutatingWebhookConfiguration.Webhook> mutating = Registered.mutating();
  private final Registered<ValidatingWebhookConfiguration.Webhook> validating =
      Registered.validating();
  private final Map<List<Conditions.Written>, Conditions> compiled = new ConcurrentHashMap<>();

  public WebhookAdmission(Host host, Calls calls) {
    this.host = host;
    this.calls = calls;
  }

  @Override
  public boolean outside() {
    return true;
  }

  // ---- mutating

  @Override
  public ApiObject admit(Request request) {
    var due = mutating.due(request);
    if (due.isEmpty()) {
      return request.object();
    }
    var left = new HashMap<Integer, ApiObject>(); // the object as each webhook left it
    var next = request;
    for (var i = 0; i < due.size(); i++) {
      next = next.with(mutated(next, due.get(i), 0, i));
      left.put(i, next.object());
    }
    for (var i = 0; i < due.size(); i++) {
      var again = due.get(i).hook().reinvocationPolicy().equals("IfNeeded");
      if (again && !next.object().equals(left.get(i))) {
        next = next.with(mutated(next, due.get(i), 1, i));
      }
    }
    return next.object();
  }

  private ApiObject mutated(
      Request request, Due<MutatingWebhookConfiguration.Webhook> due, int round, int index) {
    var changed = asked(request, due, true, round, index);
    var next = changed == null ? request.object() : request.forms().stored(changed, due.form());
    if (!next.key().equals(request.object().key())) {
      throw failed(due.hook(), "it changed the object's name or namespace");
    }
    var note =
        Json.object()
            .put("configuration", due.entry().configuration())
            .put("webhook", due.hook().name())
            .put("mutated", !next.equals(request.object()));
    request
        .options()
        .notes()
        .note(
            "mutation.webhook.admission.k8s.io/round_" + round + "_index_" + index,
            Json.text(note));
    return next;
  }

  // ---- validating

  @Override
  public void check(Request request) {
    var due = validating.due(request);
    if (due.size() == 1) {
      asked(request, due.getFirst(), false, 0, 0);
    } else if (!due.isEmpty()) {
      sideBySide(request, due);
    }
  }

  private void sideBySide(Request request, List<Due<ValidatingWebhookConfiguration.Webhook>> due) {
    var refusals = new ArrayList<AtomicReference<@Nullable RuntimeException>>();
    var tasks = new ArrayList<Task>();
    for (var i = 0; i < due.size(); i++) {
      var index = i;
      var refusal = new AtomicReference<@Nullable RuntimeException>();
      refusals.add(refusal);
      tasks.add(
          host.start(
              "webhook",
              () -> {
                try {
                  asked(request, due.get(index), false, 0, index);
                } catch (ApiError e) {
                  refusal.set(e);
                }
              }));
    }
    for (var i = 0; i < due.size(); i++) {
      var atMost = Duration.ofSeconds(due.get(i).hook().timeoutSeconds()).plus(GRACE);
      if (!tasks.get(i).join(atMost)) {
        tasks.get(i).cancel();
        throw failed(due.get(i).hook(), "no answer");
      }
    }
    // The first one's, whoever was quickest, so that the answer is the same every time.
    for (var refusal : refusals) {
      var refused = refusal.get();
      if (refused != null) {
        throw refused;
      }
    }
  }

  // ---- both

  /// @return the object as the webhook changed it; null when it did not, or was not to be asked
  private @Nullable ApiObject asked(
      Request request, Due<?> due, boolean mutates, int round, int index) {
    var hook = due.hook();
    if (!meets(request, due)) {
      return null;
    }
    try {
      return new WebhookCall(calls, hook).ask(request, due.form(), uid(), mutates);
    } catch (WebhookCall.Failed e) {
      if (hook.failurePolicy().equals(Hook.FAIL)) {
        throw failed(hook, String.valueOf(e.getMessage()));
      }
      LOG.atWarn()
          .addKeyValue("key", due.entry().configuration() + "/" + hook.name())
          .addKeyValue("reason", e.getMessage())
          .log("a webhook failed, and is ignored as it asks for");
      request
          .options()
          .notes()
          .note(
              "failed-open."
                  + (mutates ? "mutating" : "validating")
                  + ".webhook.admission.k8s.io/round_"
                  + round
                  + "_index_"
                  + index,
              hook.name());
      return null;
    }
  }

  /// Whether its conditions hold. Where that cannot be said, a webhook that may be ignored is not
  /// asked, and what another one would be asked about is refused, as in Kubernetes.
  ///
  /// @throws ApiError Forbidden
  private boolean meets(Request request, Due<?> due) {
    if (due.hook().matchConditions().isEmpty()) {
      return true;
    }
    var conditions = compiled.computeIfAbsent(due.hook().matchConditions(), Conditions::of);
    var names = new HashMap<String, Object>();
    var object = RequestFacts.object(request, due.form());
    var old = RequestFacts.oldObject(request, due.form());
    names.put("object", CelValues.toCel(object == null ? NullNode.getInstance() : object.json()));
    names.put("oldObject", CelValues.toCel(old == null ? NullNode.getInstance() : old.json()));
    names.put("request", CelValues.toCel(RequestFacts.of(request, due.form())));
    RequestAuthorizer.put(request, due.form(), names);
    return switch (conditions.ask(names, CelBudget.forRequest())) {
      case Conditions.Verdict.Holds _ -> true;
      case Conditions.Verdict.Fails _ -> false;
      case Conditions.Verdict.Unknown(var why) -> {
        if (due.hook().failurePolicy().equals(Hook.FAIL)) {
          throw ApiError.forbidden(request.forms().asked(), request.object().name(), why);
        }
        yield false;
      }
    };
  }

  private static ApiError failed(Hook hook, String why) {
    return ApiError.internal(
        "Internal error occurred: failed calling webhook \"" + hook.name() + "\": " + why);
  }

  private String uid() {
    var random = host.random();
    var high = (random.nextLong() & ~0xF000L) | 0x4000L; // version 4
    var low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
