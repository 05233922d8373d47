package io.nave.placement;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.controllers.ApiClient;
import io.nave.placement.api.Placement;
import io.nave.placement.schedule.Explanation;
import io.nave.placement.schedule.WhatIf;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/// Answers questions about placement: why, and what if. Made before the API is served, so that its
/// subresources can name it; answers once [PlacementHub] runs. Any task may ask.
public final class PlacementDesk {
  private record Open(EngineRoom engine, ApiClient client) {}

  /// What would become of one Placement.
  ///
  /// @param worksCreated works that would be created, as `cluster/name`
  /// @param worksDeleted works that would be deleted, as `cluster/name`
  public record Answer(
      WhatIf.Difference decisions, List<String> worksCreated, List<String> worksDeleted) {}

  private final AtomicReference<Open> open = new AtomicReference<>();

  /// Called by the hub that answers.
  void open(EngineRoom engine, ApiClient client) {
    open.set(new Open(engine, client));
  }

  /// Why each cluster is chosen or not.
  ///
  /// @param cluster only this one; empty: all
  /// @throws ApiError NotFound for a Placement this hub does not decide
  public Explanation explain(Key placement, String cluster, Instant now) {
    var explanation =
        room().ask(engine -> engine.explain(placement, now)).orElseThrow(() -> unknown(placement));
    return cluster.isEmpty() ? explanation : explanation.only(cluster);
  }

  /// Which of its decisions and works would change; empty when none would.
  ///
  /// @param changes as [WhatIf#parse] reads them
  /// @throws ApiError BadRequest naming what cannot be read
  public List<Answer> whatIf(Key placement, JsonNode changes, Instant now) {
    var parsed = WhatIf.parse(changes, placement);
    var copy = room().ask(engine -> engine.copy());
    return WhatIf.ask(copy, parsed, now).stream()
        .filter(difference -> difference.placement().equals(placement))
        .map(this::answer)
        .toList();
  }

  private Answer answer(WhatIf.Difference difference) {
    var works = AffectedWorks.of(opened().client(), difference);
    return new Answer(difference, works.created(), works.deleted());
  }

  /// What upstream's debugger shows.
  public Explanation.Debug debug(Placement placement, Instant now) {
    return room().ask(engine -> engine.debug(placement, now));
  }

  private EngineRoom room() {
    return opened().engine();
  }

  private Open opened() {
    var opened = open.get();
    if (opened == null) {
      throw ApiError.unavailable("placement is still starting; ask again in a moment");
    }
    return opened;
  }

  private static ApiError unknown(Key placement) {
    return ApiError.badRequest(
        "Placement " + placement + " is not decided here: it is new, being deleted, or disabled");
  }
}
