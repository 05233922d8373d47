package io.nave.applications;

import io.nave.applications.definitions.LivePath;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// One component rendered for one target.
///
/// @param context what its expressions saw, without outputs
/// @param pieces the workload first: the main object, or what a trait renders in its place
record Rendered(Blueprint.Bound component, Target target, ObjectNode context, List<Piece> pieces) {
  /// The owner of what the component itself rendered.
  static final int COMPONENT = -1;

  /// The type of what is only looked at, for a step.
  static final String READ = "read-object";

  /// Whether its objects are only looked at, and belong to somebody else.
  boolean isRead() {
    return component.type().equals(READ);
  }

  /// One object.
  ///
  /// @param owner the position of the trait that rendered it, or [#COMPONENT]
  /// @param key its output key; [Definition#MAIN] for the main object
  /// @param live what health reads of it, sorted
  record Piece(int owner, String key, ObjectNode manifest, List<LivePath> live) {
    Piece with(ObjectNode changed) {
      return new Piece(owner, key, changed, live);
    }
  }

  ObjectNode main() {
    return pieces.getFirst().manifest();
  }
}
