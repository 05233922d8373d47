package io.nave.applications;

import io.nave.api.Key;
import io.nave.applications.api.Application.Contested;
import io.nave.applications.api.Application.Service;
import io.nave.work.ManifestIdentity;
import java.util.ArrayList;
import java.util.List;

/// An object on a cluster that two applications want.
///
/// @param holder the application that delivers it
/// @param other the one that would like to, and does not
record Contest(String cluster, ManifestIdentity object, String component, Key holder, Key other) {
  /// As it stands in the status of the one that does not deliver it.
  Contested told() {
    var namespace = object.namespace();
    return new Contested(
        cluster,
        object.kind(),
        namespace.isEmpty() ? null : namespace,
        object.name(),
        holder.toString());
  }

  /// From the status of the one that does not deliver it.
  static Contest of(Contested told, Key holder, Key other) {
    var namespace = told.namespace() == null ? "" : told.namespace();
    return new Contest(
        told.cluster(),
        new ManifestIdentity("", told.kind(), namespace, told.name()),
        "",
        holder,
        other);
  }

  /// Services that say why an object of theirs was not delivered.
  static List<Service> marked(List<Service> services, List<Contest> contests) {
    if (contests.isEmpty()) {
      return services;
    }
    var marked = new ArrayList<Service>();
    for (var service : services) {
      marked.add(
          contests.stream()
              .filter(contest -> contest.isAbout(service))
              .findFirst()
              .map(contest -> contest.mark(service))
              .orElse(service));
    }
    return List.copyOf(marked);
  }

  private boolean isAbout(Service service) {
    return component.equals(service.name()) && cluster.equals(service.cluster());
  }

  private Service mark(Service service) {
    return new Service(
        service.name(),
        service.namespace(),
        service.cluster(),
        service.env(),
        service.workloadDefinition(),
        false,
        false,
        text(),
        service.details(),
        service.traits());
  }

  /// What happened, and what to do.
  String text() {
    return "%s %s on cluster %s belongs to application %s, and application %s wants it too; it was"
            .formatted(object.kind(), object.key(), cluster, holder, other)
        + " not delivered: rename it in one of them, or name it in a shared-resource policy of both";
  }
}
