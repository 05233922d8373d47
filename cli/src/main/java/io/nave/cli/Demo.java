package io.nave.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.agent.AgentConfig;
import io.nave.agent.program.AgentWiring;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Discovery;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.hub.Hub;
import io.nave.hub.HubConfig;
import io.nave.placement.api.PlacementDecision;
import io.nave.practice.PracticeServer;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.work.ManifestWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.IntSupplier;

/// The main job in one process, step by step: hub, practice clusters, handshake, application, move.
/// Every client here goes over HTTPS, as it would from elsewhere.
final class Demo {
  private static final List<String> CLUSTERS = List.of("east", "north", "west");
  private static final String NAMESPACE = "demo";
  private static final Key APPLICATION = Key.of(NAMESPACE, "shop");
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  private static final ResourceType DECISION = ResourceType.of(PlacementDecision.class);
  private static final ResourceType APP = ResourceType.of(Application.class);
  private static final ResourceType DEPLOYMENT =
      ResourceType.of("apps", "v1", "Deployment", "deployments", true);

  /// What came of it.
  ///
  /// @param moved whether the application left the cordoned cluster and became healthy elsewhere
  record Result(
      double seconds,
      int clustersJoined,
      int worksApplied,
      boolean applicationHealthy,
      boolean moved) {
    boolean good() {
      return clustersJoined == CLUSTERS.size() && applicationHealthy && moved;
    }
  }

  private final Host host;
  private final Parts parts;
  private final Terminal terminal;
  private final Path folder;
  private final Map<String, PracticeServer> practice = new LinkedHashMap<>();
  private final Map<String, ApiClient> practiceClients = new LinkedHashMap<>();

  Demo(Host host, Parts parts, Terminal terminal) {
    this.host = host;
    this.parts = parts;
    this.terminal = terminal;
    this.folder =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "nave-demo-" + Long.toHexString(host.random().nextLong() >>> 32));
  }

  Result run() {
    terminal.title("Nave: one hub, three clusters, one application");
    parts.open(() -> host.disk().deleteFolder(folder)); // closed last: everything in it is
    var hub = parts.open(Hub.start(host, HubConfig.of(folder.resolve("hub"), "127.0.0.1", 0)));
    terminal.step("hub serves the Kubernetes API at " + hub.administrator().server());
    var wire = parts.open(HttpsTransport.open(host, hub.administrator()));
    var admin = new RemoteClient(host, wire, "nave-demo");
    for (var name : CLUSTERS) {
      startPracticeCluster(name);
    }
    var joined = handshake(admin, hub.administrator());
    apply(admin, new Discovery(host, wire));
    var healthy = joined == CLUSTERS.size() && awaitHealthy(admin, "application healthy", "");
    show(admin);
    var moved = healthy && move(admin);
    show(admin);
    var result =
        new Result(
            Math.round(terminal.seconds() * 10) / 10.0,
            joined,
            worksApplied(admin).size(),
            healthy,
            moved);
    terminal.title(
        result.good()
            ? "Done in %.1f s.".formatted(result.seconds())
            : "Not everything became healthy and moved.");
    return result;
  }

  private void startPracticeCluster(String name) {
    var server = parts.open(PracticeServer.start(host, name, "127.0.0.1", 0));
    practice.put(name, server);
    practiceClients.put(name, client(server.kubeconfig()));
    host.disk().write(kubeconfig(name), bytes(server.kubeconfig().write()));
    terminal.step("practice cluster " + name + " serves at " + server.kubeconfig().server());
  }

  private Path kubeconfig(String name) {
    return folder.resolve(name + ".kubeconfig");
  }

  private int handshake(ApiClient admin, Kubeconfig administrator) {
    terminal.title(
        "The handshake: agents ask with a token, an administrator accepts, the hub signs");
    var bootstrap = Bootstraps.create(host, admin, administrator, Duration.ofHours(1));
    terminal.step("nave get token: a bootstrap token, good for one hour");
    for (var name : CLUSTERS) {
      startAgent(name, bootstrap);
    }
    await(
        "clusters ask to join",
        CLUSTERS.size(),
        () -> admin.list(CLUSTER, "", Selection.all()).items().size());
    terminal.step("agents of " + String.join(", ", CLUSTERS) + " sent their certificate requests");
    for (var name : CLUSTERS) {
      AcceptCommand.accept(admin, name);
      terminal.step("nave accept " + name);
    }
    await("clusters join", CLUSTERS.size(), () -> joined(admin).size());
    terminal.step("joined with certificates of their own: " + String.join(", ", joined(admin)));
    return joined(admin).size();
  }

  private void startAgent(String name, Bootstraps.Bootstrap bootstrap) {
    var files = folder.resolve("agents").resolve(name);
    var own = parts.open(HttpsTransport.open(host, practice(name).kubeconfig()));
    parts.open(
        AgentWiring.start(
            host,
            AgentConfig.of(name, bootstrap.token(), files),
            bootstrap.config(),
            own,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            state -> {}));
  }

  private PracticeServer practice(String name) {
    return Objects.requireNonNull(practice.get(name));
  }

  private void apply(ApiClient admin, Discovery kinds) {
    terminal.title("One application, two of three clusters, by pull");
    for (var document : Yaml.parseAll(resource("/demo/application.yaml"))) {
      var object = ApiObject.of(document);
      admin.create(kinds.find(object.apiVersion(), object.kind()).orElseThrow(), object);
      terminal.step("kubectl apply: " + object.kind() + " " + object.key());
    }
  }

  /// Waits until the application says that it is healthy on two clusters, none of them `except`.
  private boolean awaitHealthy(ApiClient admin, String what, String except) {
    var done = terminal.await(what, 2, () -> healthyOn(admin, except), PATIENCE);
    terminal.step(done ? what : "gave up waiting: " + what);
    return done;
  }

  private static int healthyOn(ApiClient admin, String except) {
    var application = admin.find(APP, APPLICATION);
    var clusters = new TreeSet<String>();
    for (var service :
        application.map(ApiObject::status).map(s -> s.path("services")).stream()
            .flatMap(list -> list.valueStream())
            .toList()) {
      if (service.path("healthy").asBoolean(false)) {
        clusters.add(service.path("cluster").asString(""));
      }
    }
    var stillThere = !except.isEmpty() && clusters.contains(except);
    return stillThere ? Math.min(1, clusters.size()) : clusters.size();
  }

  private boolean move(ApiClient admin) {
    var cordoned = decided(admin).getFirst();
    terminal.title("One cluster is cordoned (a taint), the application moves");
    admin.patch(
        CLUSTER,
        Key.of(cordoned),
        "",
        Patch.merge(body ->
            body.putObject("spec")
                .putArray("taints")
                .addObject()
                .put("key", "nave.io/cordoned")
                .put("effect", "NoSelect")));
    terminal.step("cluster " + cordoned + " tainted nave.io/cordoned:NoSelect");
    var healthy = awaitHealthy(admin, "application healthy without " + cordoned, cordoned);
    var left =
        terminal.await(
            "its objects leave " + cordoned,
            1,
            () ->
                Objects.requireNonNull(practiceClients.get(cordoned))
                        .find(DEPLOYMENT, Key.of(NAMESPACE, "web"))
                        .isEmpty()
                    ? 1
                    : 0,
            PATIENCE);
    terminal.step("it runs on " + String.join(" and ", decided(admin)) + " now");
    return healthy && left && !decided(admin).contains(cordoned);
  }

  private void show(ApiClient admin) {
    admin
        .find(APP, APPLICATION)
        .ifPresent(application -> {
          for (var service : application.status().path("services")) {
            terminal.line(
                "        %-6s %-8s %s %s"
                    .formatted(
                        service.path("cluster").asString(""),
                        service.path("name").asString(""),
                        service.path("healthy").asBoolean(false) ? "healthy  " : "not ready",
                        service.path("message").asString("")));
          }
        });
  }

  /// What to type while it runs.
  void tellHowToLook() {
    terminal.title("Look around while it runs (Ctrl-C ends it):");
    var config = "--kubeconfig " + folder.resolve("hub").resolve("admin.kubeconfig");
    terminal.line("kubectl " + config + " get managedclusters");
    terminal.line("kubectl " + config + " -n demo get applications,placementdecisions");
    terminal.line("kubectl " + config + " get manifestworks -A");
    for (var name : CLUSTERS) {
      terminal.line("kubectl --kubeconfig " + kubeconfig(name) + " -n demo get deployments");
    }
  }

  private void await(String what, int goal, IntSupplier reached) {
    if (!terminal.await(what, goal, reached, PATIENCE)) {
      terminal.step("gave up waiting: " + what);
    }
  }

  private static List<String> joined(ApiClient admin) {
    var names = new ArrayList<String>();
    for (var cluster : admin.list(CLUSTER, "", Selection.all()).items()) {
      for (var condition : cluster.status().path("conditions")) {
        if (condition.path("type").asString("").equals(ManagedCluster.JOINED)
            && condition.path("status").asString("").equals("True")) {
          names.add(cluster.name());
        }
      }
    }
    return names;
  }

  private static List<String> decided(ApiClient admin) {
    var names = new TreeSet<String>();
    for (var decision : admin.list(DECISION, NAMESPACE, Selection.all()).items()) {
      for (var chosen : decision.status().path("decisions")) {
        names.add(chosen.path("clusterName").asString(""));
      }
    }
    return List.copyOf(names);
  }

  private static List<ApiObject> worksApplied(ApiClient admin) {
    return admin.list(WORK, "", Selection.all()).items().stream()
        .filter(work -> !work.deleting()) // what has left a cluster may still be going here
        .filter(work ->
            work.status()
                .path("conditions")
                .valueStream()
                .anyMatch(c ->
                    c.path("type").asString("").equals(ManifestWork.APPLIED)
                        && c.path("status").asString("").equals("True")))
        .toList();
  }

  private ApiClient client(Kubeconfig config) {
    var transport = parts.open(HttpsTransport.open(host, config));
    return new RemoteClient(host, transport, "nave-demo");
  }

  private static String resource(String name) {
    try (var file = Demo.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
