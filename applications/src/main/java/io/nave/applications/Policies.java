package io.nave.applications;

import io.nave.applications.api.Application;
import io.nave.applications.api.Policy;
import io.nave.applications.api.WorkflowStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The policies of an Application, each under the name it goes by.
///
/// @param all in the order written
/// @param beside Policy objects of its namespace that its steps name; they act only where they are
///   named
record Policies(List<Named> all, List<Named> beside) {
  Policies {
    all = List.copyOf(all);
    beside = List.copyOf(beside);
  }

  /// With none beside.
  Policies(List<Named> all) {
    this(all, List.of());
  }

  /// These, with Policy objects beside.
  Policies with(Map<String, Policy> objects) {
    var named = new ArrayList<Named>();
    objects.forEach((name, policy) ->
        named.add(
            new Named(
                name,
                new Application.Policy(name, policy.type(), policy.properties()),
                "Policy " + name)));
    return new Policies(all, named);
  }

  /// The names that deploy steps give and no policy of the application goes by.
  static Set<String> beside(Application application, List<WorkflowStep> steps) {
    var own = of(application);
    var names = new TreeSet<String>();
    for (var step : steps) {
      if (step.type().equals(Steps.DEPLOY)) {
        for (var name : Steps.properties(step).path("policies")) {
          if (own.find(name.asString("")).isEmpty()) {
            names.add(name.asString(""));
          }
        }
      }
    }
    return names;
  }

  /// A policy, with the name it goes by and where it stands.
  ///
  /// @param env the environment of an old env-binding policy that it leads to; empty: none
  record Named(String name, Application.Policy policy, String path, String env) {
    Named(String name, Application.Policy policy, String path) {
      this(name, policy, path, "");
    }
  }

  /// All policies; those without a name are called `<type>-auto-gen-<index>`.
  static Policies of(Application application) {
    var named = new ArrayList<Named>();
    var policies = application.spec().policies();
    for (var i = 0; i < policies.size(); i++) {
      var policy = policies.get(i);
      var name = policy.name();
      named.add(
          new Named(
              name == null || name.isEmpty() ? policy.type() + "-auto-gen-" + i : name,
              policy,
              "spec.policies[" + i + "]"));
    }
    return new Policies(named);
  }

  Optional<Named> find(String name) {
    return Stream.concat(all.stream(), beside.stream())
        .filter(named -> named.name().equals(name))
        .findFirst();
  }

  /// In the order written.
  List<Named> ofType(String type) {
    return all.stream().filter(named -> named.policy().type().equals(type)).toList();
  }

  /// Those of these names, in the order of the names, which is the order they act in.
  ///
  /// @throws IllegalArgumentException for a name that no policy goes by
  Policies select(List<String> names) {
    return new Policies(
        names.stream()
            .map(name ->
                find(name)
                    .orElseThrow(() -> new IllegalArgumentException("no policy \"" + name + "\"")))
            .toList());
  }
}
