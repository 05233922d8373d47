package io.nave.applications;

import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.applications.ApplicationReconciler.Change;
import io.nave.applications.ApplicationReconciler.Finalizer;
import io.nave.applications.api.Application;
import io.nave.applications.api.Application.Service;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.policies.HealthTimes;
import io.nave.applications.policies.Treatments;
import io.nave.applications.revisions.Content;
import io.nave.applications.revisions.Revisions;
import io.nave.applications.workflow.Engine;
import io.nave.applications.workflow.Plan;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One pass over an Application that is to be delivered: its revision, its workflow, its works, its
/// status. Pure.
///
/// What its clusters have is kept until a run succeeds: a step that has not had its turn leaves the
/// old as it is, and only then does what nobody wants any more go (spec §4, §9.6).
final class Conduct {
  /// Others do not tell when they let go of an object; and of what is referred to on the hub, only
  /// so much is watched.
  private static final Duration CONTEST_RETRY = Duration.ofSeconds(30);

  private final Application written;
  private final List<ManifestWork> works;
  private final Scene scene;

  Conduct(Application written, List<ManifestWork> works, Scene scene) {
    this.written = written;
    this.works = works;
    this.scene = scene;
  }

  /// What to write.
  ///
  /// @throws Refusal when it cannot go on; nothing is changed then
  Change change() {
    var start = start(new Present(works, scene.fleet()));
    var hands = Hands.apply(written.metadata(), start.plan(), run(start.revision()), scene.now());
    return delivered(start, hands);
  }

  /// What it comes to when every step of its workflow has succeeded.
  ///
  /// @throws Refusal when it cannot get there
  Outlook outlook() {
    var start = start(Present.assumingHealth(works, scene.fleet()));
    var site = start.site();
    new Actions(site, scene.outside()).keep(start.plan(), Outlook.done(start.plan()));
    var wanted = site.wanted(names(start.plan()));
    var notices = new ArrayList<>(site.notices());
    site.waiting().forEach(service -> notices.add(Outlook.open(service)));
    var packed =
        Works.of(site.application(), wanted, true, start.treatments(), works, scene.fleet());
    packed.contests().forEach(contest -> notices.add(contest.text()));
    return new Outlook(packed, wanted, notices);
  }

  /// Where a pass begins: what is delivered, by which steps and policies, in which revision.
  private record Start(
      Plan plan,
      Site site,
      Revisions.Decision revision,
      List<DefinitionRevision> keep,
      Treatments treatments,
      List<String> ignored) {}

  private Start start(Present present) {
    var pinned = pinned();
    var application = pinned.map(this::asOf).orElse(written);
    var beside = pinned.map(Conduct::besideOf).orElseGet(() -> beside(application));
    var content = content(application, beside);
    var digest = content.digest();
    var definitions =
        pinned
            .or(() -> takenUp(digest))
            .map(held -> Holding.held(held, scene.definitions(), scene.kept()))
            .orElse(scene.definitions());
    // What is wrong in itself comes first.
    var blueprint = Blueprint.of(application, definitions).orRefuse();
    var faults = new ArrayList<>(Account.faults(application.metadata()));
    faults.addAll(ComponentLinks.faults(application));
    if (!faults.isEmpty()) {
      throw new Refusal(Stage.PARSED, Progress.text(faults));
    }
    var plan =
        Steps.plan(
            application,
            name -> pinned.isPresent() ? workflowOf(pinned.get()) : scene.workflows().apply(name),
            definitions);
    var treatments = new PolicyProperties(definitions).treatments(application, scene.fleet());
    var made = new Made(application, plan, definitions, beside);
    var revision =
        pinned.isPresent()
            ? Revisions.Decision.stay(application)
            : Revisions.decide(
                application,
                content,
                digest,
                made,
                scene.revisions(),
                treatments.revisionLimit().orElse(Revisions.LIMIT));
    var site =
        new Site(
            application,
            new Site.Revised(revision.latest().name(), revision.latest().revision()),
            Policies.of(application).with(beside),
            scene.fleet(),
            definitions,
            present);
    requirePlaces(plan, site);
    return new Start(plan, site, revision, made.keep(), treatments, blueprint.ignored());
  }

  private static List<String> names(Plan plan) {
    return plan.leaves().stream().map(step -> String.valueOf(step.name())).toList();
  }

  /// While the published version is that of the latest revision, the revision is what counts.
  private Optional<ApplicationRevision> pinned() {
    var latest = written.status().latestRevision();
    var version = publishVersion();
    if (latest == null || version.isEmpty()) {
      return Optional.empty();
    }
    return scene
        .revisions()
        .apply(latest.revision())
        .filter(
            there -> version.equals(there.metadata().annotations().get(Content.PUBLISH_VERSION)));
  }

  private Application asOf(ApplicationRevision revision) {
    var spec = revision.spec().application().path("spec");
    return new Application(
        written.metadata(), Codec.decode(spec, Application.Spec.class), written.status());
  }

  private static Optional<Workflow> workflowOf(ApplicationRevision revision) {
    return Optional.ofNullable(revision.spec().workflow())
        .map(workflow -> Codec.decode(workflow, Workflow.class));
  }

  private String publishVersion() {
    return written.metadata().annotations().getOrDefault(Content.PUBLISH_VERSION, "");
  }

  private Optional<ApplicationRevision> takenUp(String digest) {
    var limit = PolicyProperties.unchecked(written).revisionLimit().orElse(Revisions.LIMIT);
    return Revisions.takenUp(written, digest, scene.revisions(), limit);
  }

  /// The Policy objects that its steps name, as they are now.
  private Map<String, Policy> beside(Application application) {
    var workflow = application.spec().workflow();
    var steps =
        named(application)
            .map(Workflow::steps)
            .orElse(workflow == null ? List.of() : workflow.steps());
    var found = new TreeMap<String, Policy>();
    for (var name : Policies.beside(application, Plan.flat(steps))) {
      scene.policies().apply(name).ifPresent(policy -> found.put(name, policy));
    }
    return found;
  }

  /// The same, as a revision holds them.
  private static Map<String, Policy> besideOf(ApplicationRevision revision) {
    var held = new TreeMap<String, Policy>();
    revision
        .spec()
        .policies()
        .forEach((name, policy) -> held.put(name, Codec.decode(policy, Policy.class)));
    return held;
  }

  private static Map<String, JsonNode> json(Map<String, Policy> policies) {
    var all = new TreeMap<String, JsonNode>();
    policies.forEach((name, policy) -> {
      var held = Json.object();
      held.putObject("metadata").put("name", name);
      held.put("type", policy.type());
      held.set("properties", policy.properties());
      all.put(name, held);
    });
    return all;
  }

  private Content content(Application application, Map<String, Policy> beside) {
    return new Content(
        application.spec(),
        json(beside),
        named(application).map(workflow -> Json.tree(workflow.steps())).orElse(null),
        publishVersion());
  }

  /// The Workflow the application names, as it is now.
  private Optional<Workflow> named(Application application) {
    var workflow = application.spec().workflow();
    var ref = workflow == null ? null : workflow.ref();
    return ref == null ? Optional.empty() : scene.workflows().apply(ref);
  }

  /// What a new revision holds; worked out once, when it is asked for.
  private final class Made implements Supplier<Revisions.Made> {
    private final Application application;
    private final Plan plan;
    private final Definitions definitions;
    private final Map<String, Policy> beside;
    private Holding.Kept kept = Holding.Kept.NOTHING;

    Made(Application application, Plan plan, Definitions definitions, Map<String, Policy> beside) {
      this.beside = beside;
      this.application = application;
      this.plan = plan;
      this.definitions = definitions;
    }

    @Override
    public Revisions.Made get() {
      kept = Holding.of(application, plan.steps(), definitions, !publishVersion().isEmpty());
      return new Revisions.Made(
          new ApplicationRevision.Spec(
              Revisions.held(application),
              json(beside),
              named(application).map(Json::tree).orElse(null),
              kept.used(),
              placed(application, definitions)),
          kept.labels());
    }

    /// Only known once it was asked for.
    List<DefinitionRevision> keep() {
      return kept.keep();
    }
  }

  /// Where each topology leads now; one that leads nowhere says so when it is used.
  private List<ApplicationRevision.PlacedPolicy> placed(
      Application application, Definitions definitions) {
    var placed = new ArrayList<ApplicationRevision.PlacedPolicy>();
    for (var policy : Policies.of(application).ofType("topology")) {
      try {
        var delivery =
            Delivery.of(application, new Policies(List.of(policy)), scene.fleet(), definitions);
        placed.add(
            new ApplicationRevision.PlacedPolicy(
                policy.name(),
                delivery.targets().stream().map(Target::cluster).distinct().toList()));
      } catch (Refusal e) {
        placed.add(new ApplicationRevision.PlacedPolicy(policy.name(), List.of()));
      }
    }
    return placed;
  }

  /// The run as the last pass left it; another revision begins a new one.
  private WorkflowStatus run(Revisions.Decision revision) {
    var before = written.status().workflow();
    if (before == null) {
      return WorkflowStatus.none();
    }
    return revision.latest().name().equals(before.appRevision()) ? before : Hands.anew(before);
  }

  /// That every deploy step leads somewhere is known before the first one delivers anything.
  private static void requirePlaces(Plan plan, Site site) {
    for (var step : plan.leaves()) {
      if (step.type().equals(Steps.DEPLOY) && step.inputs().isEmpty()) {
        site.delivery(
            Steps.policies(site.policies(), String.valueOf(step.name()), Steps.properties(step)));
      }
    }
  }

  private Change delivered(Start start, Hands.Result hands) {
    var plan = start.plan();
    var site = start.site();
    var revision = start.revision();
    var before = hands.run();
    var actions = new Actions(site, scene.outside());
    actions.keep(plan, before);
    var surroundings =
        new Engine.Surroundings(
            revision.latest().name(),
            context(site.application(), revision.latest()),
            site::published,
            Steps.published(site.application()),
            actions,
            scene.now());
    var result = Engine.pass(plan, before, surroundings);
    var wanted = site.wanted(names(plan));
    var run = result.status();
    var held =
        Works.of(
            site.application(),
            wanted,
            isComplete(run, start.treatments()) && site.complete(),
            start.treatments(),
            works,
            scene.fleet());
    var packed = WorkPlan.of(held, works);
    var outcome =
        new Progress.Outcome(
            written,
            wanted,
            Contest.marked(services(site, wanted), held.contests()),
            site.notices(),
            held.contests(),
            scene.fleet().rivals(written.key()),
            start.treatments().health().map(HealthTimes::timeout).orElse(Duration.ZERO),
            run,
            revision.latest(),
            hands.restartAt());
    var status = Progress.delivered(outcome, start.ignored(), scene.now());
    return new Change(
        packed.create(),
        packed.update(),
        packed.delete(),
        status,
        Finalizer.KEEP,
        new ApplicationReconciler.Revising(
            revision.create(),
            start.keep(),
            revision.delete(),
            ended(run, written.status().workflow())),
        new ApplicationReconciler.Annotating(
            hands.done(), hands.idle(), site.restart().orElse(null)),
        earlier(
            earlier(result.again(), Hands.restartLook(written.metadata(), hands, run, scene.now())),
            earlier(
                held.contests().isEmpty() && !scene.fleet().isUntold()
                    ? null
                    : scene.now().plus(CONTEST_RETRY),
                nextLook(start.treatments(), outcome.services()))));
  }

  /// With a health policy what is not healthy is looked at again.
  private @Nullable Instant nextLook(Treatments treatments, List<Service> services) {
    if (services.stream().allMatch(Service::healthy)) {
      return null;
    }
    return treatments
        .health()
        .map(times -> Collections.min(List.of(times.interval(), times.timeout())))
        .map(wait -> scene.now().plus(wait))
        .orElse(null);
  }

  /// Whether what nobody wants any more may go.
  private static boolean isComplete(WorkflowStatus run, Treatments treatments) {
    return "succeeded".equals(run.status())
        || ("failed".equals(run.status()) && treatments.isCollectedAfterFailure());
  }

  /// A run that ended in this pass, for its revision to remember.
  private static @Nullable WorkflowStatus ended(
      WorkflowStatus run, @Nullable WorkflowStatus before) {
    var was =
        before != null
            && before.finished()
            && Objects.equals(before.appRevision(), run.appRevision());
    return run.finished() && !was ? run : null;
  }

  private static List<Service> services(Site site, List<Rendered> wanted) {
    var services = new ArrayList<Service>();
    var known = new HashSet<List<String>>();
    for (var rendered : wanted) {
      if (rendered.isRead()) {
        continue; // somebody else's
      }
      var service = site.present().health(rendered);
      services.add(service);
      known.add(place(service));
    }
    site.waiting().stream().filter(service -> known.add(place(service))).forEach(services::add);
    return services;
  }

  private static List<String> place(Service service) {
    return List.of(
        service.name(), String.valueOf(service.cluster()), String.valueOf(service.namespace()));
  }

  private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isBefore(b) ? a : b;
  }

  private static ObjectNode context(Application application, Application.LatestRevision revision) {
    var meta = application.metadata();
    var context = Json.object();
    context.put("name", meta.name()).put("appName", meta.name()).put("namespace", meta.namespace());
    context.put("appRevision", revision.name()).put("appRevisionNum", revision.revision());
    meta.labels().forEach(context.putObject("appLabels")::put);
    meta.annotations().forEach(context.putObject("appAnnotations")::put);
    context.put("publishVersion", meta.annotations().getOrDefault(Content.PUBLISH_VERSION, ""));
    return context;
  }
}
