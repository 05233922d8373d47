package io.nave.applications.revisions;

import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.applications.api.Application;
import io.nave.applications.api.Application.LatestRevision;
import io.nave.applications.api.ApplicationRevision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Which revision an Application delivers (spec §5).
public final class Revisions {
  /// Old revisions kept beside the one that is delivered, unless a policy says otherwise.
  public static final int LIMIT = 2;

  /// On a revision: the digest of its [Content].
  public static final String HASH = "app.oam.dev/app-revision-hash";

  private static final String NAME = "app.oam.dev/name";

  /// Revisions looked for beyond those the status knows; more are never left behind.
  private static final int LOOK_BEYOND = 20;

  private Revisions() {}

  /// The name of a revision.
  public static String name(String application, long number) {
    return application + "-v" + number;
  }

  /// What a new revision holds.
  ///
  /// @param labels beside its own
  public record Made(ApplicationRevision.Spec spec, Map<String, String> labels) {}

  /// What is delivered from now on.
  ///
  /// @param latest the revision delivered
  /// @param create to be made; null: it is there
  /// @param delete those beyond the limit, oldest first
  public record Decision(
      LatestRevision latest, @Nullable ApplicationRevision create, List<Key> delete) {
    public Decision {
      delete = List.copyOf(delete);
    }

    /// The revision that an application delivers already.
    ///
    /// @throws NullPointerException when it delivers none
    public static Decision stay(Application application) {
      return new Decision(
          Objects.requireNonNull(application.status().latestRevision()), null, List.of());
    }
  }

  /// The revision that holds this content: the latest, an older one of the same content, or a new
  /// one.
  ///
  /// @param content as the Application is now
  /// @param digest of it
  /// @param made what a new revision holds; asked for only when one is made
  /// @param stored the revision of a number, if it is there
  /// @param limit most old ones kept
  public static Decision decide(
      Application application,
      Content content,
      String digest,
      Supplier<Made> made,
      LongFunction<Optional<ApplicationRevision>> stored,
      int limit) {
    var latest = application.status().latestRevision();
    if (latest != null && latest.revisionHash().equals(digest)) {
      return new Decision(latest, null, List.of());
    }
    var there = there(latest == null ? 0 : latest.revision(), stored, limit);
    for (var entry : there.descendingMap().entrySet()) {
      if (digest.equals(entry.getValue().metadata().labels().get(HASH))) {
        return new Decision(
            latest(application, entry.getKey(), digest, entry.getKey() < there.lastKey()),
            null,
            surplus(there, entry.getKey(), limit));
      }
    }
    var last = there.isEmpty() ? 0 : there.lastKey();
    var number = Math.max(last, latest == null ? 0 : latest.revision()) + 1;
    return new Decision(
        latest(application, number, digest, false),
        revision(application, content, made.get(), number, digest),
        surplus(there, number, limit));
  }

  /// The revision whose definitions count, and not those of today: one that was taken up again, or
  /// is about to be.
  ///
  /// @param digest of the content that is to be delivered
  /// @param stored as of [#decide]
  /// @param limit as of [#decide]
  public static Optional<ApplicationRevision> takenUp(
      Application application,
      String digest,
      LongFunction<Optional<ApplicationRevision>> stored,
      int limit) {
    var latest = application.status().latestRevision();
    if (latest == null) {
      return Optional.empty(); // nothing is delivered yet that could be gone back from
    }
    if (latest.revisionHash().equals(digest)) {
      return Boolean.TRUE.equals(latest.held())
          ? stored.apply(latest.revision())
          : Optional.empty();
    }
    var there = there(latest.revision(), stored, limit).descendingMap();
    return there.entrySet().stream()
        .filter(entry -> digest.equals(entry.getValue().metadata().labels().get(HASH)))
        .filter(entry -> entry.getKey() < there.firstKey())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static NavigableMap<Long, ApplicationRevision> there(
      long latest, LongFunction<Optional<ApplicationRevision>> stored, int limit) {
    var found = new TreeMap<Long, ApplicationRevision>();
    for (var number = Math.max(1, latest - limit - LOOK_BEYOND); number <= latest; number++) {
      put(found, number, stored);
    }
    for (var number = latest + 1; put(found, number, stored); number++) {
      // those made before the status was lost, or left when an older one was taken up again
    }
    return found;
  }

  private static boolean put(
      NavigableMap<Long, ApplicationRevision> found,
      long number,
      LongFunction<Optional<ApplicationRevision>> stored) {
    var there = stored.apply(number);
    there.ifPresent(revision -> found.put(number, revision));
    return there.isPresent();
  }

  private static LatestRevision latest(
      Application application, long number, String digest, boolean held) {
    return new LatestRevision(
        name(application.metadata().name(), number), number, digest, held ? true : null);
  }

  private static List<Key> surplus(
      NavigableMap<Long, ApplicationRevision> there, long delivered, int limit) {
    var old = new ArrayList<Key>();
    there.forEach((number, revision) -> {
      if (number != delivered) {
        old.add(revision.key());
      }
    });
    return old.subList(0, Math.max(0, old.size() - limit));
  }

  private static ApplicationRevision revision(
      Application application, Content content, Made made, long number, String digest) {
    var own = application.metadata();
    var labels = new TreeMap<>(made.labels());
    labels.put(HASH, digest);
    labels.put(NAME, own.name());
    var meta =
        Meta.named(own.namespace(), name(own.name(), number))
            .withLabels(labels)
            .withOwner(
                new Meta.OwnerReference(
                    "core.oam.dev/v1beta1", "Application", own.name(), own.uid(), true, true));
    var published =
        content.publishVersion().isEmpty()
            ? meta
            : meta.withAnnotations(Map.of(Content.PUBLISH_VERSION, content.publishVersion()));
    return new ApplicationRevision(
        published, made.spec(), new ApplicationRevision.Status(false, null));
  }

  /// The Application as a revision holds it: without status, and of its metadata what people write.
  public static ObjectNode held(Application application) {
    var own = application.metadata();
    var held = Json.object().put("apiVersion", "core.oam.dev/v1beta1").put("kind", "Application");
    var meta = held.putObject("metadata").put("name", own.name()).put("namespace", own.namespace());
    if (!own.labels().isEmpty()) {
      meta.set("labels", Json.tree(own.labels()));
    }
    if (!own.annotations().isEmpty()) {
      meta.set("annotations", Json.tree(own.annotations()));
    }
    held.set("spec", Json.tree(application.spec()));
    return held;
  }
}
