package io.nave.applications.definitions;

import tools.jackson.databind.node.ObjectNode;

/// A language in which definitions are written.
public interface DefinitionEngine {
  /// Whether the manifest is written in this engine's language.
  boolean reads(ObjectNode manifest);

  /// The definition a manifest holds.
  ///
  /// @throws BadDefinition when it is wrong; some faults show only when it is first rendered
  Definition read(ObjectNode manifest);
}
