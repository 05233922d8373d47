package io.nave.applications;

import io.nave.api.Key;
import io.nave.applications.api.Application;
import io.nave.applications.api.Environment;
import io.nave.registration.api.ManagedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The environments that policies lead to: their clusters, their default policies, and whether an
/// application may run there. Pure.
final class Surroundings {
  private final Application application;
  private final Fleet fleet;

  Surroundings(Application application, Fleet fleet) {
    this.application = application;
    this.fleet = fleet;
  }

  /// The name of the environment a policy leads to; empty when it names none.
  static String named(Policies.Named policy) {
    var properties = policy.policy().properties();
    return !policy.policy().type().equals("topology") || properties == null
        ? ""
        : properties.path("environment").asString("");
  }

  /// The environments an application names; for what wakes it up.
  static List<Key> of(Application application) {
    return Policies.of(application).all().stream()
        .map(Surroundings::named)
        .filter(Predicate.not(String::isEmpty))
        .map(name -> Key.of(application.metadata().namespace(), name))
        .distinct()
        .toList();
  }

  /// @throws Refusal when there is none of that name
  Environment environment(Policies.Named policy) {
    var key = Key.of(application.metadata().namespace(), named(policy));
    return fleet
        .environment(key)
        .orElseThrow(() ->
            new Refusal(
                Stage.POLICY,
                "%s.properties.environment: there is no environment \"%s\" in namespace %s; create"
                        .formatted(policy.path(), key.name(), key.namespace())
                    + " it, or see: kubectl get environments -n "
                    + key.namespace()));
  }

  /// The clusters of an environment, by name.
  ///
  /// @throws Refusal when its set is not bound to the namespace
  List<String> clusters(Policies.Named policy, Environment environment) {
    var spec = environment.spec();
    var members =
        fleet
            .members(environment.metadata().namespace(), spec.clusterSet())
            .orElseThrow(() ->
                new Refusal(
                    Stage.POLICY,
                    "%s: environment \"%s\" takes its clusters from the set \"%s\", which is not"
                            .formatted(
                                policy.path(), environment.metadata().name(), spec.clusterSet())
                        + " bound to namespace %s; create a ManagedClusterSetBinding there"
                            .formatted(environment.metadata().namespace())));
    return members.stream()
        .filter(cluster ->
            cluster
                .metadata()
                .labels()
                .entrySet()
                .containsAll(spec.clusterLabelSelector().entrySet()))
        .filter(Surroundings::usable)
        .map(cluster -> cluster.metadata().name())
        .sorted()
        .toList();
  }

  static boolean usable(ManagedCluster cluster) {
    return cluster.accepted() && !cluster.metadata().deleting();
  }

  /// The policies to deliver by: those of the environments, each before the topology policy that
  /// leads there, and then the application's own.
  Policies withDefaults(Policies policies) {
    var all = new ArrayList<Policies.Named>();
    for (var policy : policies.all()) {
      if (!named(policy).isEmpty()) {
        all.addAll(defaults(environment(policy)));
      }
      all.add(policy);
    }
    return new Policies(all);
  }

  private static List<Policies.Named> defaults(Environment environment) {
    var named = new ArrayList<Policies.Named>();
    var policies = environment.spec().policies();
    for (var i = 0; i < policies.size(); i++) {
      var policy = policies.get(i);
      var name = policy.name();
      var own = name == null || name.isEmpty() ? policy.type() + "-auto-gen-" + i : name;
      named.add(
          new Policies.Named(
              environment.metadata().name() + "/" + own,
              policy,
              "environment " + environment.metadata().name() + ": spec.policies[" + i + "]"));
    }
    return named;
  }

  /// @param components as they would run there
  /// @throws Refusal naming what the environment does not allow
  void requireAllowed(Policies policies, List<Application.Component> components) {
    for (var policy : policies.all()) {
      if (!named(policy).isEmpty()) {
        var environment = environment(policy);
        var allowed = environment.spec().allowed();
        if (allowed != null) {
          new Gate(environment.metadata().name(), allowed).check(components, policies);
        }
      }
    }
  }

  private record Gate(String environment, Environment.Allowed allowed) {
    void check(List<Application.Component> components, Policies policies) {
      for (var component : components) {
        var owner = "component \"" + component.name() + "\"";
        one("component type", component.type(), owner, allowed.components());
        component.traits().forEach(trait -> one("trait", trait.type(), owner, allowed.traits()));
      }
      policies.all().stream()
          .filter(policy -> policy.path().startsWith("spec.policies"))
          .filter(policy -> !policy.policy().type().equals("topology"))
          .forEach(policy ->
              one(
                  "policy type",
                  policy.policy().type(),
                  "policy \"" + policy.name() + "\"",
                  allowed.policies()));
    }

    private void one(String what, String type, String owner, List<String> some) {
      if (!some.isEmpty() && !some.contains(type)) {
        throw new Refusal(
            Stage.POLICY,
            "environment \"%s\" does not allow the %s \"%s\" of %s; it allows %s"
                .formatted(environment, what, type, owner, String.join(", ", some)));
      }
    }
  }
}
