package io.nave.applications;

import io.nave.api.Condition;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWork.ManifestStatus;
import io.nave.work.OrphanRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// What one work of an application has to take on from another in the same cluster. Pure.
///
/// A work that gives an object up is told to leave it behind, and its word may be carried out at
/// any time from then on. So the work that takes the object on is written in the same commit, with
/// the object named in [#ANNOTATION]; and it stays, whatever becomes of the application, until the
/// cluster says that it has the object and the other work has let go of it. Were it to go earlier,
/// both would leave the object behind, and nobody would ever remove it. When somebody deletes the
/// heir by hand another one comes, also when the application wants the object no longer. Objects
/// still stay behind when the heir is deleted by hand of an application that is being deleted
/// itself, and when its cluster refuses them for long (see [Dismantling]).
final class Heritage {
  /// On a work: objects that another one leaves to it, as [ManifestIdentity] says them, one a line.
  static final String ANNOTATION = "nave.io/inherits";

  private final List<ManifestWork> going = new ArrayList<>();
  private final Set<String> open = new HashSet<>(); // looked up only
  private final Set<String> bereft = new HashSet<>(); // looked up only

  /// @param works all works of one application in one cluster
  Heritage(List<ManifestWork> works) {
    for (var work : works) {
      if (work.metadata().deleting()) {
        going.add(work);
        Works.manifests(work).forEach(one -> open.add(ManifestIdentity.of(one).toString()));
      }
    }
    for (var work : works) {
      for (var identity : named(work)) {
        if (!has(work, identity) || isBeingLeft(identity, work, works)) {
          (work.metadata().deleting() ? bereft : open).add(identity);
        }
      }
    }
  }

  private static Collection<String> named(ManifestWork work) {
    var text = work.metadata().annotations().getOrDefault(ANNOTATION, "");
    return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
  }

  private static boolean isBeingLeft(String identity, ManifestWork heir, List<ManifestWork> works) {
    for (var manifest : Works.manifests(heir)) {
      var object = ManifestIdentity.of(manifest);
      if (object.toString().equals(identity)) {
        return works.stream()
            .filter(work ->
                !work.key().equals(heir.key()) && (work.metadata().deleting() || !isSeen(work)))
            .anyMatch(work -> leaves(work, object));
      }
    }
    return false;
  }

  private static boolean leaves(ManifestWork work, ManifestIdentity object) {
    return OrphanRule.keeps(
        work.spec().deleteOption(),
        object.group(),
        ObjectKinds.plural(object.kind()),
        object.namespace(),
        object.name());
  }

  /// Whether the object is still on its way from one work to another.
  boolean isOpen(ManifestIdentity object) {
    return !open.isEmpty() && open.contains(object.toString());
  }

  /// Whether the work that had to take the object on was deleted before it was known to have it, so
  /// that another one has to.
  boolean isBereft(ManifestIdentity object) {
    return !bereft.isEmpty() && bereft.contains(object.toString());
  }

  /// Whether a work has to stay for what it inherits.
  boolean isOpen(ManifestWork work) {
    return !open.isEmpty() && named(work).stream().anyMatch(open::contains);
  }

  /// Whether a work of that name is on its way out, so that another one needs another name.
  boolean isGoing(String name) {
    return going.stream().anyMatch(work -> work.metadata().name().equals(name));
  }

  /// Works on their way out.
  List<ManifestWork> going() {
    return List.copyOf(going);
  }

  /// The value of [#ANNOTATION].
  static String text(SortedSet<String> objects) {
    return String.join("\n", objects);
  }

  /// Since when the cluster has refused every object for which a work has to stay; null: it does
  /// not refuse one of them, or has not said. What it refuses beside them does not count.
  @Nullable Instant refusedSince(ManifestWork work) {
    @Nullable Instant last = null;
    for (var identity : named(work)) {
      if (!open.contains(identity)) {
        continue;
      }
      var refused =
          isSeen(work)
              ? judged(work, identity).filter(applied -> !applied.isTrue()).orElse(null)
              : null;
      if (refused == null || refused.lastTransitionTime() == null) {
        return null;
      }
      var since = refused.lastTransitionTime();
      last = last == null || since.isAfter(last) ? since : last;
    }
    return last;
  }

  /// Whether the cluster has an object of the work, as the work is now.
  private static boolean has(ManifestWork work, String identity) {
    return isApplied(work)
        || (isSeen(work) && judged(work, identity).filter(Condition::isTrue).isPresent());
  }

  /// What the cluster says about applying one object of a work.
  private static Optional<Condition> judged(ManifestWork work, String identity) {
    var resources = work.status().resourceStatus();
    for (var status : resources == null ? List.<ManifestStatus>of() : resources.manifests()) {
      if (Health.identity(status.resourceMeta()).toString().equals(identity)) {
        return Condition.find(status.conditions(), ManifestWork.APPLIED);
      }
    }
    return Optional.empty();
  }

  /// Whether the cluster has looked at the work as it is now.
  static boolean isSeen(ManifestWork work) {
    return Condition.find(work.status().conditions(), ManifestWork.APPLIED)
        .filter(c -> Objects.equals(c.observedGeneration(), work.metadata().generation()))
        .isPresent();
  }

  /// Whether the cluster has all of the work as it is now.
  static boolean isApplied(ManifestWork work) {
    return isSeen(work) && Condition.isTrue(work.status().conditions(), ManifestWork.APPLIED);
  }
}
