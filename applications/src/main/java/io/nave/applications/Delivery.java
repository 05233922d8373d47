package io.nave.applications;

import io.nave.applications.api.Application;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.policies.Overrides;
import io.nave.applications.policies.Replication;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// What one act of delivering puts where: every component of the blueprint on each target. Pure.
///
/// A `deploy` step delivers by the policies it names; without any deploy step an Application is
/// delivered by all it has. What of the policies says where (topology) and what changes the
/// components (override, replication) acts here, in the order given; what says how works treat
/// objects acts in [Works].
///
/// @param targets sorted, each once
/// @param blueprint the components as they run on every target
/// @param notices what in the policies had no effect, with its path and a remedy
record Delivery(List<Target> targets, Blueprint blueprint, List<String> notices) {
  Delivery {
    targets = List.copyOf(targets);
    notices = List.copyOf(notices);
  }

  /// By some of the Application's policies.
  ///
  /// @param policies those that act, in the order they act in
  /// @throws Refusal naming the policy, what it asks for, and what to do
  static Delivery of(
      Application application, Policies policies, Fleet fleet, Definitions definitions) {
    var properties = new PolicyProperties(definitions);
    var surroundings = new Surroundings(application, fleet);
    var all = surroundings.withDefaults(policies);
    var notices = new ArrayList<String>();
    var changed = application.spec().components();
    for (var policy : all.ofType("override")) {
      var by = Overrides.apply(changed, properties.of(policy), policy.path());
      changed = by.components();
      notices.addAll(by.notices());
    }
    var copies = Replication.none(changed);
    for (var policy : all.ofType("replication")) {
      var by = Replication.apply(copies, properties.of(policy), policy.path());
      copies = by.copies();
      notices.addAll(by.notices());
    }
    surroundings.requireAllowed(policies, changed);
    var blueprint = Blueprint.of(with(application, changed), definitions).orRefuse();
    return new Delivery(
        new Topology(properties, fleet).targets(application, policies),
        copied(blueprint, copies),
        notices);
  }

  /// By all of the Application's policies.
  ///
  /// @throws Refusal as [#of(Application, Policies, Fleet, Definitions)]
  static Delivery of(Application application, Fleet fleet, Definitions definitions) {
    return of(application, Policies.of(application), fleet, definitions);
  }

  private static Application with(Application application, List<Application.Component> components) {
    var spec = application.spec();
    return new Application(
        application.metadata(),
        new Application.Spec(components, spec.policies(), spec.workflow()),
        application.status());
  }

  private static Blueprint copied(Blueprint blueprint, List<Replication.Copy> copies) {
    var bound = new LinkedHashMap<String, Blueprint.Bound>();
    blueprint.components().forEach(component -> bound.put(component.name(), component));
    var all = new ArrayList<Blueprint.Bound>();
    for (var copy : copies) {
      var component = bound.get(copy.component().name());
      if (component != null) {
        all.add(component.withReplicaKey(copy.replicaKey()));
      }
    }
    return new Blueprint(all, blueprint.ignored(), blueprint.faults(), blueprint.unsupported());
  }
}
