package io.nave.agent.work;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.registry.Strategy;
import io.nave.apiserver.server.InMemoryApi;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import io.nave.work.AppliedManifestWork;
import io.nave.work.ManifestWork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A hub, a cluster and an agent between them, in simulated time.
final class Bench implements AutoCloseable {
  static final ResourceType WORKS = ResourceType.of(ManifestWork.class);
  static final ResourceType RECORDS = ResourceType.of(AppliedManifestWork.class);
  static final ResourceType DEPLOYMENTS =
      ResourceType.of("apps", "v1", "Deployment", "deployments", true).withStatus();
  static final ResourceType CONFIG_MAPS =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
  static final ResourceType NAMESPACES =
      ResourceType.of("", "v1", "Namespace", "namespaces", false);
  static final ResourceType ROLES =
      ResourceType.of("rbac.authorization.k8s.io", "v1", "Role", "roles", true);
  static final ResourceType ROLE_BINDINGS =
      ResourceType.of("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true);
  static final ResourceType WIDGETS = ResourceType.of("g", "v1", "Widget", "widgets", true);
  static final ResourceType CRDS =
      ResourceType.of(
          "apiextensions.k8s.io",
          "v1",
          "CustomResourceDefinition",
          "customresourcedefinitions",
          false);
  static final String HUB_URL = "https://hub.example:6443";
  static final Path FOLDER = Path.of("/agent/works");

  final SimWorld world;
  final SimHost hubHost;
  final SimHost clusterHost;
  final SimHost agentHost;
  final LocalClient hub;
  final LocalClient cluster;
  final Line hubLine;
  final Line clusterLine;

  /// Kinds the cluster hides for now.
  final Set<String> hidden = new TreeSet<>();

  /// Of the next start.
  WorkSettings settings = WorkSettings.of("east", HUB_URL, FOLDER);

  SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private @Nullable WorkAgent agent;

  Bench(long seed) {
    world = new SimWorld(seed);
    hubHost = world.host("hub");
    clusterHost = world.host("cluster");
    agentHost = world.host("agent");
    hub = server(hubHost, List.of(ServedType.of(ManifestWork.class)));
    cluster =
        server(
            clusterHost,
            List.of(
                ServedType.of(AppliedManifestWork.class),
                ServedType.of(DEPLOYMENTS, Strategy.PLAIN),
                ServedType.of(WIDGETS, Strategy.PLAIN),
                ServedType.of(CRDS, Strategy.PLAIN)));
    hidden.add("CustomResourceDefinition");
    hub.create(NAMESPACES, ApiObject.named(NAMESPACES, "", "east"));
    cluster.create(NAMESPACES, ApiObject.named(NAMESPACES, "", "shop"));
    hubLine = new Line(hub);
    clusterLine = new Line(cluster);
  }

  private static LocalClient server(SimHost host, List<ServedType> more) {
    return InMemoryApi.open(host, more, List.of(), List.of("default")).administrator();
  }

  private Optional<ResourceType> kind(String apiVersion, String kind) {
    return hidden.contains(kind)
        ? Optional.empty()
        : java.util.stream.Stream.of(RECORDS, DEPLOYMENTS, CONFIG_MAPS, NAMESPACES, WIDGETS, CRDS)
            .filter(t -> t.apiVersion().equals(apiVersion) && t.kind().equals(kind))
            .findFirst();
  }

  /// Lets the service account `shop/limited` do this much with ConfigMaps of its namespace.
  ///
  /// @param verbs each in single quotes
  void allowLimited(String verbs) {
    var role =
        object(
            "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'Role','metadata':{'name':'limited',"
                + "'namespace':'shop'},'rules':[{'apiGroups':[''],'resources':['configmaps'],'verbs':["
                + verbs
                + "]}]}");
    if (cluster.find(ROLES, role.key()).isPresent()) {
      cluster.update(ROLES, role, "");
      return;
    }
    cluster.create(ROLES, role);
    cluster.create(
        ROLE_BINDINGS,
        object(
            "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'RoleBinding','metadata':{'name':'limited',"
                + "'namespace':'shop'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'Role','name':'limited'},"
                + "'subjects':[{'kind':'ServiceAccount','name':'limited','namespace':'shop'}]}"));
  }

  /// What the first condition of a work's first manifest says.
  String told(String work) {
    return status(work).resourceStatus().manifests().getFirst().conditions().getFirst().message();
  }

  /// Starts the agent with the hub on its line.
  void start() {
    startAlone();
    connect();
  }

  /// Starts the agent without a hub.
  void startAlone() {
    meters = new SimpleMeterRegistry();
    agent = WorkAgent.start(agentHost, settings, clusterLine, this::kind, meters);
  }

  /// Starts another agent in the same cluster, with the same hub.
  ///
  /// @param name of the cluster there
  WorkAgent startAnother(String name) {
    hub.create(NAMESPACES, ApiObject.named(NAMESPACES, "", name));
    var other =
        WorkAgent.start(
            world.host("agent of " + name),
            WorkSettings.of(name, HUB_URL, FOLDER),
            cluster,
            this::kind,
            new SimpleMeterRegistry());
    other.onHubClient(hub);
    return other;
  }

  /// Starts the agent in a cluster of this version that lacks the kind of its records.
  void startWithoutRecords(String version) {
    hidden.add(RECORDS.kind());
    meters = new SimpleMeterRegistry();
    var own = new RecordsInConfigMaps(clusterLine, this::kind, () -> version);
    agent = WorkAgent.start(agentHost, settings, own, own::kind, meters);
    connect();
  }

  void connect() {
    agent().onHubClient(hubLine);
  }

  WorkAgent agent() {
    if (agent == null) {
      throw new IllegalStateException("start the agent first");
    }
    return agent;
  }

  /// Takes the agent's process away; its disk stays.
  void crash() {
    agentHost.crash();
    agent = null;
  }

  /// JSON with single quotes.
  static ApiObject object(String json) {
    return ApiObject.parse(Json.encode(Json.parse(json.replace('\'', '"'))));
  }

  static Patch merge(String json) {
    return new Patch(Patch.Form.MERGE, object(json).json());
  }

  static String deployment(String name, int replicas) {
    return ("{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'%s','namespace':'shop'},"
            + "'spec':{'replicas':%d,'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}}}")
        .formatted(name, replicas);
  }

  static String configMap(String name, String value) {
    return ("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s','namespace':'shop'},"
            + "'data':{'key':'%s'}}")
        .formatted(name, value);
  }

  /// A work of these manifests.
  ApiObject work(String name, String... manifests) {
    return work(name, "", manifests);
  }

  /// @param more further fields of the spec, ending with a comma
  ApiObject work(String name, String more, String[] manifests) {
    return workOf("east", name, more, manifests);
  }

  ApiObject workOf(String cluster, String name, String more, String[] manifests) {
    return hub.create(
        WORKS,
        object(
            "{'metadata':{'name':'%s','namespace':'%s'},'spec':{%s'workload':{'manifests':[%s]}}}"
                .formatted(name, cluster, more, String.join(",", manifests))));
  }

  void rework(String name, String... manifests) {
    hub.patch(
        WORKS,
        Key.of("east", name),
        "",
        merge("{'spec':{'workload':{'manifests':[%s]}}}".formatted(String.join(",", manifests))));
  }

  /// Removes a work behind the agent's back, finalizers or not.
  void vanish(String name) {
    var key = Key.of("east", name);
    hub.patch(WORKS, key, "", merge("{'metadata':{'finalizers':[]}}"));
    hub.delete(WORKS, key, null);
  }

  ManifestWork.Status status(String name) {
    return hub.find(WORKS, Key.of("east", name))
        .map(HubReport::status)
        .orElse(new ManifestWork.Status(List.of(), null));
  }

  Condition condition(String work, String type) {
    return Condition.find(status(work).conditions(), type).orElseThrow();
  }

  boolean applied(String work) {
    var found = hub.find(WORKS, Key.of("east", work)).orElse(null);
    return found != null
        && Condition.find(HubReport.status(found).conditions(), "Applied")
            .filter(
                c -> c.isTrue() && Long.valueOf(found.generation()).equals(c.observedGeneration()))
            .isPresent();
  }

  Optional<ApiObject> inCluster(ResourceType type, String name) {
    return cluster.find(type, new Key(type.namespaced() ? "shop" : "", name));
  }

  Optional<AppliedManifestWork> record(String work) {
    return inCluster(RECORDS, settings.recordName(work)).map(AppliedRecords::read);
  }

  void await(BooleanSupplier condition) {
    world.runUntil(condition, Duration.ofSeconds(30));
  }

  double counter(String name) {
    return meters.get(name).counter().count();
  }

  double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  @Override
  public void close() {
    world.close();
  }
}
