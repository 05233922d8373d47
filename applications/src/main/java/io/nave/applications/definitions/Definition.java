package io.nave.applications.definitions;

import io.nave.api.ApiError;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a component, trait or policy type means.
public interface Definition {
  /// The key of the main object where objects are told apart by output key.
  String MAIN = "";

  /// As applications name it in `type`.
  String name();

  Role role();

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

  /// Renders with checked parameters.
  ///
  /// @throws RenderFault when nothing can be rendered from them
  /// @throws BadDefinition when the definition itself is at fault
  Rendering render(ObjectNode parameter, ObjectNode context);

  /// What came of rendering.
  ///
  /// @param output the main object; null when there is none
  /// @param outputs further objects by key, in the definition's order
  /// @param patch to be merged into the main object of the component; null when there is none
  record Rendering(
      @Nullable ObjectNode output, Map<String, ObjectNode> outputs, @Nullable ObjectNode patch) {}

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
  record Health(boolean healthy, String message) {}
}
