package io.nave.applications;

import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.applications.api.Application;
import io.nave.applications.api.Workflow;
import io.nave.applications.api.WorkflowRun;
import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.definitions.BadDefinition;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.policies.Treatments;
import io.nave.applications.workflow.Engine;
import io.nave.applications.workflow.Plan;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Executes WorkflowRuns to their end, once (spec §17).
///
/// - Reads: `WorkflowRun` (primary), its works, the Workflow it names, clusters, applications.
/// - Writes: its works and `WorkflowRun.status`, in one commit. What it made stays when it goes.
/// - Safe to repeat: a finished run is not looked at again, but for a person's wish.
final class RunReconciler implements Reconciler {
  /// Before the name of a run where works say whose they are; no work of an Application collides
  /// with one of a run unless somebody names it so.
  private static final String OWNER = "run.";

  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final Duration WAIT_MIN = Duration.ofMillis(200);

  /// The little this reconciler needs; [HubRunWorld] serves it from caches and the client.
  interface World {
    Optional<WorkflowRun> run(Key key);

    List<ManifestWork> works(Key owner);

    Fleet fleet();

    Optional<Workflow> workflow(Key key);

    Outside outside(Key asker);

    /// Writes all of it, in one commit.
    void write(WorkflowRun run, Change change);

    Instant now();
  }

  /// What has to be written.
  ///
  /// @param done annotations to take off
  record Change(
      List<ManifestWork> create,
      List<ManifestWork> update,
      WorkflowStatus status,
      Set<String> done,
      @Nullable Instant again) {
    boolean nothing(WorkflowStatus present) {
      return create.isEmpty() && update.isEmpty() && done.isEmpty() && status.equals(present);
    }
  }

  private final World world;
  private final Function<Application, Definitions> definitions;

  RunReconciler(World world, Function<Application, Definitions> definitions) {
    this.world = world;
    this.definitions = definitions;
  }

  /// Whose works those of a run are.
  static Key ownerOf(Key run) {
    return Key.of(run.namespace(), OWNER + run.name());
  }

  /// The run whose works an owner's are, if it is one's.
  static Optional<Key> runOf(Key owner) {
    return owner.name().startsWith(OWNER)
        ? Optional.of(Key.of(owner.namespace(), owner.name().substring(OWNER.length())))
        : Optional.empty();
  }

  @Override
  public Outcome reconcile(Key key) {
    var run = world.run(key).orElse(null);
    if (run == null
        || run.metadata().deleting()
        || (run.status().finished() && !run.metadata().annotations().containsKey(Hands.ASKED))) {
      return new Outcome.Settled();
    }
    try {
      var change = change(run);
      if (!change.nothing(run.status())) {
        world.write(run, change);
      }
      return change.again() == null
          ? new Outcome.Settled()
          : new Outcome.CheckAfter(until(change.again()));
    } catch (Refusal | BadDefinition e) {
      var refused = refused(run.status(), String.valueOf(e.getMessage()));
      if (!refused.nothing(run.status())) {
        world.write(run, refused);
      }
      return new Outcome.CheckAfter(RETRY); // what it lacks wakes nobody when it comes
    }
  }

  private Duration until(Instant time) {
    var left = Duration.between(world.now(), time);
    return left.compareTo(WAIT_MIN) < 0 ? WAIT_MIN : left;
  }

  private static Change refused(WorkflowStatus before, String message) {
    var status =
        before
            .draft()
            .status(before.status() == null ? "initializing" : before.status())
            .message(message)
            .done();
    return new Change(List.of(), List.of(), status, Set.of(), null);
  }

  private Change change(WorkflowRun run) {
    var now = Instant.ofEpochSecond(world.now().getEpochSecond());
    var application = application(run);
    var types = definitions.apply(application);
    var plan = plan(run, types);
    var hands = Hands.apply(run.metadata(), plan, run.status(), now);
    var fleet = world.fleet();
    var works = world.works(ownerOf(run.key()));
    var site =
        new Site(
            application,
            new Site.Revised(run.metadata().name(), 1),
            Policies.of(application),
            fleet,
            types,
            new Present(works, fleet));
    var actions = new Actions(site, world.outside(run.key()));
    actions.keep(plan, hands.run());
    var with =
        new Engine.Surroundings(
            run.metadata().name(), context(run), _ -> Optional.empty(), Set.of(), actions, now);
    var result = Engine.pass(plan, hands.run(), with);
    var wanted =
        site.wanted(plan.leaves().stream().map(step -> String.valueOf(step.name())).toList());
    var packed =
        WorkPlan.of(
            Works.of(site.application(), wanted, false, Treatments.of(List.of()), works, fleet),
            works);
    return new Change(
        packed.create(), packed.update(), result.status(), hands.done(), result.again());
  }

  private Plan plan(WorkflowRun run, Definitions types) {
    var spec = run.spec();
    var written = spec.workflowSpec();
    var ref = spec.workflowRef();
    Plan plan;
    if (written != null) {
      plan = Plan.of(written.steps(), spec.mode(), written.mode());
    } else {
      var workflow =
          world
              .workflow(Key.of(run.metadata().namespace(), String.valueOf(ref)))
              .orElseThrow(() ->
                  new Refusal(
                      Stage.WORKFLOW,
                      "spec.workflowRef: there is no Workflow \"%s\" in namespace %s; create it"
                          .formatted(ref, run.metadata().namespace())));
      plan = Plan.of(workflow.steps(), spec.mode(), workflow.mode());
    }
    var faults = Steps.faults(plan, "steps", Set.of(), StepTypes.inRuns(), types);
    if (!faults.isEmpty()) {
      throw new Refusal(Stage.WORKFLOW, Progress.text(faults));
    }
    return plan;
  }

  /// The run as the application its objects belong to.
  private static Application application(WorkflowRun run) {
    var own = run.metadata();
    var owner = ownerOf(run.key());
    return new Application(
        new Meta(
            owner.name(),
            "",
            owner.namespace(),
            own.uid(),
            "",
            1,
            null,
            null,
            own.labels(),
            own.annotations(),
            List.of(),
            List.of()),
        new Application.Spec(List.of(), List.of(), null),
        Application.Status.none());
  }

  private static ObjectNode context(WorkflowRun run) {
    var context =
        run.spec().context() instanceof ObjectNode given ? given.deepCopy() : Json.object();
    return context.put("name", run.metadata().name()).put("namespace", run.metadata().namespace());
  }
}
