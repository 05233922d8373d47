package io.nave.placement;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.controllers.ApiClient;
import io.nave.placement.api.Placement;
import io.nave.placement.schedule.Explanation;
import io.nave.placement.schedule.WhatIf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Answers questions about placement: why, and what if. Made before the API is served, so that its
/// subresources can name it; answers while [PlacementHub] runs. Any task may ask.
public final class PlacementDesk {
  private record Open(EngineRoom engine, ApiClient client) {}

  /// What would become of one Placement: its decisions, and works as `cluster/name`.
  public record Answer(
      WhatIf.Difference decisions,
      List<String> worksCreated,
      List<String> worksChanged,
      List<String> worksDeleted) {}

  private final AtomicReference<@Nullable Open> open = new AtomicReference<>();
  private final WorkNames names;

  public PlacementDesk(WorkNames names) {
    this.names = names;
  }

  /// Called by the hub that answers from now on.
  void open(EngineRoom engine, ApiClient client) {
    open.set(new Open(engine, client));
  }

  /// Called when it stops.
  void shut() {
    open.set(null);
  }

  /// Why each cluster is chosen or not.
  ///
  /// @param cluster only this one; empty: all
  /// @throws ApiError NotFound for a Placement this hub does not decide
  public Explanation explain(Key placement, String cluster, Instant now) {
    var explanation =
        opened()
            .engine()
            .ask(engine -> engine.explain(placement, now))
            .orElseThrow(() -> unknown(placement));
    return cluster.isEmpty() ? explanation : explanation.only(cluster);
  }

  /// Which decisions and works of one Placement would change; empty when none would.
  ///
  /// @param changes as [WhatIf#parse] reads them
  /// @throws ApiError BadRequest naming what cannot be read
  public List<Answer> whatIf(Key placement, JsonNode changes, Instant now) {
    return answers(
        difference(WhatIf.parse(changes, placement), now).stream()
            .filter(difference -> difference.placement().equals(placement))
            .toList());
  }

  /// Which decisions and works of any Placement would change if this happened to a cluster.
  ///
  /// @param changes as [WhatIf#parse] reads them; all about this cluster
  /// @throws ApiError BadRequest naming what cannot be read, or is about something else
  public List<Answer> whatIfTo(String cluster, JsonNode changes, Instant now) {
    var parsed = WhatIf.parse(changes, null);
    for (var i = 0; i < parsed.size(); i++) {
      if (!cluster.equals(parsed.get(i).cluster())) {
        throw ApiError.badRequest(
            "changes[%d]: expected a change of cluster %s, found one of \"%s\""
                .formatted(i, cluster, parsed.get(i).cluster()));
      }
    }
    return answers(difference(parsed, now));
  }

  private List<WhatIf.Difference> difference(List<WhatIf.Change> changes, Instant now) {
    var copy = opened().engine().ask(engine -> engine.copy());
    return WhatIf.ask(copy, changes, now);
  }

  private List<Answer> answers(List<WhatIf.Difference> differences) {
    var works = AffectedWorks.of(opened().client(), names, differences);
    var answers = new ArrayList<Answer>();
    for (var i = 0; i < differences.size(); i++) {
      var each = works.get(i);
      answers.add(new Answer(differences.get(i), each.created(), each.changed(), each.deleted()));
    }
    return answers;
  }

  /// What upstream's debugger shows.
  public Explanation.Debug debug(Placement placement, Instant now) {
    return opened().engine().ask(engine -> engine.debug(placement, now));
  }

  private Open opened() {
    var opened = open.get();
    if (opened == null) {
      throw ApiError.unavailable(
          "placement does not run in this hub process: it is still starting, or another hub leads");
    }
    return opened;
  }

  private static ApiError unknown(Key placement) {
    return ApiError.badRequest(
        "Placement " + placement + " is not decided here: it is new, being deleted, or disabled");
  }
}
