package io.nave.apiserver.kinds;

import io.nave.api.ApiObject;
import io.nave.api.Quantity;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Faults;
import io.nave.apiserver.registry.Quotas;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Quotas: what they limit is well named, and their status is what is there.
final class QuotaStrategy extends BuiltIn {
  /// What a quota may limit by a plain name, as in Kubernetes.
  private static final Set<String> STANDARD =
      Set.of(
          "configmaps",
          "cpu",
          "ephemeral-storage",
          "limits.cpu",
          "limits.ephemeral-storage",
          "limits.memory",
          "memory",
          "persistentvolumeclaims",
          "pods",
          "replicationcontrollers",
          "requests.cpu",
          "requests.ephemeral-storage",
          "requests.memory",
          "requests.storage",
          "resourcequotas",
          "secrets",
          "services",
          "services.loadbalancers",
          "services.nodeports");

  private static final Pattern QUALIFIED =
      Pattern.compile("[a-z0-9.-]{1,253}/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");

  @Override
  public ApiObject completed(ApiObject sent) {
    return sent.edit(tree -> {
      if (tree.at("/spec/hard") instanceof ObjectNode hard) {
        for (var name : List.copyOf(hard.propertyNames())) {
          if (hard.path(name).isNumber()) {
            hard.put(name, hard.path(name).asString());
          }
        }
      }
    });
  }

  @Override
  public ApiObject prepare(Request request) {
    var quota = request.object();
    return quota.edit(tree -> tree.set("status", Quotas.status(quota, request.view())));
  }

  @Override
  public void validate(Request request, Faults faults) {
    request
        .object()
        .at("/spec/hard")
        .properties()
        .forEach(limit -> limit(limit.getKey(), limit.getValue(), faults));
    if (!request.object().at("/spec/scopes").isEmpty()
        || request.object().at("/spec/scopeSelector").isObject()) {
      faults.invalid(
          "spec.scopes",
          request.object().at("/spec/scopes"),
          "unsupported scope applied to resource: scopes choose pods, and there are none here");
    }
  }

  private static void limit(String name, JsonNode value, Faults faults) {
    var at = "spec.hard[" + name + "]";
    if (name.indexOf('/') < 0 && !STANDARD.contains(name)) {
      faults.invalid(at, name, "must be a standard resource for quota");
    } else if (name.indexOf('/') >= 0 && !QUALIFIED.matcher(name).matches()) {
      faults.invalid(at, name, "must be a qualified name, such as count/configmaps");
    }
    var quantity = Quantity.parse(value.asString(""));
    if (quantity.isEmpty()) {
      faults.invalid(
          at,
          value.asString(value.toString()),
          "quantities must match the regular expression"
              + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    } else if (quantity.get().compareTo(Quantity.of(0)) < 0) {
      faults.invalid(at, value.asString(""), "must be greater than or equal to 0");
    }
  }

  /// Used and allowed, as `kubectl get` shows them.
  static List<Object> cells(ApiObject quota) {
    var requests = new StringJoiner(", ");
    var limits = new StringJoiner(", ");
    quota
        .at("/status/hard")
        .properties()
        .forEach(hard -> {
          var name = hard.getKey();
          (name.startsWith("limits.") ? limits : requests)
              .add(
                  "%s: %s/%s"
                      .formatted(
                          name,
                          quota.at("/status/used").path(name).asString("0"),
                          hard.getValue().asString("")));
        });
    return List.of(requests.toString(), limits.toString());
  }
}
