package io.nave.applications;

import io.nave.applications.Rendered.Piece;
import io.nave.applications.definitions.TraitRules;

/// How much of a component a cluster may have now, when its traits are delivered in stages (spec
/// §9.1): first what `PreDispatch` traits render, when that is there and healthy the workload with
/// the other traits, and what `PostDispatch` traits render when the workload is healthy. Pure.
///
/// Changes that a trait makes to the workload come with the workload, whatever its stage. What a
/// cluster was told is not taken back when the workload falls ill: all that stands is delivered,
/// and while anything is withheld the works keep what is in its place.
final class Staging {
  private Staging() {}

  /// The rendered component, with what may not come yet withheld.
  static Rendered of(Rendered whole, Present present) {
    if (isPlain(whole) || present.stands(whole)) {
      return whole;
    }
    var upToWorkload = whole.only(piece -> stage(whole, piece) != TraitRules.Stage.POST_DISPATCH);
    var early = whole.only(piece -> stage(whole, piece) == TraitRules.Stage.PRE_DISPATCH);
    if (!early.pieces().isEmpty() && !present.stands(upToWorkload) && !isReady(early, present)) {
      return early;
    }
    return upToWorkload.withheld().isEmpty() || present.health(upToWorkload).workloadHealthy()
        ? whole
        : upToWorkload;
  }

  private static boolean isPlain(Rendered whole) {
    return whole.pieces().stream()
        .allMatch(piece -> stage(whole, piece) == TraitRules.Stage.DEFAULT_DISPATCH);
  }

  private static boolean isReady(Rendered early, Present present) {
    return present.applied(early)
        && present.health(early).traits().stream().noneMatch(trait -> trait.holdsUp());
  }

  /// The stage of what rendered a piece; the workload has none of its own, whoever renders it.
  private static TraitRules.Stage stage(Rendered whole, Piece piece) {
    var owner = piece.owner();
    return owner == Rendered.COMPONENT || owner == whole.pieces().getFirst().owner()
        ? TraitRules.Stage.DEFAULT_DISPATCH
        : whole.component().traits().get(owner).definition().rules().stage();
  }
}
