package io.nave.applications;

import io.nave.api.Key;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.BadDefinition;
import io.nave.applications.definitions.Definitions;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// Makes the works of an Application what it says, and its status what its clusters say.
///
/// - Reads: `Application` (primary), its works, clusters, decisions of the Placements it names.
/// - Writes: its works and `Application.status`, all in one commit; its finalizer, alone.
/// - Safe to repeat: what already stands is not written. What cannot be understood changes nothing
///   but conditions.
public final class ApplicationReconciler implements Reconciler {
  /// Keeps a deleted Application until its works are gone.
  static final String FINALIZER = "app.oam.dev/resource-tracker-finalizer";

  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final String PAUSE = "controller.core.oam.dev/pause";

  /// The little this reconciler needs; [HubApplicationWorld] serves it from caches and the client.
  interface World {
    Optional<Application> application(Key key);

    /// The present works of the application, in key order.
    List<ManifestWork> works(Key application);

    Fleet fleet();

    /// Writes all of it, in one commit.
    ///
    /// @throws Refusal when something of others stands where a work is to be
    void write(Application application, Change change);

    Instant now();
  }

  /// What has to be written.
  ///
  /// @param update works as they should be, each over the present one of the same key
  record Change(
      List<ManifestWork> create,
      List<ManifestWork> update,
      List<ManifestWork> delete,
      Application.Status status,
      Finalizer finalizer) {
    static Change ofStatus(Application.Status status) {
      return new Change(List.of(), List.of(), List.of(), status, Finalizer.KEEP);
    }

    static Change of(Application application, Finalizer finalizer) {
      return new Change(List.of(), List.of(), List.of(), application.status(), finalizer);
    }

    boolean nothing(Application.Status present) {
      return create.isEmpty()
          && update.isEmpty()
          && delete.isEmpty()
          && finalizer == Finalizer.KEEP
          && status.equals(present);
    }
  }

  /// What happens to [#FINALIZER].
  enum Finalizer {
    KEEP,
    ADD,
    REMOVE
  }

  private final World world;
  private final Definitions definitions;

  ApplicationReconciler(World world, Definitions definitions) {
    this.world = world;
    this.definitions = definitions;
  }

  @Override
  public Outcome reconcile(Key key) {
    var application = world.application(key).orElse(null);
    if (application == null || "true".equals(application.metadata().labels().get(PAUSE))) {
      return new Outcome.Settled();
    }
    var change = decide(application, world.works(key), world.fleet(), definitions, world.now());
    return write(application, change);
  }

  private Outcome write(Application application, Change change) {
    try {
      if (!change.nothing(application.status())) {
        world.write(application, change);
      }
      return new Outcome.Settled();
    } catch (Refusal e) {
      var refused = Change.ofStatus(Progress.refused(application, e, world.now()));
      if (!refused.nothing(application.status())) {
        world.write(application, refused);
      }
      return new Outcome.CheckAfter(RETRY); // what stands in the way wakes nobody when it goes
    }
  }

  /// Pure: what to write so that works and status say what they should.
  static Change decide(
      Application application,
      List<ManifestWork> present,
      Fleet fleet,
      Definitions definitions,
      Instant now) {
    var held = application.metadata().finalizers().contains(FINALIZER);
    if (application.metadata().deleting()) {
      return held ? remove(application, present, now) : Change.ofStatus(application.status());
    }
    if (!held) {
      return Change.of(application, Finalizer.ADD); // first, so that nothing is ever left behind
    }
    try {
      return deliver(application, present, fleet, definitions, now);
    } catch (Refusal e) {
      return Change.ofStatus(Progress.refused(application, e, now));
    } catch (BadDefinition e) {
      var refusal = new Refusal(Stage.RENDER, String.valueOf(e.getMessage()));
      return Change.ofStatus(Progress.refused(application, refusal, now));
    }
  }

  private static Change remove(Application application, List<ManifestWork> present, Instant now) {
    if (present.isEmpty()) {
      return Change.of(application, Finalizer.REMOVE);
    }
    var clusters = present.stream().map(work -> work.metadata().namespace()).toList();
    return new Change(
        List.of(),
        List.of(),
        present.stream().filter(work -> !work.metadata().deleting()).toList(),
        Progress.deleting(application, clusters, now),
        Finalizer.KEEP);
  }

  private static Change deliver(
      Application application,
      List<ManifestWork> present,
      Fleet fleet,
      Definitions definitions,
      Instant now) {
    Blueprint.of(application, definitions).orRefuse(); // what is wrong in itself comes first
    var delivery = Delivery.of(application, Steps.policies(application), fleet, definitions);
    var components = new ArrayList<Rendered>();
    var renderer = new Renderer(application);
    for (var target : delivery.targets()) {
      for (var component : delivery.blueprint().components()) {
        components.add(renderer.render(component, target));
      }
    }
    var treatments = new PolicyProperties(definitions).treatments(application, fleet);
    var wanted = Works.of(application, components, true, treatments, present, fleet);
    var plan = plan(wanted, present);
    var health = new Health(plan.standing(), fleet);
    var services = Contest.marked(components.stream().map(health::of).toList(), wanted.contests());
    return new Change(
        plan.create(),
        plan.update(),
        plan.delete(),
        Progress.delivered(application, components, services, delivery.blueprint().ignored(), now),
        Finalizer.KEEP);
  }

  /// @param standing the works that stay as they are
  private record Plan(
      List<ManifestWork> create,
      List<ManifestWork> update,
      List<ManifestWork> delete,
      List<ManifestWork> standing) {}

  /// A work that someone deletes is let go; when it is gone, the cache says so and it is made anew.
  private static Plan plan(Works.Plan packed, List<ManifestWork> present) {
    var wanted = packed.works();
    var there = new HashMap<Key, ManifestWork>(); // looked up only
    present.forEach(work -> there.put(work.key(), work));
    var plan = new Plan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    plan.update().addAll(packed.leaving());
    for (var work : wanted.values()) {
      var now = there.get(work.key());
      if (now == null) {
        plan.create().add(work);
      } else if (!now.metadata().deleting() && !Works.same(work, now)) {
        plan.update().add(work);
      } else if (!now.metadata().deleting()) {
        plan.standing().add(now);
      }
    }
    for (var work : present) {
      if (!work.metadata().deleting() && !wanted.containsKey(work.key())) {
        plan.delete().add(work);
      }
    }
    return plan;
  }
}
