package io.nave.apiserver.matching;

import io.nave.api.Absent;
import io.nave.api.LabelSelector;
import io.nave.api.schema.Default;
import io.nave.api.schema.ListAtomic;
import io.nave.api.schema.OneOf;
import io.nave.apiserver.registry.Faults;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which requests an admission policy is about, as it is written there.
public record MatchResources(
    @Default("{}") @Nullable LabelSelector namespaceSelector,
    @Default("{}") @Nullable LabelSelector objectSelector,
    @ListAtomic List<NamedRule> resourceRules,
    @ListAtomic List<NamedRule> excludeResourceRules,
    @Default("Equivalent") @OneOf({"Equivalent", "Exact"}) String matchPolicy) {
  /// A `NamedRuleWithOperations`: a [MatchRule] with the names of the objects it is about.
  public record NamedRule(
      @ListAtomic List<String> resourceNames,
      @ListAtomic List<@OneOf({"*", "CONNECT", "CREATE", "DELETE", "UPDATE"}) String> operations,
      @ListAtomic List<String> apiGroups,
      @ListAtomic List<String> apiVersions,
      @ListAtomic List<String> resources,
      @Default("*") @OneOf({"*", "Cluster", "Namespaced"}) String scope) {
    public NamedRule {
      resourceNames = Absent.toEmpty(resourceNames);
      operations = Absent.toEmpty(operations);
      apiGroups = Absent.toEmpty(apiGroups);
      apiVersions = Absent.toEmpty(apiVersions);
      resources = Absent.toEmpty(resources);
      scope = Absent.or(scope, "*");
    }

    private MatchRule rule() {
      return new MatchRule(operations, apiGroups, apiVersions, resources, scope);
    }

    private Match.Named named() {
      return new Match.Named(rule(), resourceNames);
    }
  }

  public MatchResources {
    resourceRules = Absent.toEmpty(resourceRules);
    excludeResourceRules = Absent.toEmpty(excludeResourceRules);
    matchPolicy = Absent.or(matchPolicy, "Equivalent");
  }

  /// As something that can be asked.
  public Match match() {
    return new Match(
        resourceRules.stream().map(NamedRule::named).toList(),
        excludeResourceRules.stream().map(NamedRule::named).toList(),
        Absent.or(namespaceSelector, LabelSelector.everything()),
        Absent.or(objectSelector, LabelSelector.everything()),
        matchPolicy.equals("Equivalent"));
  }

  /// What is wrong with it.
  public void validate(String at, Faults faults) {
    rules(resourceRules, at + ".resourceRules", faults);
    rules(excludeResourceRules, at + ".excludeResourceRules", faults);
    selector(namespaceSelector, at + ".namespaceSelector", faults);
    selector(objectSelector, at + ".objectSelector", faults);
  }

  private static void rules(List<NamedRule> rules, String at, Faults faults) {
    for (var i = 0; i < rules.size(); i++) {
      rules.get(i).rule().validate(at + "[" + i + "]", faults);
    }
  }

  private static void selector(@Nullable LabelSelector selector, String at, Faults faults) {
    if (selector != null) {
      selector.fault().ifPresent(fault -> faults.invalid(at, "", fault));
    }
  }
}
