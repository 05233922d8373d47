package io.nave.applications;

import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.LivePath;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// One component rendered for one target.
///
/// @param context what its expressions saw, without outputs
/// @param pieces what is delivered, the workload first: the main object, or what a trait renders in
///   its place
/// @param withheld what has to wait for that (see [Staging]), the workload first if it has to
record Rendered(
    Blueprint.Bound component,
    Target target,
    ObjectNode context,
    List<Piece> pieces,
    List<Piece> withheld) {
  Rendered {
    pieces = List.copyOf(pieces);
    withheld = List.copyOf(withheld);
  }

  /// All of it.
  Rendered(Blueprint.Bound component, Target target, ObjectNode context, List<Piece> pieces) {
    this(component, target, context, pieces, List.of());
  }

  /// The same, with some of the pieces withheld; in their order.
  Rendered only(Predicate<Piece> delivered) {
    return new Rendered(
        component,
        target,
        context,
        pieces.stream().filter(delivered).toList(),
        pieces.stream().filter(Predicate.not(delivered)).toList());
  }

  /// Whether the workload itself has to wait.
  boolean isWorkloadWithheld() {
    return withheld.stream().anyMatch(piece -> piece.key().equals(Definition.MAIN));
  }

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
    return (isWorkloadWithheld() ? withheld : pieces).getFirst().manifest();
  }
}
