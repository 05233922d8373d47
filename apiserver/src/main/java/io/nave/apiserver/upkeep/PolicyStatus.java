package io.nave.apiserver.upkeep;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.policies.TypeChecking;
import io.nave.apiserver.policies.ValidatingAdmissionPolicy;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Says in a policy's status what is doubtful of its expressions, by the types of the kinds it is
/// about; see [TypeChecking].
///
/// - Reads: all ValidatingAdmissionPolicies, and the schemas of what is served.
/// - Writes: `status.typeChecking` and `status.observedGeneration`, once for each generation.
/// - Safe to repeat: a generation that was looked at is not looked at again, as in Kubernetes.
final class PolicyStatus implements Reconciler, AutoCloseable {
  static final ResourceType POLICIES = ResourceType.of(ValidatingAdmissionPolicy.class);

  private final Parts parts = new Parts();
  private final ApiClient client;
  private final Api api;

  PolicyStatus(Host host, ApiClient client, Api api, MeterRegistry meters) {
    this.client = client;
    this.api = api;
    var policies = Cache.of(host, client, Cache.Scope.all(POLICIES));
    var controller =
        new Controller(
            host, "validatingadmissionpolicy-status", this, Controller.Options.workers(1), meters);
    controller.follow(policies, change -> List.of(change.key()));
    parts.open(policies.start());
    parts.open(controller.startAfter(policies));
  }

  @Override
  public Outcome reconcile(Key key) {
    var policy = client.find(POLICIES, key).orElse(null);
    if (policy != null && observed(policy) < generation(policy)) {
      client.patch(POLICIES, key, "status", new Patch(Patch.Form.MERGE, status(policy)));
    }
    return new Outcome.Settled();
  }

  private static long generation(ApiObject policy) {
    return policy.at("/metadata/generation").asLong(0);
  }

  private static long observed(ApiObject policy) {
    return policy.at("/status/observedGeneration").asLong(0);
  }

  private ObjectNode status(ApiObject policy) {
    var body = Json.object();
    var status = body.putObject("status").put("observedGeneration", generation(policy));
    var spec = Codec.decode(policy, ValidatingAdmissionPolicy.class).spec();
    var warnings = new TypeChecking(api.types(), api::schema).check(spec);
    var checked = status.putObject("typeChecking");
    if (warnings.isEmpty()) {
      checked.putNull("expressionWarnings"); // takes away those of the generation before
    } else {
      var list = checked.putArray("expressionWarnings");
      warnings.forEach(
          one -> list.addObject().put("fieldRef", one.fieldRef()).put("warning", one.warning()));
    }
    return body;
  }

  @Override
  public void close() {
    parts.close();
  }
}
