package io.nave.applications;

import io.nave.applications.api.Application;
import io.nave.applications.definitions.Definitions;
import io.nave.work.ManifestWork;
import java.util.ArrayList;
import java.util.List;

/// What an Application comes to when all of its workflow has succeeded: every component it would
/// ever deliver, rendered, and the works of it. Pure.
record Outlook(Works.Plan plan, List<Rendered> components, List<String> notices) {
  /// @throws Refusal when it would not get there
  static Outlook of(
      Application application, List<ManifestWork> present, Fleet fleet, Definitions definitions) {
    Blueprint.of(application, definitions).orRefuse(); // what is wrong in itself comes first
    var delivery = Delivery.of(application, Steps.policies(application), fleet, definitions);
    var components = new ArrayList<Rendered>();
    var renderer = new Renderer(application);
    for (var target : delivery.targets()) {
      for (var component : delivery.blueprint().components()) {
        components.add(renderer.render(component, target));
      }
    }
    var treatments = new PolicyProperties(definitions).treatments(application, fleet);
    var plan = Works.of(application, components, true, treatments, present, fleet);
    return new Outlook(plan, List.copyOf(components), delivery.notices());
  }
}
