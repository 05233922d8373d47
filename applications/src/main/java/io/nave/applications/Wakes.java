package io.nave.applications;

import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.applications.api.Application;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.controllers.Cache;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestWork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which applications a change of something else is about. Applications are found by indexes and
/// keys alone: there may be a hundred thousand, and they are kept as bytes.
///
/// @param applications made by [#indexed]
/// @param works of applications, with the indexes of [HubApplicationWorld]
/// @param policies with the index [#PLACEMENT]
record Wakes(Cache<Application> applications, Cache<ManifestWork> works, Cache<Policy> policies) {
  /// Index of applications, and of policies, by the Placements they name.
  static final String PLACEMENT = "placement";

  /// Index of applications by the Workflow they name.
  private static final String WORKFLOW = "workflow";

  /// Index of applications by the environments they name.
  private static final String ENVIRONMENT = "environment";

  /// Index by namespace of those that name environments; [#EVERYWHERE] holds all.
  private static final String IN_ENVIRONMENTS = "in-environments";

  /// Index by namespace of those with a workflow.
  private static final String WITH_WORKFLOW = "with-workflow";

  private static final String EVERYWHERE = "";

  /// With all the indexes that are looked into.
  static Cache<Application> indexed(Cache<Application> applications) {
    return applications
        .index(PLACEMENT, app -> Topology.placements(app).stream().map(Key::toString).toList())
        .index(HubApplicationWorld.BY_HOLDER, HubApplicationWorld::holdersOf)
        .index(WORKFLOW, Wakes::workflowOf)
        .index(WITH_WORKFLOW, app -> app.spec().workflow() == null ? List.of() : namespaceOf(app))
        .index(ENVIRONMENT, app -> Surroundings.of(app).stream().map(Key::toString).toList())
        .index(IN_ENVIRONMENTS, Wakes::inEnvironments)
        .index(DefinitionsHub.BY_TYPE, ApplicationTypes::of);
  }

  /// The values of [#PLACEMENT] for a Policy object.
  static List<String> placementsOf(Policy policy) {
    var as = new Application.Policy(policy.metadata().name(), policy.type(), policy.properties());
    var spec = new Application.Spec(List.of(), List.of(as), null);
    var only = new Application(policy.metadata(), spec, Application.Status.none());
    return Topology.placements(only).stream().map(Key::toString).toList();
  }

  private static List<String> namespaceOf(Application application) {
    return List.of(application.metadata().namespace());
  }

  private static List<String> inEnvironments(Application application) {
    return Surroundings.of(application).isEmpty()
        ? List.of()
        : List.of(EVERYWHERE, application.metadata().namespace());
  }

  private static List<String> workflowOf(Application application) {
    var workflow = application.spec().workflow();
    var ref = workflow == null ? null : workflow.ref();
    return ref == null || ref.isEmpty()
        ? List.of()
        : List.of(Key.of(application.metadata().namespace(), ref).toString());
  }

  Collection<Key> byWorkflow(Cache.Change<Workflow> change) {
    return applications.keysByIndex(WORKFLOW, change.key().toString());
  }

  /// Policy objects act where steps name them; they change seldom.
  Collection<Key> byPolicy(Cache.Change<Policy> change) {
    return applications.keysByIndex(WITH_WORKFLOW, change.key().namespace());
  }

  Collection<Key> byDecision(Cache.Change<PlacementDecision> change) {
    var keys = new TreeSet<Key>();
    for (var decision : sides(change)) {
      for (var placement : HubApplicationWorld.placementOf(decision)) {
        keys.addAll(applications.keysByIndex(PLACEMENT, placement));
        for (var policy : policies.keysByIndex(PLACEMENT, placement)) {
          keys.addAll(applications.keysByIndex(WITH_WORKFLOW, policy.namespace()));
        }
      }
    }
    return keys;
  }

  Collection<Key> byEnvironment(Key environment) {
    return applications.keysByIndex(ENVIRONMENT, environment.toString());
  }

  /// Sets and bindings change seldom.
  Collection<Key> byClusterSet() {
    return applications.keysByIndex(IN_ENVIRONMENTS, EVERYWHERE);
  }

  Collection<Key> byBinding(Key binding) {
    return applications.keysByIndex(IN_ENVIRONMENTS, binding.namespace());
  }

  /// Status is ours: what only changes that needs no look.
  static List<Key> byWriting(Cache.Change<Application> change) {
    var before = change.before();
    var after = change.after();
    var same =
        before != null
            && after != null
            && before.metadata().uid().equals(after.metadata().uid())
            && before.metadata().generation() == after.metadata().generation()
            && before.metadata().deleting() == after.metadata().deleting()
            && before.metadata().finalizers().equals(after.metadata().finalizers())
            && before.metadata().labels().equals(after.metadata().labels())
            && before.metadata().annotations().equals(after.metadata().annotations());
    return same ? List.of() : List.of(change.key());
  }

  /// Those whose objects somebody else begins or ceases to want.
  static List<Key> byContest(Cache.Change<Application> change) {
    var holders = new TreeSet<String>();
    for (var application : sides(change)) {
      holders.addAll(HubApplicationWorld.holdersOf(application));
    }
    var before = change.before();
    var after = change.after();
    var same =
        before != null
            && after != null
            && before.status().contested().equals(after.status().contested());
    return same ? List.of() : holders.stream().map(Wakes::key).toList();
  }

  /// Reads `namespace/name`.
  private static Key key(String text) {
    var slash = text.indexOf('/');
    return Key.of(text.substring(0, Math.max(0, slash)), text.substring(slash + 1));
  }

  /// Whether a work says anything new: an agent that only puts its finalizer on it does not.
  private static boolean isNews(Cache.Change<ManifestWork> change) {
    var before = change.before();
    var after = change.after();
    if (before == null || after == null) {
      return true;
    }
    var was = before.metadata();
    var is = after.metadata();
    return !was.uid().equals(is.uid())
        || was.generation() != is.generation()
        || was.deleting() != is.deleting()
        || !was.labels().equals(is.labels())
        || !was.annotations().equals(is.annotations())
        || !before.status().equals(after.status());
  }

  /// @param own what this process wrote itself a moment ago
  List<Key> byWork(Cache.Change<ManifestWork> change, OwnWrites own) {
    return isNews(change) && !own.isForeseen(change, works) ? owners(change) : List.of();
  }

  static List<Key> owners(Cache.Change<ManifestWork> change) {
    var keys = new TreeSet<Key>();
    for (var work : sides(change)) {
      Works.applicationOf(work).ifPresent(keys::add);
    }
    return List.copyOf(keys);
  }

  /// A cluster that comes, goes or is labelled anew may concern every application; its availability
  /// only those that run there.
  Collection<Key> byCluster(Cache.Change<ManagedCluster> change) {
    var before = change.before();
    var after = change.after();
    if (before == null || after == null || chosenBy(before, after)) {
      return applications.keys();
    }
    if (availability(before).equals(availability(after))) {
      return List.of();
    }
    var keys = new TreeSet<Key>();
    for (var work : works.objects(change.key().name())) {
      Works.applicationOf(work.labels()).ifPresent(keys::add);
    }
    return keys;
  }

  private static boolean chosenBy(ManagedCluster before, ManagedCluster after) {
    return before.accepted() != after.accepted()
        || before.metadata().deleting() != after.metadata().deleting()
        || !before.metadata().labels().equals(after.metadata().labels());
  }

  /// And its version, by which objects are rendered.
  private static String availability(ManagedCluster cluster) {
    var version = String.valueOf(cluster.status().version());
    return Condition.find(cluster.status().conditions(), ManagedCluster.AVAILABLE)
        .map(condition -> condition.status() + condition.message())
        .orElse("")
        .concat(version);
  }

  private static <T> List<T> sides(Cache.Change<T> change) {
    var sides = new ArrayList<T>(2);
    @Nullable T before = change.before();
    @Nullable T after = change.after();
    if (before != null) {
      sides.add(before);
    }
    if (after != null) {
      sides.add(after);
    }
    return sides;
  }
}
