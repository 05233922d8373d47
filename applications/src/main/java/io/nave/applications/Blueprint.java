package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.applications.api.Application;
import io.nave.applications.api.Application.Component;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.BadDefinition;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Nearest;
import io.nave.applications.definitions.Role;
import io.nave.applications.definitions.TypeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An Application as understood: every component and trait with its definition and its checked
/// parameters.
///
/// @param components in order; those with faults are left out
/// @param ignored paths of properties that no definition knows
/// @param faults what is wrong, with paths from the Application's root
/// @param unsupported features this version does not have
record Blueprint(
    List<Bound> components,
    List<String> ignored,
    List<ApiError.Cause> faults,
    List<String> unsupported) {
  /// Names end up in labels, which hold 63 characters.
  static final int NAME_MAX = 63;

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  /// A component with its definition.
  ///
  /// @param replicaKey which copy of it this is; empty: it is not copied
  record Bound(
      String name,
      String type,
      Definition definition,
      ObjectNode parameter,
      List<BoundTrait> traits,
      String replicaKey) {
    /// One without traits.
    static Bound of(String name, String type, Definition definition, ObjectNode parameter) {
      return new Bound(name, type, definition, parameter, List.of(), "");
    }

    /// The same with another parameter.
    Bound with(ObjectNode changed) {
      return new Bound(name, type, definition, changed, traits, replicaKey);
    }

    /// The same with other traits.
    Bound with(List<BoundTrait> changed) {
      return new Bound(name, type, definition, parameter, List.copyOf(changed), replicaKey);
    }

    /// What tells this component as it is from how it was: eight hex digits of its type, its
    /// properties and its traits. Other components, and where it runs, do not count.
    String revision() {
      var text = new StringBuilder(type).append(parameter);
      traits.forEach(trait -> text.append(trait.type()).append(trait.parameter()));
      return Names.hash(text.toString());
    }

    Bound withReplicaKey(String key) {
      return key.equals(replicaKey)
          ? this
          : new Bound(name, type, definition, parameter, traits, key);
    }
  }

  /// A trait with its definition.
  record BoundTrait(String type, Definition definition, ObjectNode parameter) {}

  Blueprint {
    components = List.copyOf(components);
    ignored = List.copyOf(ignored);
    faults = List.copyOf(faults);
    unsupported = List.copyOf(unsupported);
  }

  static Blueprint of(Application application, Definitions definitions) {
    return new Reader(definitions).read(application);
  }

  /// This, when it can be delivered.
  ///
  /// @throws Refusal saying what is wrong or not supported
  Blueprint orRefuse() {
    if (!faults.isEmpty()) {
      throw new Refusal(Stage.PARSED, Progress.text(faults));
    }
    if (!unsupported.isEmpty()) {
      throw new Refusal(
          Stage.PARSED, String.join(", ", unsupported) + ": not supported by this version");
    }
    return this;
  }

  private static final class Reader {
    private final Definitions definitions;
    private final List<Bound> components = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();
    private final List<ApiError.Cause> faults = new ArrayList<>();
    private final List<String> unsupported = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>(); // looked up only

    Reader(Definitions definitions) {
      this.definitions = definitions;
    }

    Blueprint read(Application application) {
      var name = application.metadata().name();
      if (name.length() > NAME_MAX) {
        invalid("metadata.name", name, "must be no more than " + NAME_MAX + " characters");
      }
      var all = application.spec().components();
      for (var i = 0; i < all.size(); i++) {
        component(all.get(i), i, "spec.components[" + i + "]");
      }
      return new Blueprint(components, ignored, faults, unsupported);
    }

    private void component(Component component, int index, String path) {
      name(component.name(), index, path + ".name");
      var owner = "of component \"" + component.name() + "\"";
      var definition = find(Role.COMPONENT, component.type(), path, owner);
      var parameter =
          parameter(
              definition,
              component.properties(),
              path,
              TraitInput.own(component.inputs(), component.traits().size()));
      var traits = new ArrayList<BoundTrait>();
      var placed = new LinkedHashMap<String, Definition>();
      for (var t = 0; t < component.traits().size(); t++) {
        var trait = component.traits().get(t);
        var at = path + ".traits[" + t + "]";
        var its = find(Role.TRAIT, trait.type(), at, "of a trait " + owner);
        var its2 = parameter(its, trait.properties(), at, TraitInput.into(t, component.inputs()));
        if (its != null && its2 != null) {
          traits.add(new BoundTrait(trait.type(), its, its2));
        }
        if (its != null) {
          placed.put(at, its);
        }
      }
      conflicts(placed, owner);
      if (definition != null && parameter != null) {
        components.add(
            new Bound(
                component.name(),
                component.type(),
                definition,
                parameter,
                List.copyOf(traits),
                ""));
      }
    }

    /// Two traits of which one says that it cannot stand beside the other.
    private void conflicts(Map<String, Definition> placed, String owner) {
      var paths = List.copyOf(placed.keySet());
      var traits = List.copyOf(placed.values());
      for (var later = 1; later < paths.size(); later++) {
        for (var earlier = 0; earlier < later; earlier++) {
          var a = traits.get(earlier);
          var b = traits.get(later);
          if (a.rules().conflictsWith(b.name()) || b.rules().conflictsWith(a.name())) {
            invalid(
                paths.get(later) + ".type",
                b.name(),
                "trait \"%s\" %s conflicts with trait \"%s\" at %s; keep one of them"
                    .formatted(b.name(), owner, a.name(), paths.get(earlier)));
          }
        }
      }
    }

    private void name(String name, int index, String path) {
      if (name.isEmpty()) {
        faults.add(new ApiError.Cause("FieldValueRequired", path, "Required value"));
        return;
      }
      if (!NAME.matcher(name).matches() || name.length() > NAME_MAX) {
        invalid(
            path,
            name,
            "must be lower case letters, digits and '-', begin and end with a letter or digit, and"
                + " be no more than "
                + NAME_MAX
                + " characters");
      }
      var before = seen.putIfAbsent(name, index);
      if (before != null) {
        faults.add(
            new ApiError.Cause(
                "FieldValueDuplicate",
                path,
                "Duplicate value: \""
                    + name
                    + "\": spec.components["
                    + before
                    + "] has the same name"));
      }
    }

    private @Nullable Definition find(Role role, String type, String path, String owner) {
      if (type.isEmpty()) {
        faults.add(new ApiError.Cause("FieldValueRequired", path + ".type", "Required value"));
        return null;
      }
      try {
        var found = definitions.find(role, type);
        if (found.isEmpty()) {
          faults.add(
              new ApiError.Cause(
                  "FieldValueNotSupported", path + ".type", unknown(role, type, owner)));
        }
        return found.orElse(null);
      } catch (BadDefinition e) {
        invalid(path + ".type", type, String.valueOf(e.getMessage()));
        return null;
      }
    }

    private String unknown(Role role, String type, String owner) {
      var wanted = TypeName.of(type);
      var known = definitions.types(role);
      if (!wanted.version().isEmpty() && known.contains(wanted.name())) {
        return "type \"%s\" %s has no revision \"v%s\"; name one that is there, or none for the newest"
            .formatted(wanted.name(), owner, wanted.version());
      }
      var meant = Nearest.to(wanted.name(), known).map(name -> "; did you mean " + name + "?");
      return "type \"%s\" %s is unknown%s"
          .formatted(
              type, owner, meant.orElseGet(() -> "; known types are " + String.join(", ", known)));
    }

    private @Nullable ObjectNode parameter(
        @Nullable Definition definition,
        @Nullable JsonNode properties,
        String path,
        List<WorkflowStep.Input> inputs) {
      if (definition == null) {
        return null;
      }
      var checked = definition.check(properties, path + ".properties");
      ignored.addAll(checked.ignored());
      var wrong =
          checked.faults().stream()
              .filter(fault -> !comes(fault, path + ".properties.", inputs))
              .toList();
      faults.addAll(wrong);
      return wrong.isEmpty() ? checked.value() : null;
    }

    /// Whether what is missing is a value that the component takes from elsewhere.
    private static boolean comes(
        ApiError.Cause fault, String root, List<WorkflowStep.Input> inputs) {
      for (var input : inputs) {
        var key = input.parameterKey() == null ? "" : input.parameterKey();
        if (!key.isEmpty()
            && fault.reason().equals("FieldValueRequired")
            && (root + key).startsWith(fault.field())) {
          return true;
        }
      }
      return false;
    }

    private void invalid(String path, String value, String what) {
      faults.add(
          new ApiError.Cause(
              "FieldValueInvalid", path, "Invalid value: \"" + value + "\": " + what));
    }
  }
}
