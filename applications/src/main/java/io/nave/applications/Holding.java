package io.nave.applications;

import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.ApplicationRevision.UsedDefinition;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.BadDefinition;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Origin;
import io.nave.applications.definitions.Role;
import io.nave.applications.definitions.TypeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// What the revisions of applications keep of definitions (spec §5.1, §5.3), and applications that
/// are delivered by it. Pure.
///
/// A revision names the DefinitionRevision that keeps what a definition said, and holds the text
/// itself only while there is none. Definitions that ship with the hub come with the hub; a
/// published revision keeps them too, in one DefinitionRevision for all applications of the
/// namespace, so that an upgrade of the hub does not change what is published.
final class Holding {
  /// On a DefinitionRevision that keeps a definition of the program.
  static final String SHIPPED = "nave.io/shipped-definition";

  /// Before the hash of a DefinitionRevision's key, on each ApplicationRevision that names it.
  private static final String LABEL = "definition.nave.io/";

  private Holding() {}

  /// What a revision keeps.
  ///
  /// @param used each definition the application names
  /// @param keep DefinitionRevisions to be made unless they are there
  /// @param labels for the ApplicationRevision, by which its DefinitionRevisions are not collected
  record Kept(
      List<UsedDefinition> used, List<DefinitionRevision> keep, Map<String, String> labels) {
    static final Kept NOTHING = new Kept(List.of(), List.of(), Map.of());

    Kept {
      used = List.copyOf(used);
      keep = List.copyOf(keep);
    }
  }

  /// Serves the DefinitionRevisions there are.
  interface Shelf {
    /// The definition that one keeps; empty when it is gone or keeps none of that role.
    ///
    /// @throws BadDefinition when it cannot be read
    Optional<Definition> kept(Role role, Key definitionRevision);

    /// None.
    Shelf NONE = (_, _) -> Optional.empty();
  }

  /// The label of revisions that hold on to a DefinitionRevision.
  static String label(Key definitionRevision) {
    return LABEL + Names.hash(definitionRevision.toString());
  }

  /// Of an application as it is now.
  ///
  /// @param steps of its workflow, those of a Workflow it names too
  /// @param published whether the revision is published, so that it keeps everything
  static Kept of(
      Application application,
      List<WorkflowStep> steps,
      Definitions definitions,
      boolean published) {
    var used = new ArrayList<UsedDefinition>();
    var keep = new ArrayList<DefinitionRevision>();
    var labels = new TreeMap<String, String>();
    ApplicationTypes.exactly(application, steps)
        .forEach((role, types) -> {
          for (var type : types) {
            var origin = definitions.origin(role, type).orElse(null);
            if (origin == null) {
              continue; // said where it is used
            }
            var shared =
                origin.shipped() && published
                    ? Optional.of(shared(origin, application))
                    : Optional.<DefinitionRevision>empty();
            shared.ifPresent(keep::add);
            var revision = shared.map(one -> one.key().toString()).orElse(origin.revision());
            if (!revision.isEmpty()) {
              labels.put(label(key(revision)), "");
            }
            used.add(
                new UsedDefinition(
                    role.kind(),
                    type,
                    origin.digest(),
                    revision.isEmpty() ? null : revision,
                    revision.isEmpty() && !origin.shipped() ? text(origin.manifest()) : null));
          }
        });
    return new Kept(used, keep, labels);
  }

  /// What somebody wrote, without what the server adds.
  private static ObjectNode text(ObjectNode manifest) {
    var text = Json.object();
    text.set("apiVersion", manifest.path("apiVersion"));
    text.set("kind", manifest.path("kind"));
    text.putObject("metadata").put("name", manifest.path("metadata").path("name").asString(""));
    text.set("spec", manifest.path("spec"));
    return text;
  }

  /// One for all applications of a namespace; its name says what it keeps.
  private static DefinitionRevision shared(Origin origin, Application application) {
    var name = origin.manifest().path("metadata").path("name").asString("");
    var object = Json.object();
    var meta = object.putObject("metadata").put("namespace", application.metadata().namespace());
    meta.put(
        "name",
        "shipped-%s-%s-%s".formatted(origin.role().word(), name, origin.digest().substring(0, 12)));
    meta.putObject("labels").put(SHIPPED, "true");
    var spec = object.putObject("spec").put("revision", 1);
    spec.put("revisionHash", Origin.hash(origin.manifest().path("spec")));
    spec.put("definitionType", origin.role().revisionType());
    spec.set(origin.role().revisionField(), text(origin.manifest()));
    return Codec.decode(object, DefinitionRevision.class);
  }

  /// The types of an application that is delivered by what a revision keeps. Types that the
  /// revision does not name, and those that come with the hub, are what they are now.
  ///
  /// @throws Refusal naming a definition that is gone, and what to do
  static Definitions held(ApplicationRevision revision, Definitions now, Shelf shelf) {
    var held = new HashMap<Role, Map<String, Definition>>();
    for (var used : revision.spec().definitions()) {
      var role = Role.ofKind(used.kind()).orElse(null);
      if (role == null || (used.revision() == null && used.definition() == null)) {
        continue;
      }
      held.computeIfAbsent(role, _ -> new HashMap<>())
          .put(TypeName.of(used.name()).toString(), definition(revision, role, used, shelf));
    }
    return held.isEmpty() ? now : now.holding(held);
  }

  private static Definition definition(
      ApplicationRevision revision, Role role, UsedDefinition used, Shelf shelf) {
    try {
      if (used.definition() instanceof ObjectNode manifest) {
        return Definitions.read(manifest);
      }
      var named = String.valueOf(used.revision());
      return shelf
          .kept(role, key(named))
          .orElseThrow(() ->
              new Refusal(
                  Stage.REVISION,
                  "%s holds on to %s \"%s\" in DefinitionRevision %s, which is gone; restore it, or"
                          .formatted(revision.metadata().name(), used.kind(), used.name(), named)
                      + " publish a new version to use what there is now"));
    } catch (BadDefinition e) {
      throw new Refusal(Stage.REVISION, String.valueOf(e.getMessage()));
    }
  }

  /// Reads `namespace/name`.
  private static Key key(String text) {
    var slash = text.indexOf('/');
    return Key.of(text.substring(0, Math.max(0, slash)), text.substring(slash + 1));
  }
}
