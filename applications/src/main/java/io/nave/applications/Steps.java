package io.nave.applications;

import io.nave.applications.api.Application;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Which policies an Application's workflow delivers by. Without a workflow, or with nothing but
/// `deploy` steps, everything is delivered at once.
final class Steps {
  private Steps() {}

  /// The policies that apply.
  ///
  /// @throws Refusal naming the policy or step this version cannot follow
  static Policies policies(Application application) {
    var policies = Policies.of(application);
    var deployed = deployed(application, policies);
    return deployed.isEmpty() ? policies : policies.select(List.copyOf(deployed));
  }

  /// The policies that deploy steps name; empty when there are no steps.
  private static Set<String> deployed(Application application, Policies policies) {
    var workflow = application.spec().workflow();
    JsonNode given = workflow == null ? MissingNode.getInstance() : workflow;
    if (given.hasNonNull("ref")) {
      throw new Refusal(
          Stage.WORKFLOW,
          "spec.workflow.ref is not supported by this version; write the steps into the"
              + " application");
    }
    var names = new LinkedHashSet<String>();
    var index = 0;
    for (var step : given.path("steps")) {
      names.addAll(deployed(step, "spec.workflow.steps[" + index++ + "]", policies));
    }
    return names;
  }

  private static List<String> deployed(JsonNode step, String path, Policies policies) {
    var type = step.path("type").asString("");
    if (!type.equals("deploy")) {
      throw new Refusal(
          Stage.WORKFLOW,
          "%s: workflow step type \"%s\" is not supported by this version; supported types are"
                  .formatted(path, type)
              + " deploy");
    }
    var names = new ArrayList<String>();
    for (var name : step.path("properties").path("policies")) {
      if (policies.find(name.asString("")).isEmpty()) {
        throw new Refusal(
            Stage.WORKFLOW,
            "%s: there is no policy \"%s\"; the policies are %s"
                .formatted(
                    path,
                    name.asString(""),
                    policies.all().stream().map(Policies.Named::name).toList()));
      }
      names.add(name.asString(""));
    }
    if (names.isEmpty()) {
      throw new Refusal(
          Stage.WORKFLOW,
          path
              + ".properties.policies: names no topology policy, so there is nowhere to deploy to");
    }
    return names;
  }
}
