package io.nave.apiserver.rbac;

import io.nave.api.Absent;
import io.nave.apiserver.Api.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// One thing a role allows; as in `rbac.authorization.k8s.io/v1`.
///
/// @param resourceNames empty: any name
/// @param nonResourceURLs paths, with `*` at the end for all that begin so
public record PolicyRule(
    List<String> verbs,
    List<String> apiGroups,
    List<String> resources,
    List<String> resourceNames,
    List<String> nonResourceURLs) {
  private static final String ALL = "*";

  public PolicyRule {
    verbs = Absent.toEmpty(verbs);
    apiGroups = Absent.toEmpty(apiGroups);
    resources = Absent.toEmpty(resources);
    resourceNames = Absent.toEmpty(resourceNames);
    nonResourceURLs = Absent.toEmpty(nonResourceURLs);
  }

  /// A rule on resources of one group.
  public static PolicyRule on(String group, List<String> resources, List<String> verbs) {
    return new PolicyRule(verbs, List.of(group), resources, List.of(), List.of());
  }

  /// A rule on paths that are no resources.
  public static PolicyRule onPaths(List<String> paths, List<String> verbs) {
    return new PolicyRule(verbs, List.of(), List.of(), List.of(), paths);
  }

  /// Whether the rule allows what is asked.
  public boolean allows(Attributes asked) {
    if (!has(verbs, asked.verb())) {
      return false;
    }
    if (!asked.path().isEmpty()) {
      return allowsPath(asked.path());
    }
    return has(apiGroups, asked.group())
        && allowsResource(asked.resource(), asked.subresource())
        && (resourceNames.isEmpty() || resourceNames.contains(asked.name()));
  }

  private boolean allowsPath(String path) {
    for (var url : nonResourceURLs) {
      if (url.equals(path)
          || (url.endsWith(ALL) && path.startsWith(url.substring(0, url.length() - 1)))) {
        return true;
      }
    }
    return false;
  }

  private boolean allowsResource(String resource, String subresource) {
    var wanted = subresource.isEmpty() ? resource : resource + "/" + subresource;
    return resources.contains(ALL)
        || resources.contains(wanted)
        || (!subresource.isEmpty() && resources.contains("*/" + subresource));
  }

  private static boolean has(List<String> list, String wanted) {
    return list.contains(ALL) || list.contains(wanted);
  }

  /// Whether this rule alone allows everything that `other` does, where `other` has one verb and
  /// one resource or path, as [#atoms] makes them.
  boolean covers(PolicyRule other) {
    if (!hasAll(verbs, other.verbs)) {
      return false;
    }
    if (!other.nonResourceURLs.isEmpty()) {
      return other.nonResourceURLs.stream().allMatch(this::allowsPath);
    }
    return hasAll(apiGroups, other.apiGroups)
        && other.resources.stream().allMatch(this::coversResource)
        && (resourceNames.isEmpty()
            || (!other.resourceNames.isEmpty() && resourceNames.containsAll(other.resourceNames)));
  }

  private boolean coversResource(String wanted) {
    var slash = wanted.indexOf('/');
    return resources.contains(ALL)
        || resources.contains(wanted)
        || (slash > 0 && resources.contains(ALL + wanted.substring(slash)));
  }

  private static boolean hasAll(List<String> list, List<String> wanted) {
    return list.contains(ALL) || list.containsAll(wanted);
  }

  /// The rule taken apart: one verb, group, resource and name each, or one verb and path.
  List<PolicyRule> atoms() {
    var atoms = new ArrayList<PolicyRule>();
    for (var verb : verbs) {
      for (var path : nonResourceURLs) {
        atoms.add(onPaths(List.of(path), List.of(verb)));
      }
      for (var group : apiGroups) {
        for (var resource : resources) {
          atoms.addAll(atoms(group, resource, verb));
        }
      }
    }
    return List.copyOf(atoms);
  }

  private List<PolicyRule> atoms(String group, String resource, String verb) {
    var plain = on(group, List.of(resource), List.of(verb));
    return resourceNames.isEmpty()
        ? List.of(plain)
        : resourceNames.stream()
            .map(name ->
                new PolicyRule(
                    plain.verbs, plain.apiGroups, plain.resources, List.of(name), List.of()))
            .toList();
  }

  /// As Kubernetes prints a rule in its refusals.
  @Override
  public String toString() {
    var parts = new StringJoiner(", ", "{", "}");
    describe(parts, "APIGroups", apiGroups);
    describe(parts, "Resources", resources);
    describe(parts, "ResourceNames", resourceNames);
    describe(parts, "NonResourceURLs", nonResourceURLs);
    describe(parts, "Verbs", verbs);
    return parts.toString();
  }

  private static void describe(StringJoiner parts, String label, List<String> values) {
    if (!values.isEmpty()) {
      parts.add(label + ":[\"" + String.join("\" \"", values) + "\"]");
    }
  }
}
