package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.BadDefinition;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Parameters that may neither change nor vanish once they are set (spec §10.14): those whose
/// schema says `x-immutable: true`. Of components and policies by their names, of traits by their
/// place among those of their type. Pure.
final class FixedParameters {
  /// On an Application: with `true` they may be changed all the same.
  private static final String FORCE = "app.oam.dev/force-param-mutations";

  private static final String WORD = "x-immutable";

  private final Definitions definitions;
  private final List<ApiError.Cause> faults = new ArrayList<>();

  private FixedParameters(Definitions definitions) {
    this.definitions = definitions;
  }

  /// What an edit changes that it may not.
  static List<ApiError.Cause> faults(
      Application before, Application after, Definitions definitions) {
    if ("true".equals(after.metadata().annotations().get(FORCE))) {
      return List.of();
    }
    var fixed = new FixedParameters(definitions);
    fixed.components(before.spec().components(), after.spec().components());
    fixed.policies(Policies.of(before), Policies.of(after));
    return List.copyOf(fixed.faults);
  }

  private void components(List<Application.Component> before, List<Application.Component> after) {
    var old = new HashMap<String, Application.Component>(); // looked up only
    before.forEach(component -> old.putIfAbsent(component.name(), component));
    for (var i = 0; i < after.size(); i++) {
      var next = after.get(i);
      var was = old.get(next.name());
      if (was != null) {
        var path = "spec.components[" + i + "]";
        if (was.type().equals(next.type())) {
          compare(Role.COMPONENT, next.type(), was.properties(), next.properties(), path);
        }
        traits(was.traits(), next.traits(), path);
      }
    }
  }

  private void traits(
      List<Application.Trait> before, List<Application.Trait> after, String component) {
    var passed = new HashMap<String, Integer>(); // looked up only
    for (var i = 0; i < after.size(); i++) {
      var next = after.get(i);
      var place = passed.merge(next.type(), 1, Integer::sum);
      var path = component + ".traits[" + i + "]";
      before.stream()
          .filter(was -> was.type().equals(next.type()))
          .skip(place - 1L)
          .findFirst()
          .ifPresent(
              was -> compare(Role.TRAIT, next.type(), was.properties(), next.properties(), path));
    }
  }

  private void policies(Policies before, Policies after) {
    for (var next : after.all()) {
      before
          .find(next.name())
          .filter(was -> was.policy().type().equals(next.policy().type()))
          .ifPresent(was ->
              compare(
                  Role.POLICY,
                  next.policy().type(),
                  was.policy().properties(),
                  next.policy().properties(),
                  next.path()));
    }
  }

  private void compare(
      Role role, String type, @Nullable JsonNode before, @Nullable JsonNode after, String path) {
    if (before == null || Json.same(before, orMissing(after))) {
      return;
    }
    find(role, type)
        .ifPresent(definition ->
            compare(definition.schema(), before, orMissing(after), path + ".properties"));
  }

  private static JsonNode orMissing(@Nullable JsonNode node) {
    return node == null ? MissingNode.getInstance() : node;
  }

  /// What is wrong with a definition is said where it is used.
  private Optional<Definition> find(Role role, String type) {
    try {
      return definitions.find(role, type);
    } catch (BadDefinition e) {
      return Optional.empty();
    }
  }

  private void compare(JsonNode schema, JsonNode before, JsonNode after, String path) {
    if (before.isMissingNode() || before.isNull() || Json.same(before, after)) {
      return;
    }
    if (schema.path(WORD).asBoolean(false)) {
      faults.add(
          new ApiError.Cause(
              "FieldValueInvalid",
              path,
              "Invalid value: %s: may not be changed once it is set, was %s; with the annotation %s: \"true\" it may"
                  .formatted(after.isMissingNode() ? "null" : after, before, FORCE)));
      return;
    }
    for (Map.Entry<String, JsonNode> field : before.properties()) {
      var its =
          schema.path("properties").has(field.getKey())
              ? schema.path("properties").path(field.getKey())
              : schema.path("additionalProperties");
      compare(its, field.getValue(), after.path(field.getKey()), path + "." + field.getKey());
    }
    for (var i = 0; i < (before.isArray() ? before.size() : 0); i++) {
      compare(schema.path("items"), before.get(i), after.path(i), path + "[" + i + "]");
    }
  }
}
