package io.nave.apiserver.matching;

import io.nave.api.Absent;
import io.nave.api.ResourceType;
import io.nave.api.schema.Default;
import io.nave.api.schema.ListAtomic;
import io.nave.api.schema.OneOf;
import io.nave.apiserver.admission.Admission.Operation;
import io.nave.apiserver.registry.Faults;
import java.util.List;

/// Which requests a webhook or policy is asked about: a `RuleWithOperations`.
///
/// @param resources `pods`, `pods/log`, `*` (no subresources), `pods/*`, `*/scale` or `*/*`
/// @param scope `Cluster`, `Namespaced` or `*`
public record MatchRule(
    @ListAtomic List<@OneOf({"*", "CONNECT", "CREATE", "DELETE", "UPDATE"}) String> operations,
    @ListAtomic List<String> apiGroups,
    @ListAtomic List<String> apiVersions,
    @ListAtomic List<String> resources,
    @Default("*") @OneOf({"*", "Cluster", "Namespaced"}) String scope) {
  private static final String ANY = "*";

  public MatchRule {
    operations = Absent.toEmpty(operations);
    apiGroups = Absent.toEmpty(apiGroups);
    apiVersions = Absent.toEmpty(apiVersions);
    resources = Absent.toEmpty(resources);
    scope = Absent.or(scope, ANY);
  }

  /// Whether it names the request when that is about this version of the kind.
  public boolean names(Operation operation, ResourceType type, String subresource) {
    return has(operations, operation.name())
        && has(apiGroups, type.group())
        && has(apiVersions, type.version())
        && (scope.equals(ANY) || scope.equals("Namespaced") == type.namespaced())
        && resources.stream().anyMatch(resource -> named(resource, type.plural(), subresource));
  }

  private static boolean has(List<String> list, String value) {
    return list.contains(ANY) || list.contains(value);
  }

  private static boolean named(String resource, String plural, String subresource) {
    var slash = resource.indexOf('/');
    var name = slash < 0 ? resource : resource.substring(0, slash);
    var sub = slash < 0 ? "" : resource.substring(slash + 1);
    return (name.equals(ANY) || name.equals(plural))
        && (sub.equals(ANY) || sub.equals(subresource));
  }

  /// What is wrong with it.
  public void validate(String at, Faults faults) {
    some(operations, at + ".operations", "operations", faults);
    some(apiGroups, at + ".apiGroups", "groups", faults);
    some(apiVersions, at + ".apiVersions", "versions", faults);
    for (var i = 0; i < apiVersions.size(); i++) {
      if (apiVersions.get(i).isEmpty()) {
        faults.required(at + ".apiVersions[" + i + "]", "");
      }
    }
    if (resources.isEmpty()) {
      faults.required(at + ".resources", "");
    }
    if (resources.contains("*/*") && resources.size() > 1) {
      faults.invalid(
          at + ".resources", resources, "if '*/*' is present, must not specify other resources");
    }
  }

  private static void some(List<String> list, String at, String what, Faults faults) {
    if (list.isEmpty()) {
      faults.required(at, "");
    } else if (list.contains(ANY) && list.size() > 1) {
      faults.invalid(at, list, "if '*' is present, must not specify other " + what);
    }
  }
}
