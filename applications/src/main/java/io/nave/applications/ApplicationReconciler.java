package io.nave.applications;

import io.nave.api.Key;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.definitions.BadDefinition;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.policies.Treatments;
import io.nave.applications.revisions.Revisions;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the works of an Application what it says, and its status what its clusters say.
///
/// - Reads: `Application` (primary), its works and revisions, the Workflow it names, clusters,
///   decisions of the Placements it names.
/// - Writes: its works, its revisions, `Application.status` and the annotations by which people ask
///   for something, all in one commit; its finalizer, alone.
/// - Safe to repeat: what already stands is not written. What cannot be understood changes nothing
///   but conditions.
public final class ApplicationReconciler implements Reconciler {
  /// Keeps a deleted Application until its works are gone.
  static final String FINALIZER = "app.oam.dev/resource-tracker-finalizer";

  /// The label by which nothing is done about an Application while it is `true`.
  static final String PAUSE = "controller.core.oam.dev/pause";

  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final Duration WAIT_MIN = Duration.ofMillis(200);

  /// The little this reconciler needs; [HubApplicationWorld] serves it from caches and the client.
  interface World {
    Optional<Application> application(Key key);

    /// The present works of the application, in key order.
    List<ManifestWork> works(Key application);

    /// The fleet for a pass over an application, which is looked at again when an object of the hub
    /// changes that this pass reads; unless [Fleet#isUntold].
    Fleet fleet(Key watching);

    Optional<Workflow> workflow(Key key);

    Optional<Policy> policy(Key key);

    Optional<ApplicationRevision> revision(Key key);

    /// What its steps may ask about and for.
    Outside outside(Key application);

    /// Writes all of it, in one commit.
    ///
    /// @throws Refusal when something of others stands where a work is to be
    void write(Application application, Change change);

    Instant now();
  }

  /// What has to be written.
  ///
  /// @param update works as they should be, each over the present one of the same key
  /// @param again latest time to look again; null: when something changes
  record Change(
      List<ManifestWork> create,
      List<ManifestWork> update,
      List<ManifestWork> delete,
      Application.Status status,
      Finalizer finalizer,
      Revising revising,
      Annotating annotating,
      @Nullable Instant again) {
    static Change ofStatus(Application.Status status) {
      return of(status, Finalizer.KEEP, List.of());
    }

    static Change of(Application application, Finalizer finalizer) {
      return of(application.status(), finalizer, List.of());
    }

    static Change of(Application.Status status, Finalizer finalizer, List<ManifestWork> delete) {
      return new Change(
          List.of(), List.of(), delete, status, finalizer, Revising.NONE, Annotating.NONE, null);
    }

    Change lookingAgain(Instant then) {
      return new Change(create, update, delete, status, finalizer, revising, annotating, then);
    }

    boolean nothing(Application.Status present) {
      return create.isEmpty()
          && update.isEmpty()
          && delete.isEmpty()
          && finalizer == Finalizer.KEEP
          && revising.equals(Revising.NONE)
          && annotating.equals(Annotating.NONE)
          && status.equals(present);
    }
  }

  /// What happens to revisions.
  ///
  /// @param keep DefinitionRevisions that the new one holds on to; to be made unless they are there
  /// @param ended the run of the delivered one that ended just now
  record Revising(
      @Nullable ApplicationRevision create,
      List<DefinitionRevision> keep,
      List<Key> delete,
      @Nullable WorkflowStatus ended) {
    static final Revising NONE = new Revising(null, List.of(), List.of(), null);
  }

  /// What happens to the annotations by which people ask for something.
  ///
  /// @param remove those carried out
  /// @param idle of those, what changed nothing, and why; null: none
  /// @param restart what a step asks for
  record Annotating(Set<String> remove, @Nullable String idle, @Nullable String restart) {
    static final Annotating NONE = new Annotating(Set.of(), null, null);
  }

  /// What happens to [#FINALIZER].
  enum Finalizer {
    KEEP,
    ADD,
    REMOVE
  }

  private final World world;
  private final Types types;

  /// The types an application can name, and those that its revisions hold.
  interface Types extends Holding.Shelf {
    Definitions of(Application application);
  }

  ApplicationReconciler(World world, Types types) {
    this.world = world;
    this.types = types;
  }

  @Override
  public Outcome reconcile(Key key) {
    var application = world.application(key).orElse(null);
    if (application == null || "true".equals(application.metadata().labels().get(PAUSE))) {
      return new Outcome.Settled();
    }
    var scene = scene(application, world.fleet(key));
    return write(application, decide(application, world.works(key), scene));
  }

  private Scene scene(Application application, Fleet fleet) {
    var own = application.metadata();
    return new Scene(
        fleet,
        types.of(application),
        name -> world.workflow(Key.of(own.namespace(), name)),
        name -> world.policy(Key.of(own.namespace(), name)),
        number -> world.revision(Key.of(own.namespace(), Revisions.name(own.name(), number))),
        types,
        world.outside(application.key()),
        world.now());
  }

  private Outcome write(Application application, Change change) {
    try {
      if (!change.nothing(application.status())) {
        world.write(application, change);
      }
      return change.again() == null
          ? new Outcome.Settled()
          : new Outcome.CheckAfter(until(change.again()));
    } catch (Refusal e) {
      var refused = Change.ofStatus(Progress.refused(application, e, world.now()));
      if (!refused.nothing(application.status())) {
        world.write(application, refused);
      }
      return new Outcome.CheckAfter(RETRY); // what stands in the way wakes nobody when it goes
    }
  }

  /// A little late rather than a little early, since times are kept in whole seconds.
  private Duration until(Instant time) {
    var left = Duration.between(world.now(), time);
    return left.compareTo(WAIT_MIN) < 0 ? WAIT_MIN : left;
  }

  /// Pure: what to write so that works and status say what they should.
  static Change decide(Application application, List<ManifestWork> present, Scene scene) {
    var held = application.metadata().finalizers().contains(FINALIZER);
    if (application.metadata().deleting()) {
      return held ? remove(application, present, scene) : Change.ofStatus(application.status());
    }
    if (!held) {
      return Change.of(application, Finalizer.ADD); // first, so that nothing is ever left behind
    }
    try {
      return new Conduct(application, present, scene).change();
    } catch (Refusal e) {
      return refused(application, e, scene);
    } catch (BadDefinition e) {
      return refused(application, new Refusal(Stage.RENDER, String.valueOf(e.getMessage())), scene);
    }
  }

  private static Change refused(Application application, Refusal why, Scene scene) {
    var change = Change.ofStatus(Progress.refused(application, why, scene.now()));
    return scene.fleet().isUntold() ? change.lookingAgain(scene.now().plus(RETRY)) : change;
  }

  private static Change remove(Application application, List<ManifestWork> present, Scene scene) {
    if (present.isEmpty()) {
      return Change.of(application, Finalizer.REMOVE);
    }
    var step = Dismantling.next(application, present, treatments(application, scene), scene.now());
    var clusters = present.stream().map(work -> work.metadata().namespace()).toList();
    return new Change(
        List.of(),
        step.update(),
        step.delete(),
        Progress.deleting(application, clusters, scene.now()),
        Finalizer.KEEP,
        Revising.NONE,
        Annotating.NONE,
        step.again());
  }

  /// Policies that are wrong do not keep an application from going.
  private static Treatments treatments(Application application, Scene scene) {
    try {
      return new PolicyProperties(scene.definitions()).treatments(application, scene.fleet());
    } catch (Refusal e) {
      return Treatments.of(List.of());
    }
  }
}
