package io.nave.applications;

import io.nave.applications.api.Application;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The policies of an Application, each under the name it goes by.
///
/// @param all in the order written
record Policies(List<Named> all) {
  Policies {
    all = List.copyOf(all);
  }

  /// A policy, with the name it goes by and where it stands.
  record Named(String name, Application.Policy policy, String path) {}

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
    return all.stream().filter(named -> named.name().equals(name)).findFirst();
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
