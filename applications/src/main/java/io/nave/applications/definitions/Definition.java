package io.nave.applications.definitions;

import io.nave.api.ApiError;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a component, trait, policy or workflow step type means.
public interface Definition {
  /// The key of the main object where objects are told apart by output key.
  String MAIN = "";

  /// As applications name it in `type`, without a version.
  String name();

  Role role();

  /// What it is for, in a sentence; may be empty.
  default String description() {
    return "";
  }

  /// `spec.version`; empty when it has none.
  default String version() {
    return "";
  }

  /// What it says as a trait; [TraitRules#NONE] for others.
  default TraitRules rules() {
    return TraitRules.NONE;
  }

  /// Where in the main object the pod spec is, when a component says so; else empty.
  default String podSpecPath() {
    return "";
  }

  /// The property that lists objects of the hub it delivers, which templates then see as
  /// `context.referred`; empty when it refers to none.
  default String refers() {
    return "";
  }

  /// The OpenAPI schema of its properties; a copy the caller may keep.
  ObjectNode schema();

  /// Checks properties and fills in defaults.
  ///
  /// @param properties as a person wrote them; null when absent
  /// @param path where they stand, for messages
  Parameters check(@Nullable JsonNode properties, String path);

  /// Properties after the check.
  ///
  /// @param value with defaults, without what the schema does not know; only good without faults
  /// @param ignored paths of what was not known
  record Parameters(ObjectNode value, List<String> ignored, List<ApiError.Cause> faults) {
    public Parameters {
      ignored = List.copyOf(ignored);
      faults = List.copyOf(faults);
    }
  }

  /// Reads and compiles everything that [#render] and [#health] would, so that faults show now; the
  /// first one of each part.
  default List<BadDefinition> faults() {
    return List.of();
  }

  /// Renders with checked parameters.
  ///
  /// @throws RenderFault when nothing can be rendered from them
  /// @throws BadDefinition when the definition itself is at fault
  Rendering render(ObjectNode parameter, ObjectNode context);

  /// Whether what it renders may differ between two clusters, all else being equal. One that says
  /// no is rendered once for all of them.
  default boolean readsCluster() {
    return true;
  }

  /// What came of rendering.
  ///
  /// @param output the main object; null when there is none
  /// @param outputs further objects by key, in the definition's order
  /// @param edits changes to objects of the component that are rendered already, in order
  record Rendering(@Nullable ObjectNode output, Map<String, ObjectNode> outputs, List<Edit> edits) {
    public Rendering {
      edits = List.copyOf(edits);
    }
  }

  /// What the health of rendered objects is read from, by output key; [#MAIN] is the main object.
  ///
  /// @param kinds the rendered objects by the same keys
  SortedMap<String, List<LivePath>> livePaths(Map<String, ObjectNode> kinds);

  /// Judges health. Never throws: an expression that fails means unhealthy, and the message says
  /// why.
  ///
  /// @param live the objects as far as they are known, by output key: what was rendered, with the
  ///   values of the live paths laid over it
  Health health(ObjectNode parameter, ObjectNode context, Map<String, ObjectNode> live);

  /// @param message for people; may be empty
  /// @param details further facts for people, by name
  record Health(boolean healthy, String message, SortedMap<String, String> details) {
    public Health(boolean healthy, String message) {
      this(healthy, message, Collections.emptySortedMap());
    }
  }
}
