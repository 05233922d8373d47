package io.nave.simulation;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.applications.api.Application;
import io.nave.controllers.Cache;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWork.ManifestStatus;
import io.nave.work.StatusFeedback;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Follows the hub from the administrator's machine, writes what changes into the event log, and
/// notices what never may be:
///
/// - the revision of an object does not rise, over all crashes of the hub;
/// - a work's status tells a feedback that its cluster has never shown.
///
/// It sees what any client sees by list and watch, a little late.
public final class Witness {
  private final Administrator administrator;
  private final Map<String, SimCluster> spokes;
  private final Cache<ManagedCluster> clusters;
  private final Cache<PlacementDecision> decisions;
  private final Cache<ManifestWork> works;
  private final Cache<Application> applications;
  private final TreeMap<String, String> said = new TreeMap<>();
  private final TreeMap<String, Long> revisions = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();

  private Witness(Administrator administrator, Map<String, SimCluster> spokes) {
    this.administrator = administrator;
    this.spokes = spokes;
    clusters = follow(ManagedCluster.class, Witness::cluster);
    decisions = follow(PlacementDecision.class, Witness::decision);
    works = follow(ManifestWork.class, this::work);
    applications = follow(Application.class, Witness::application);
  }

  /// Begins to look.
  static Witness start(Administrator administrator, Map<String, SimCluster> spokes) {
    var witness = new Witness(administrator, spokes);
    witness.all().forEach(Cache::start);
    return witness;
  }

  private List<Cache<?>> all() {
    return List.of(clusters, decisions, works, applications);
  }

  private <T extends Resource> Cache<T> follow(Class<T> kind, Function<T, String> summary) {
    var type = ResourceType.of(kind);
    var cache =
        new Cache<>(
            administrator.host(),
            administrator.client(),
            Cache.Scope.all(type),
            object -> {
              checkRevision(object);
              return Codec.decode(object, kind);
            });
    return cache.onChange(change -> tell(type, change, summary));
  }

  private <T> void tell(ResourceType type, Cache.Change<T> change, Function<T, String> summary) {
    var subject = type.kind() + " " + change.key();
    var after = change.after();
    var line = after == null ? "gone" : summary.apply(after);
    if (!line.equals(said.put(subject, line))) {
      administrator.host().world().log("seen " + subject + ": " + line);
    }
  }

  private void checkRevision(ApiObject object) {
    var subject = object.kind() + " " + object.key();
    var before = revisions.put(subject, object.revision());
    if (before != null && before >= object.revision()) {
      fault("the revision of %s went from %d to %d".formatted(subject, before, object.revision()));
    }
  }

  private static String cluster(ManagedCluster cluster) {
    var conditions = cluster.status().conditions();
    var line = new StringBuilder();
    for (var type :
        List.of(ManagedCluster.ACCEPTED, ManagedCluster.JOINED, ManagedCluster.AVAILABLE)) {
      Condition.find(conditions, type)
          .ifPresent(c -> line.append(type).append('=').append(c.status()).append(' '));
    }
    cluster.spec().taints().forEach(taint -> line.append("taint ").append(taint.key()).append(' '));
    return line.toString().strip();
  }

  private static String decision(PlacementDecision decision) {
    return chosen(decision).toString();
  }

  private static List<String> chosen(PlacementDecision decision) {
    return decision.status().decisions().stream()
        .map(PlacementDecision.Decision::clusterName)
        .toList();
  }

  private String work(ManifestWork work) {
    checkClaims(work);
    var line = new StringBuilder("generation " + work.metadata().generation());
    if (work.metadata().deleting()) {
      line.append(" deleting");
    }
    for (var condition : work.status().conditions()) {
      line.append(' ')
          .append(condition.type())
          .append('=')
          .append(condition.status())
          .append('@')
          .append(condition.observedGeneration());
    }
    return line.toString();
  }

  private static String application(Application application) {
    var line = new StringBuilder(String.valueOf(application.status().status()));
    for (var service : application.status().services()) {
      line.append(", ")
          .append(service.name())
          .append('@')
          .append(service.cluster())
          .append(service.healthy() ? " healthy" : " not healthy");
    }
    return line.toString();
  }

  /// What a status tells was true in the cluster at some time.
  private void checkClaims(ManifestWork work) {
    var spoke = spokes.get(work.metadata().namespace());
    var resources = work.status().resourceStatus();
    if (spoke == null || resources == null) {
      return;
    }
    for (var manifest : resources.manifests()) {
      var feedback = manifest.statusFeedback();
      if (feedback != null && !feedback.values().isEmpty() && !wasShown(spoke, work, manifest)) {
        fault(
            "work %s tells of %s what the cluster has never shown: %s"
                .formatted(work.key(), manifest.resourceMeta(), feedback.values()));
      }
    }
  }

  private static boolean wasShown(SimCluster spoke, ManifestWork work, ManifestStatus manifest) {
    var meta = manifest.resourceMeta();
    var feedback = manifest.statusFeedback();
    var key = new Key(String.valueOf(meta.namespace()), String.valueOf(meta.name()));
    return feedback != null
        && spoke.history(String.valueOf(meta.kind()), key).stream()
            .map(state -> StatusFeedback.read(state, rules(work, manifest)).values())
            .anyMatch(feedback.values()::equals);
  }

  static List<ManifestWork.FeedbackRule> rules(ManifestWork work, ManifestStatus manifest) {
    var meta = manifest.resourceMeta();
    return work.spec().manifestConfigs().stream()
        .filter(config -> config.resourceIdentifier().resource().equals(meta.resource()))
        .filter(config -> config.resourceIdentifier().name().equals(meta.name()))
        .flatMap(config -> config.feedbackRules().stream())
        .toList();
  }

  private void fault(String what) {
    administrator.host().world().log("FAULT " + what);
    faults.add(what);
  }

  /// What should never have happened and did.
  public List<String> faults() {
    return List.copyOf(faults);
  }

  /// Begins anew with the revisions, for a hub that lost its data.
  public void forgetRevisions() {
    revisions.clear();
  }

  public Optional<ManagedCluster> cluster(String name) {
    return clusters.get(Key.of(name));
  }

  /// Whether a cluster has asked to join.
  public boolean asked(String cluster) {
    return cluster(cluster).isPresent();
  }

  /// Whether a cluster has joined and is available.
  public boolean joined(String cluster) {
    var conditions =
        cluster(cluster).map(each -> each.status().conditions()).orElse(List.<Condition>of());
    return Condition.isTrue(conditions, ManagedCluster.JOINED)
        && Condition.isTrue(conditions, ManagedCluster.AVAILABLE);
  }

  /// The clusters that the Placements of a namespace chose, in order of name.
  public List<String> chosen(String namespace) {
    return decisions.list(namespace).stream()
        .flatMap(decision -> chosen(decision).stream())
        .distinct()
        .sorted()
        .toList();
  }

  /// The works of a cluster.
  public List<ManifestWork> works(String cluster) {
    return works.list(cluster);
  }

  /// Whether a work's newest generation is applied and available, as the hub knows it.
  public boolean settled(Key key) {
    return works.get(key).filter(Witness::settled).isPresent();
  }

  private static boolean settled(ManifestWork work) {
    return List.of(ManifestWork.APPLIED, ManifestWork.AVAILABLE).stream()
        .allMatch(type ->
            Condition.find(work.status().conditions(), type)
                .filter(Condition::isTrue)
                .filter(c -> observed(c) == work.metadata().generation())
                .isPresent());
  }

  private static long observed(Condition condition) {
    @Nullable Long generation = condition.observedGeneration();
    return generation == null ? -1 : generation;
  }

  public Optional<Application> application(Key key) {
    return applications.get(key);
  }

  /// The clusters on which all of an application is healthy, in order of name; empty while any
  /// cluster or component of it is not.
  public List<String> healthyOn(Key key) {
    var services = application(key).map(each -> each.status().services()).orElse(List.of());
    return services.stream().allMatch(Application.Service::healthy)
        ? services.stream()
            .map(service -> String.valueOf(service.cluster()))
            .distinct()
            .sorted()
            .toList()
        : List.of();
  }

  /// The caches it looks through, by the kind they hold: each must equal what the hub lists once
  /// all is calm.
  public Map<ResourceType, List<ApiObject>> held() {
    var held = new TreeMap<String, Map.Entry<ResourceType, List<ApiObject>>>();
    put(held, ManagedCluster.class, clusters);
    put(held, PlacementDecision.class, decisions);
    put(held, ManifestWork.class, works);
    put(held, Application.class, applications);
    var ordered = new java.util.LinkedHashMap<ResourceType, List<ApiObject>>();
    held.values().forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }

  private static <T extends Resource> void put(
      Map<String, Map.Entry<ResourceType, List<ApiObject>>> held, Class<T> kind, Cache<T> cache) {
    var objects = cache.list().stream().flatMap(each -> cache.object(each.key()).stream()).toList();
    held.put(kind.getSimpleName(), Map.entry(ResourceType.of(kind), objects));
  }
}
