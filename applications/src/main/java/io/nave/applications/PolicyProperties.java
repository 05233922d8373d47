package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Role;
import io.nave.applications.policies.Treatments;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The properties of policies, checked by their definitions. Pure.
final class PolicyProperties {
  /// The type that may be without properties (spec §10.2).
  private static final String DEBUG = "debug";

  private final Definitions definitions;

  PolicyProperties(Definitions definitions) {
    this.definitions = definitions;
  }

  /// What is wrong with the policies of an application, with paths from its root.
  List<ApiError.Cause> faults(Application application) {
    var faults = new ArrayList<ApiError.Cause>();
    var seen = new ArrayList<String>();
    for (var policy : Policies.of(application).all()) {
      if (seen.contains(policy.name())) {
        faults.add(
            new ApiError.Cause(
                "FieldValueDuplicate",
                policy.path() + ".name",
                "Duplicate value: \"" + policy.name() + "\": another policy has the same name"));
      }
      seen.add(policy.name());
      faults.addAll(read(policy).faults());
    }
    return List.copyOf(faults);
  }

  /// @throws Refusal naming what is wrong
  ObjectNode of(Policies.Named policy) {
    var checked = read(policy);
    if (!checked.faults().isEmpty()) {
      throw new Refusal(Stage.POLICY, Progress.text(checked.faults()));
    }
    return checked.value();
  }

  /// How works treat objects, by all policies of the application and of its environments; the
  /// application's own count first.
  ///
  /// @throws Refusal naming what is wrong with one of them
  Treatments treatments(Application application, Fleet fleet) {
    var own = Policies.of(application);
    var all = new ArrayList<>(own.all());
    new Surroundings(application, fleet)
        .withDefaults(own).all().stream()
            .filter(policy -> !own.all().contains(policy))
            .forEach(all::add);
    return Treatments.of(
        all.stream()
            .map(policy -> new Treatments.Given(policy.policy().type(), of(policy)))
            .toList());
  }

  /// How works treat objects by another application's policies, as they are written: whether they
  /// are right is its own affair.
  static Treatments unchecked(Application application) {
    var given = new ArrayList<Treatments.Given>();
    for (var policy : application.spec().policies()) {
      var properties = policy.properties();
      if (properties != null) {
        given.add(new Treatments.Given(policy.type(), properties));
      }
    }
    return Treatments.of(given);
  }

  private Definition.Parameters read(Policies.Named policy) {
    var type = policy.policy().type();
    var definition = definitions.find(Role.POLICY, type);
    if (definition.isEmpty()) {
      return fault(
          "FieldValueNotSupported",
          policy.path() + ".type",
          "type \"%s\" of policy \"%s\" is unknown; known types are %s"
              .formatted(type, policy.name(), String.join(", ", definitions.types(Role.POLICY))));
    }
    var properties = policy.policy().properties();
    if ((properties == null || properties.isNull()) && !type.equals(DEBUG)) {
      return fault(
          "FieldValueRequired",
          policy.path() + ".properties",
          "Required value: policy \"" + policy.name() + "\" is empty");
    }
    var checked = definition.get().check(properties, policy.path() + ".properties");
    return checked.faults().isEmpty()
        ? sense(type, checked.value(), policy.path() + ".properties")
            .map(fault -> new Definition.Parameters(checked.value(), List.of(), List.of(fault)))
            .orElse(checked)
        : checked;
  }

  private static Definition.Parameters fault(String reason, String path, String message) {
    return new Definition.Parameters(
        Json.object(), List.of(), List.of(new ApiError.Cause(reason, path, message)));
  }

  /// What a schema cannot say.
  private static Optional<ApiError.Cause> sense(String type, ObjectNode value, String path) {
    return switch (type) {
      case "topology" -> topology(value, path);
      case "override" -> override(value, path);
      default -> Optional.empty();
    };
  }

  private static Optional<ApiError.Cause> topology(ObjectNode value, String path) {
    var others =
        value.hasNonNull("placement")
            || !value.path("clusters").isEmpty()
            || value.hasNonNull("clusterLabelSelector");
    if (!value.path("environment").asString("").isEmpty() && others) {
      return Optional.of(
          new ApiError.Cause(
              "FieldValueForbidden",
              path + ".environment",
              "Forbidden: the environment says which clusters; leave out clusters,"
                  + " clusterLabelSelector and placement"));
    }
    var clusters = !value.path("clusters").isEmpty() || value.hasNonNull("clusterLabelSelector");
    return value.hasNonNull("placement") && clusters
        ? Optional.of(
            new ApiError.Cause(
                "FieldValueForbidden",
                path + ".placement",
                "Forbidden: give either placement, or clusters or clusterLabelSelector"))
        : Optional.empty();
  }

  private static Optional<ApiError.Cause> override(ObjectNode value, String path) {
    return value.path("components").isEmpty() && value.path("selector").isEmpty()
        ? Optional.of(
            new ApiError.Cause(
                "FieldValueRequired",
                path,
                "Required value: the override changes nothing; give components or selector"))
        : Optional.empty();
  }
}
