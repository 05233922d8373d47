package io.nave.applications;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.applications.ApplicationReconciler.Annotating;
import io.nave.applications.ApplicationReconciler.Change;
import io.nave.applications.ApplicationReconciler.Finalizer;
import io.nave.applications.api.Application;
import io.nave.controllers.Cache;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Works that a pass is about to write and whose arrival in the cache tells nothing it did not
/// know: another pass over them would come to the same. Thread-safe.
///
/// What a pass foresaw is struck out by the first change of that work. So where somebody else
/// changes the work too, one of the two changes is news; and where both arrive as one, that shows.
///
/// It also knows which applications the cache still shows as they were before the last pass.
final class OwnWrites {
  /// Works that are being written at the same time are few; what was never seen to arrive is
  /// forgotten, and costs a pass.
  private static final int KEPT_MAX = 1_000;

  private static final String KIND = ResourceType.of(Application.class).kind();

  /// A work as it will be.
  ///
  /// @param generation 1 for a new one
  private record Foreseen(long generation) {}

  private final Map<Key, Foreseen> foreseen = new ConcurrentHashMap<>(); // looked up only

  /// The newest revision that a pass wrote of an application, until the cache shows it.
  private final Map<Key, Long> written = new ConcurrentHashMap<>(); // looked up only

  /// A pass over `application` is about to write `change`.
  ///
  /// @param present its works so far
  void begin(Application application, List<ManifestWork> present, Change change) {
    if (!isFinal(application, present, change)) {
      return;
    }
    if (foreseen.size() >= KEPT_MAX) {
      foreseen.clear();
    }
    change.create().forEach(work -> foreseen.put(work.key(), new Foreseen(1)));
    var there = byKey(present);
    for (var work : change.update()) {
      var old = there.get(work.key());
      if (old != null) {
        foreseen.put(work.key(), new Foreseen(old.metadata().generation() + 1));
      }
    }
  }

  /// It was not written.
  void failed(Change change) {
    Stream.concat(change.create().stream(), change.update().stream())
        .forEach(work -> foreseen.remove(work.key()));
  }

  /// A pass over `application` has written these.
  void wrote(Key application, List<Optional<ApiObject>> stored) {
    if (written.size() >= KEPT_MAX) {
      written.clear();
    }
    stored.stream()
        .flatMap(Optional::stream)
        .filter(one -> one.kind().equals(KIND) && one.key().equals(application))
        .mapToLong(one -> Long.parseLong(one.resourceVersion()))
        .max()
        .ifPresent(revision -> written.put(application, revision));
  }

  /// Whether what the cache shows of an application is as new as what the last pass wrote of it. A
  /// pass over what was before would come to nothing: its writes would be refused.
  ///
  /// @param shown its resource version
  boolean isShown(Key application, String shown) {
    var last = written.get(application);
    if (last == null) {
      return true;
    }
    return Long.parseLong(shown) >= last && written.remove(application, last);
  }

  /// Whether a pass over what `change` leaves comes to the same, until somebody reports. Pure.
  ///
  /// The one who writes sees a new work of its own only as something that was told and not
  /// answered, and so it counted on it. Not so where several works of one cluster have to do with
  /// each other, where reports of before count for what is now, and where live values are read from
  /// older reports.
  static boolean isFinal(Application application, List<ManifestWork> present, Change change) {
    var there = byKey(present);
    return !application.metadata().deleting()
        && change.delete().isEmpty()
        && change.finalizer() == Finalizer.KEEP
        && change.annotating().equals(Annotating.NONE)
        && isAlone(present, change)
        && change.update().stream().allMatch(work -> isPlain(work, there.get(work.key())))
        && application.spec().components().stream().allMatch(one -> one.outputs().isEmpty());
  }

  /// Whether no cluster has more than one work.
  private static boolean isAlone(List<ManifestWork> present, Change change) {
    var clusters =
        Stream.concat(present.stream(), change.create().stream())
            .map(work -> work.metadata().namespace())
            .toList();
    return clusters.size() == clusters.stream().distinct().count();
  }

  /// Whether a work is changed in what it holds alone and in all of that, and what its cluster said
  /// of it before is known to be of before. An object that stays as it was is no longer reported
  /// about, until the cluster has looked again.
  private static boolean isPlain(ManifestWork next, @Nullable ManifestWork old) {
    if (old == null || old.metadata().deleting() || !Works.sameMeta(next, old)) {
      return false;
    }
    var applied = Condition.find(old.status().conditions(), ManifestWork.APPLIED).orElse(null);
    var seen = applied == null ? null : applied.observedGeneration();
    return (applied == null || (seen != null && seen > 0))
        && objects(next).noneMatch(one -> objects(old).anyMatch(was -> Json.same(one, was)));
  }

  /// What components rendered.
  private static Stream<JsonNode> objects(ManifestWork work) {
    return Works.manifests(work).stream()
        .filter(manifest -> !Works.componentOf(manifest).isEmpty());
  }

  private static Map<Key, ManifestWork> byKey(List<ManifestWork> works) {
    var byKey = new HashMap<Key, ManifestWork>();
    works.forEach(work -> byKey.put(work.key(), work));
    return byKey;
  }

  /// Whether a change of a work is what its writer foresaw, and nothing else. Asked once of each
  /// change. What another application holds too is news for its own: both may have written it at
  /// the same time.
  ///
  /// @param works with the index [HubApplicationWorld#BY_OBJECT], showing the change
  boolean isForeseen(Cache.Change<ManifestWork> change, Cache<ManifestWork> works) {
    var expected = foreseen.remove(change.key());
    var before = change.before();
    var after = change.after();
    if (expected == null || after == null) {
      return false;
    }
    var meta = after.metadata();
    var same =
        before == null
            ? after.status().conditions().isEmpty()
            : before.metadata().uid().equals(meta.uid())
                && before.metadata().labels().equals(meta.labels())
                && before.metadata().annotations().equals(meta.annotations())
                && before.status().equals(after.status());
    return same
        && meta.generation() == expected.generation()
        && !meta.deleting()
        && objects(after)
            .map(ManifestIdentity::of)
            .allMatch(object -> HubApplicationWorld.writers(works, meta.namespace(), object) == 1);
  }
}
