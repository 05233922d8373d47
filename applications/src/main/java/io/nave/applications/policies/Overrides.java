package io.nave.applications.policies;

import io.nave.api.Json;
import io.nave.applications.api.Application.Component;
import io.nave.applications.api.Application.Trait;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The `override` policy (spec §10.5): changes components for the clusters of one deploy step.
/// Pure.
///
/// A patch changes every component that its name and type select: objects merge, and the patch
/// wins; lists are replaced; traits merge by type. A name that nothing has adds a component, a name
/// with another type replaces one. Names match whole; `*` stands for any characters (upstream
/// matches anywhere in the name, so that `a` changes `web-a`: spec §28).
public final class Overrides {
  private static final Pattern PLAIN = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  private final String path;
  private final List<Component> components;
  private final List<String> notices = new ArrayList<>();

  private Overrides(List<Component> components, String path) {
    this.components = new ArrayList<>(components);
    this.path = path;
  }

  /// @param notices what changed nothing, each with its path and a remedy
  public record Changed(List<Component> components, List<String> notices) {
    public Changed {
      components = List.copyOf(components);
      notices = List.copyOf(notices);
    }
  }

  /// The components as one policy changes them.
  ///
  /// @param path of the policy, for notices
  public static Changed apply(List<Component> components, ObjectNode parameter, String path) {
    var overrides = new Overrides(components, path + ".properties");
    var index = 0;
    for (var patch : parameter.path("components")) {
      overrides.patch(patch, overrides.path + ".components[" + index++ + "]");
    }
    overrides.select(RuleSelector.texts(parameter, "selector"));
    return new Changed(overrides.components, overrides.notices);
  }

  private void patch(JsonNode patch, String at) {
    var name = patch.path("name").asString("");
    var type = patch.path("type").asString("");
    var matched = false;
    for (var i = 0; i < components.size(); i++) {
      var component = components.get(i);
      if (name.isEmpty()
          ? type.isEmpty() || component.type().equals(type)
          : names(name, component.name())) {
        components.set(i, changed(component, patch, type, at));
        matched = true;
      }
    }
    if (!matched && PLAIN.matcher(name).matches()) {
      components.add(added(name, type, patch));
    } else if (!matched) {
      notices.add(
          at
              + ": changes nothing: no component "
              + (name.isEmpty() ? "has the type \"" + type : "is called \"" + name)
              + "\"; the components are "
              + known());
    }
  }

  private String known() {
    return components.isEmpty()
        ? "none"
        : String.join(
            ", ", components.stream().map(c -> c.name() + " (" + c.type() + ")").toList());
  }

  private static boolean names(String pattern, String name) {
    var parts = List.of(pattern.split("\\*", -1)).stream().map(Pattern::quote).toList();
    return name.matches(String.join(".*", parts));
  }

  private Component changed(Component component, JsonNode patch, String type, String at) {
    if (!type.isEmpty() && !type.equals(component.type())) {
      return added(component.name(), type, patch);
    }
    return new Component(
        component.name(),
        component.type(),
        merged(component.properties(), patch.get("properties")),
        traits(component, patch.path("traits"), at),
        component.dependsOn(),
        component.inputs(),
        component.outputs(),
        patch.hasNonNull("externalRevision")
            ? patch.path("externalRevision").asString("")
            : component.externalRevision(),
        component.scopes());
  }

  private static Component added(String name, String type, JsonNode patch) {
    var traits = new ArrayList<Trait>();
    for (var trait : patch.path("traits")) {
      if (!trait.path("disable").asBoolean(false)) {
        traits.add(new Trait(trait.path("type").asString(""), trait.get("properties")));
      }
    }
    return new Component(
        name, type, patch.get("properties"), traits, List.of(), List.of(), List.of(), null, null);
  }

  private List<Trait> traits(Component component, JsonNode patches, String at) {
    var traits = new ArrayList<>(component.traits());
    var index = 0;
    for (var patch : patches) {
      trait(traits, component, patch, at + ".traits[" + index++ + "]");
    }
    return traits;
  }

  private void trait(List<Trait> traits, Component component, JsonNode patch, String at) {
    var type = patch.path("type").asString("");
    var there = traits.stream().anyMatch(trait -> trait.type().equals(type));
    if (patch.path("disable").asBoolean(false)) {
      traits.removeIf(trait -> trait.type().equals(type));
      if (!there) {
        notices.add(
            "%s: changes nothing: component \"%s\" has no trait \"%s\" to disable"
                .formatted(at, component.name(), type));
      }
    } else if (there) {
      traits.replaceAll(trait ->
          trait.type().equals(type)
              ? new Trait(type, merged(trait.properties(), patch.get("properties")))
              : trait);
    } else {
      traits.add(new Trait(type, patch.get("properties")));
    }
  }

  private void select(List<String> selector) {
    if (selector.isEmpty()) {
      return;
    }
    for (var i = 0; i < selector.size(); i++) {
      var wanted = selector.get(i);
      if (components.stream().noneMatch(component -> component.name().equals(wanted))) {
        notices.add(
            "%s.selector[%d]: selects nothing: there is no component \"%s\"; the components are %s"
                .formatted(path, i, wanted, known()));
      }
    }
    components.removeIf(component -> !selector.contains(component.name()));
  }

  /// Deep; the patch wins, and lists are replaced. Neither side is changed.
  static @Nullable JsonNode merged(@Nullable JsonNode base, @Nullable JsonNode patch) {
    if (patch == null || patch.isNull()) {
      return base;
    }
    if (!(base instanceof ObjectNode) || !(patch instanceof ObjectNode)) {
      return patch;
    }
    var fields = new LinkedHashMap<String, JsonNode>();
    base.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    for (var field : patch.properties()) {
      var value = merged(fields.get(field.getKey()), field.getValue());
      fields.put(field.getKey(), Objects.requireNonNull(value));
    }
    return object(fields);
  }

  private static ObjectNode object(Map<String, JsonNode> fields) {
    var object = Json.object();
    fields.forEach(object::set);
    return object;
  }
}
