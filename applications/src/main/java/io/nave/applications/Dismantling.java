package io.nave.applications;

import io.nave.applications.api.Application;
import io.nave.applications.policies.Treatments;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How the works of a deleted Application go: all at once; with a garbage-collect policy that asks
/// for order each component after those that depend on it (spec §9.6); with the finalizer [#ORPHAN]
/// leaving their objects behind. One that another work leaves objects to stays until it has taken
/// them on, lest they stay behind (see [Heritage]). When its cluster has refused just those for
/// [#PATIENCE] it will not take them on: it goes, and they stay, rather than the application for
/// ever. Pure.
///
/// @param update works that have to be told first to leave their objects
/// @param delete works that may go now
/// @param again latest time to look again; null: when something changes
record Dismantling(List<ManifestWork> update, List<ManifestWork> delete, @Nullable Instant again) {
  /// A finalizer by which a person asks that objects stay in the clusters.
  static final String ORPHAN = "app.oam.dev/orphan-resource";

  /// For how long a cluster may refuse objects that a work has to take on.
  static final Duration PATIENCE = Duration.ofMinutes(10);

  Dismantling {
    update = List.copyOf(update);
    delete = List.copyOf(delete);
  }

  /// What to do now.
  ///
  /// @param present all works of the application
  /// @param now by which patience ends
  static Dismantling next(
      Application application, List<ManifestWork> present, Treatments treatments, Instant now) {
    var orphan = application.metadata().finalizers().contains(ORPHAN);
    var holders =
        treatments.isOrdered() ? dependents(application) : Map.<String, TreeSet<String>>of();
    var update = new ArrayList<ManifestWork>();
    var delete = new ArrayList<ManifestWork>();
    var heritage = heritage(present);
    var none = new Heritage(List.of());
    @Nullable Instant again = null;
    for (var work : present) {
      if (work.metadata().deleting() || isHeld(work, present, holders, treatments)) {
        continue;
      }
      var mine = heritage.getOrDefault(work.metadata().namespace(), none);
      if (!orphan && mine.isOpen(work)) {
        var refused = mine.refusedSince(work);
        var until = refused == null ? null : refused.plus(PATIENCE);
        if (until == null || now.isBefore(until)) {
          again = again == null || (until != null && until.isBefore(again)) ? until : again;
          continue;
        }
      }
      if (orphan && !isOrphaning(work)) {
        update.add(orphaning(work));
      } else {
        delete.add(work);
      }
    }
    return new Dismantling(update, delete, again);
  }

  /// By cluster.
  private static Map<String, Heritage> heritage(List<ManifestWork> present) {
    return present.stream()
        .collect(
            Collectors.groupingBy(
                work -> work.metadata().namespace(),
                Collectors.collectingAndThen(Collectors.toList(), Heritage::new)));
  }

  /// By component: those that depend on it.
  private static Map<String, TreeSet<String>> dependents(Application application) {
    var dependents = new HashMap<String, TreeSet<String>>(); // looked up only
    for (var component : application.spec().components()) {
      var needed = new TreeSet<>(component.dependsOn());
      component.inputs().forEach(input -> needed.addAll(publishers(application, input.from())));
      needed.forEach(
          name -> dependents.computeIfAbsent(name, _ -> new TreeSet<>()).add(component.name()));
    }
    return dependents;
  }

  private static List<String> publishers(Application application, String value) {
    return application.spec().components().stream()
        .filter(c -> c.outputs().stream().anyMatch(output -> output.name().equals(value)))
        .map(Application.Component::name)
        .toList();
  }

  /// A work of no component of its own goes last.
  private static boolean isHeld(
      ManifestWork work,
      List<ManifestWork> present,
      Map<String, TreeSet<String>> dependents,
      Treatments treatments) {
    if (!treatments.isOrdered()) {
      return false;
    }
    var component = component(work);
    return present.stream()
        .filter(other -> other.metadata().namespace().equals(work.metadata().namespace()))
        .map(Dismantling::component)
        .anyMatch(other ->
            component.isEmpty()
                ? !other.isEmpty()
                : dependents.getOrDefault(component, new TreeSet<>()).contains(other));
  }

  private static String component(ManifestWork work) {
    return work.metadata().labels().getOrDefault(Works.COMPONENT, "");
  }

  private static boolean isOrphaning(ManifestWork work) {
    var option = work.spec().deleteOption();
    return option != null && option.propagationPolicy().equals("Orphan");
  }

  private static ManifestWork orphaning(ManifestWork work) {
    var spec = work.spec();
    return new ManifestWork(
        work.metadata(),
        new ManifestWork.Spec(
            spec.workload(),
            new ManifestWork.DeleteOption("Orphan", null, null),
            spec.manifestConfigs(),
            spec.executor()),
        work.status());
  }
}
