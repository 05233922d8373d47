package io.nave.applications;

import io.nave.applications.api.Application;
import io.nave.applications.definitions.Definitions;
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
record Delivery(List<Target> targets, Blueprint blueprint) {
  Delivery {
    targets = List.copyOf(targets);
  }

  /// By some of the Application's policies.
  ///
  /// @param policies those that act, in the order they act in
  /// @throws Refusal naming the policy, what it asks for, and what to do
  static Delivery of(
      Application application, Policies policies, Fleet fleet, Definitions definitions) {
    var blueprint = Blueprint.of(application, definitions).orRefuse();
    return new Delivery(new Topology(definitions, fleet).targets(application, policies), blueprint);
  }

  /// By all of the Application's policies.
  ///
  /// @throws Refusal as [#of(Application, Policies, Fleet, Definitions)]
  static Delivery of(Application application, Fleet fleet, Definitions definitions) {
    return of(application, Policies.of(application), fleet, definitions);
  }
}
