package io.nave.applications;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.definitions.DefinitionCheck;
import io.nave.applications.definitions.Origin;
import io.nave.applications.definitions.Role;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// Keeps what a definition was: a DefinitionRevision for each change (spec §5.4, §5.5).
///
/// - Reads: one definition, its revisions, which versions applications name.
/// - Writes: its revisions and `status`, in one commit.
/// - Safe to repeat: the newest revision of what the definition says now is not written twice.
///
/// Revisions go when their definition goes, but for those that a revision of an application holds
/// on to or an application names: what was delivered by them can still be gone back to. So the
/// definition does not own them in the sense of the API server, which would delete them with it.
final class DefinitionReconciler implements Reconciler {
  /// Old revisions that are kept beside the newest.
  static final int OLD_MAX = 2;

  /// How often the revisions that a definition left behind are looked at: nobody tells when they
  /// are let go of.
  static final Duration LEFT_LOOK = Duration.ofMinutes(10);

  /// On every revision: the name of its definition. KubeVela's keys.
  static final String COMPONENT = "componentdefinition.oam.dev/name";

  /// The little this reconciler needs; [DefinitionsHub] serves it.
  interface World {
    Optional<ApiObject> definition(Key key);

    List<DefinitionRevision> revisions(Key definition);

    /// Whether an application names this version of the definition.
    boolean used(Key definition, String version);

    /// Whether an object of that name is there.
    boolean taken(Key revision);

    /// Whether a revision of an application holds on to this revision of a definition.
    boolean held(Key revision);

    /// Writes all of it, in one commit.
    void write(ApiObject definition, Change change);

    void delete(List<Key> revisions);

    Instant now();
  }

  /// What has to be written.
  ///
  /// @param free revisions that an earlier version of this program gave to the definition to own
  /// @param status the whole status wanted
  record Change(
      Optional<DefinitionRevision> create, List<Key> delete, List<Key> free, ObjectNode status) {}

  private final Role role;
  private final World world;

  DefinitionReconciler(Role role, World world) {
    this.role = role;
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var definition = world.definition(key).orElse(null);
    if (definition == null) {
      return left(key);
    }
    if (definition.deleting()) {
      return new Outcome.Settled();
    }
    var change =
        decide(
            role,
            definition,
            world.revisions(key),
            version -> world.used(key, version),
            world::taken,
            world::held,
            world.now());
    world.write(definition, change);
    return new Outcome.Settled();
  }

  /// What a definition that is gone leaves behind.
  private Outcome left(Key definition) {
    var revisions = world.revisions(definition);
    var gone =
        revisions.stream()
            .filter(revision -> !isUsed(role, revision, version -> world.used(definition, version)))
            .filter(revision -> !world.held(revision.key()))
            .map(DefinitionRevision::key)
            .toList();
    if (!gone.isEmpty()) {
      world.delete(gone);
    }
    return gone.size() == revisions.size()
        ? new Outcome.Settled()
        : new Outcome.CheckAfter(LEFT_LOOK);
  }

  /// Pure: the revision to make, those to delete, and the status.
  ///
  /// @param used whether an application names a version
  /// @param taken whether an object stands where a revision would be
  /// @param held whether a revision of an application holds on to a revision
  static Change decide(
      Role role,
      ApiObject definition,
      List<DefinitionRevision> revisions,
      Predicate<String> used,
      Predicate<Key> taken,
      Predicate<Key> held,
      Instant now) {
    var ordered =
        revisions.stream()
            .sorted(Comparator.comparingLong((DefinitionRevision r) -> r.spec().revision()))
            .toList();
    var hash = Origin.hash(definition.spec());
    var latest = ordered.isEmpty() ? null : ordered.getLast();
    var same = latest != null && latest.spec().revisionHash().equals(hash);
    var newest =
        same && latest != null
            ? latest
            : revision(
                role, definition, latest == null ? 1 : latest.spec().revision() + 1, hash, taken);
    var surplus = surplus(role, ordered, newest, used, held);
    return new Change(
        same ? Optional.empty() : Optional.of(newest),
        surplus,
        ordered.stream()
            .filter(revision -> !revision.metadata().ownerReferences().isEmpty())
            .map(DefinitionRevision::key)
            .filter(key -> !surplus.contains(key))
            .toList(),
        status(definition, newest, now));
  }

  private static DefinitionRevision revision(
      Role role, ApiObject definition, long number, String hash, Predicate<Key> taken) {
    var version = definition.spec().path("version").asString("");
    var wanted = definition.name() + "-v" + (version.isEmpty() ? String.valueOf(number) : version);
    // Kinds of definitions share the names of their revisions, and a version may be said twice.
    var name =
        taken.test(Key.of(definition.namespace(), wanted))
            ? wanted + "-" + role.word() + "-" + number
            : wanted;
    var object = Json.object();
    var meta = object.putObject("metadata");
    meta.put("namespace", definition.namespace()).put("name", name);
    meta.putObject("labels").put(label(role), definition.name());
    var spec = object.putObject("spec").put("revision", number).put("revisionHash", hash);
    spec.put("definitionType", role.revisionType());
    spec.set(role.revisionField(), manifest(definition));
    return Codec.decode(object, DefinitionRevision.class);
  }

  /// The label of a revision that names its definition.
  static String label(Role role) {
    return role == Role.COMPONENT ? COMPONENT : role.word() + "definition.oam.dev/name";
  }

  /// What somebody wrote, without what the server adds.
  private static ObjectNode manifest(ApiObject definition) {
    var manifest = Json.object();
    manifest.put("apiVersion", definition.apiVersion()).put("kind", definition.kind());
    var meta = manifest.putObject("metadata").put("name", definition.name());
    meta.put("namespace", definition.namespace());
    definition.labels().forEach((key, value) -> meta.withObjectProperty("labels").put(key, value));
    definition
        .annotations()
        .forEach((key, value) -> {
          if (key.startsWith("definition.oam.dev/")) {
            meta.withObjectProperty("annotations").put(key, value);
          }
        });
    manifest.set("spec", definition.spec());
    return manifest;
  }

  private static List<Key> surplus(
      Role role,
      List<DefinitionRevision> ordered,
      DefinitionRevision newest,
      Predicate<String> used,
      Predicate<Key> held) {
    var old =
        ordered.stream()
            .filter(revision -> revision.spec().revision() < newest.spec().revision())
            .toList();
    var surplus = new ArrayList<Key>();
    for (var revision : old.subList(0, Math.max(0, old.size() - OLD_MAX))) {
      if (!isUsed(role, revision, used) && !held.test(revision.key())) {
        surplus.add(revision.key());
      }
    }
    return surplus;
  }

  /// Whether an application names it, by its version or by its number.
  private static boolean isUsed(Role role, DefinitionRevision revision, Predicate<String> used) {
    return used.test(versionOf(role, revision))
        || used.test(String.valueOf(revision.spec().revision()));
  }

  private static String versionOf(Role role, DefinitionRevision revision) {
    var definition = Json.tree(revision.spec()).path(role.revisionField());
    return definition.path("spec").path("version").asString("");
  }

  private static List<Condition> conditions(ApiObject definition) {
    var found = new ArrayList<Condition>();
    for (var condition : definition.status().path("conditions")) {
      found.add(Codec.decode(condition, Condition.class));
    }
    return found;
  }

  private static ObjectNode status(ApiObject definition, DefinitionRevision newest, Instant now) {
    var faults = DefinitionCheck.faults(definition.json());
    var condition =
        faults.isEmpty()
            ? Condition.of("Ready", true, "Available", "")
            : Condition.of("Ready", false, "ReconcileError", Progress.text(faults));
    var status =
        definition.status() instanceof ObjectNode object ? object.deepCopy() : Json.object();
    status.set("conditions", Json.tree(Condition.merge(conditions(definition), condition, now)));
    status
        .putObject("latestRevision")
        .put("name", newest.metadata().name())
        .put("revision", newest.spec().revision())
        .put("revisionHash", newest.spec().revisionHash());
    return status;
  }
}
