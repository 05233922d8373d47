package io.nave.applications;

import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.applications.api.Application.Service;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the clusters have been told, and what they say to it. For one pass.
final class Present {
  private final Map<String, Map<ManifestIdentity, JsonNode>> told = new HashMap<>(); // by cluster
  private final List<ManifestWork> works;
  private final Health health;
  private final Health nothing;
  private final boolean assumed;
  private final IdentityHashMap<Rendered, Service> judged =
      new IdentityHashMap<>(); // looked up only

  Present(List<ManifestWork> works, Fleet fleet) {
    this(works, fleet, false);
  }

  /// As if every cluster had become healthy with what it is told.
  static Present assumingHealth(List<ManifestWork> works, Fleet fleet) {
    return new Present(works, fleet, true);
  }

  private Present(List<ManifestWork> works, Fleet fleet, boolean assumed) {
    this.assumed = assumed;
    this.works = works.stream().filter(work -> !work.metadata().deleting()).toList();
    health = new Health(this.works, fleet);
    nothing = new Health(List.of(), fleet);
    for (var work : this.works) {
      var manifests = told.computeIfAbsent(work.metadata().namespace(), _ -> new HashMap<>());
      Works.manifests(work).forEach(one -> manifests.put(ManifestIdentity.of(one), one));
    }
  }

  /// Whether the cluster has been told exactly this.
  boolean stands(Rendered rendered) {
    var manifests = told.getOrDefault(rendered.target().cluster(), Map.of());
    for (var piece : rendered.pieces()) {
      var there = manifests.get(ManifestIdentity.of(piece.manifest()));
      if (there == null || !Json.same(there, piece.manifest())) {
        return false;
      }
    }
    return true;
  }

  /// Whether an object that is only looked at is there; empty while its cluster has not said.
  Optional<Boolean> seen(Rendered rendered) {
    return asked(rendered) ? health.seen(rendered) : Optional.empty();
  }

  /// Whether the cluster is told to look at it, and at all that is wanted of it. What another
  /// component delivers is looked at there.
  private boolean asked(Rendered rendered) {
    var piece = rendered.pieces().getFirst();
    var identity = ManifestIdentity.of(piece.manifest());
    return works.stream()
        .filter(work -> work.metadata().namespace().equals(rendered.target().cluster()))
        .filter(work ->
            Works.manifests(work).stream().anyMatch(m -> ManifestIdentity.of(m).equals(identity)))
        .anyMatch(work ->
            piece.live().isEmpty()
                || WorkWriter.configOf(work, identity)
                    .filter(config -> WorkWriter.feeds(config, piece.live()))
                    .isPresent());
  }

  /// How it is; what the cluster has not been told yet waits. Judged once: a step asks, and so does
  /// the status of the application.
  Service health(Rendered rendered) {
    return judged.computeIfAbsent(rendered, this::judge);
  }

  private Service judge(Rendered rendered) {
    var service = (stands(rendered) ? health : nothing).of(rendered);
    return assumed ? healthy(service) : service;
  }

  private static Service healthy(Service service) {
    return new Service(
        service.name(),
        service.namespace(),
        service.cluster(),
        service.env(),
        service.workloadDefinition(),
        true,
        true,
        service.message(),
        service.details(),
        List.of());
  }

  /// What was rendered, with what the cluster says laid over it: `output` and `outputs`.
  ObjectNode live(Rendered rendered) {
    return (stands(rendered) || rendered.isRead() ? health : nothing).live(rendered);
  }

  /// Whether the cluster has what it was told.
  boolean applied(Rendered rendered) {
    return stands(rendered) && health.applied(rendered);
  }

  /// Whether the cluster refused a part of what it was told.
  boolean refused(String cluster) {
    for (var work : works) {
      if (work.metadata().namespace().equals(cluster)) {
        var applied = Condition.find(work.status().conditions(), ManifestWork.APPLIED).orElse(null);
        if (applied != null
            && applied.status().equals("False")
            && (applied.observedGeneration() == null
                || applied.observedGeneration() == work.metadata().generation())) {
          return true;
        }
      }
    }
    return false;
  }
}
