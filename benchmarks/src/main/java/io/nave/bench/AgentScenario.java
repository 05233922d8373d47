package io.nave.bench;

import io.nave.api.Json;
import io.nave.bench.fleet.Fleet;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import io.nave.bench.wire.Wire;
import io.nave.controllers.Kubeconfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// What one real agent costs: the program itself on a practice cluster, each a process of its own.
///
/// The agent joins and applies its works, is looked at while it is idle, and is stopped and started
/// again with one work more waiting for it.
final class AgentScenario implements Scenario {
  private static final String CLUSTER = "east";
  private static final String WORK = "w%04d";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration ROUND = Duration.ofMillis(10);

  /// Until everything is compiled that is, and what the start allocated is collected.
  private static final Duration SETTLE = Duration.ofSeconds(8);

  @Override
  public String name() {
    return "agent";
  }

  @Override
  public String purpose() {
    return "memory, start and idling of one agent";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("works", 100L);
    sizes.put("objects", 5L); // of each work
    sizes.put("seconds", 20L); // watched while idle
    sizes.put("maxBytes", 0L); // resident; more is a failure; 0: no bound
    return sizes;
  }

  @Override
  public void run(Run run) {
    try {
      var folder = Files.createTempDirectory("nave-bench-agent-");
      try (var cluster = practice(run, folder)) {
        measure(run, folder, cluster);
      } finally {
        run.host.disk().deleteFolder(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for the agent", e);
    }
  }

  private static NaveProcess practice(Run run, Path folder) {
    return NaveProcess.start(
        run.host,
        "",
        folder.resolve("practice.log"),
        "practice",
        "--kubeconfig-out",
        folder.resolve("practice.kubeconfig").toString());
  }

  private static void measure(Run run, Path folder, NaveProcess practice) {
    var kubeconfig = folder.resolve("practice.kubeconfig");
    await(
        run, practice, "the practice cluster", () -> run.host.disk().read(kubeconfig).isPresent());
    var text = new String(run.host.disk().read(kubeconfig).orElseThrow(), StandardCharsets.UTF_8);
    try (var wire = Wire.open(run.host, Kubeconfig.read(text), 1)) {
      var cluster = wire.connect(Kubeconfig.read(text).login(), Wire.Version.HTTP_2);
      bootstrap(run, folder);
      var accepting = Fleets.accept(run);
      var hub = run.adminLine();
      var works = run.size("works");
      try (var agent = agent(run, folder, "first.log", "")) {
        await(
            run,
            agent,
            "the agent's namespace",
            () -> hub.call(Ask.get("/api/v1/namespaces/" + CLUSTER)).good());
        accepting.requireGood();
        run.progress.phase("it has joined; " + works + " works");
        for (var i = 0; i < works; i++) {
          hub.must(work(run, i));
        }
        await(run, agent, "all works", () -> applied(hub) >= works);
        idle(run, agent);
      }
      hub.must(work(run, works));
      var began = run.host.nanoTime();
      try (var agent = agent(run, folder, "second.log", run.plan.agentJavaOptions())) {
        await(run, agent, "the new work's object", () -> isThere(cluster, works));
        run.figures.put("startToFirstApplySeconds", (run.host.nanoTime() - began) / 1e9);
        await(run, agent, "the new work's status", () -> applied(hub) > works);
        run.figures.put("startToStatusSeconds", (run.host.nanoTime() - began) / 1e9);
        run.host.sleep(SETTLE);
        run.figures.put("restartedResidentBytes", run.meter.memory(agent.pid()).resident());
      }
    }
    bound(run);
  }

  private static void idle(Run run, NaveProcess agent) {
    run.host.sleep(SETTLE);
    var before = run.meter.cpuSeconds(Long.toString(agent.pid()));
    run.progress.during(
        () -> "idle, " + run.meter.memory(agent.pid()),
        () -> run.host.sleep(Duration.ofSeconds(run.size("seconds"))));
    var used = run.meter.cpuSeconds(Long.toString(agent.pid())) - before;
    var memory = run.meter.memory(agent.pid());
    run.figures.put("idleCpuCores", used / Math.max(1, run.size("seconds")));
    run.figures.put("residentBytes", memory.resident());
    run.figures.put("peakBytes", memory.peak());
    run.figures.put("proportionalBytes", memory.proportional());
    run.figures.put("privateBytes", memory.ownPages());
    run.figures.put("threads", memory.threads());
  }

  private static void bound(Run run) {
    var most = run.sizes.getOrDefault("maxBytes", 0L);
    var found =
        Math.max(run.figures.get("residentBytes"), run.figures.get("restartedResidentBytes"));
    if (most > 0 && found > most) {
      throw new Plan.Unusable(
          "agent: %.1f MB are resident and %.1f MB may be; %s"
              .formatted(found / 1e6, most / 1e6, run.figures.json()));
    }
  }

  private static NaveProcess agent(Run run, Path folder, String log, String options) {
    return NaveProcess.start(
        run.host,
        options,
        folder.resolve(log),
        "join",
        "--name",
        CLUSTER,
        "--bootstrap",
        folder.resolve("bootstrap.kubeconfig").toString(),
        "--kubeconfig",
        folder.resolve("practice.kubeconfig").toString(),
        "--data-dir",
        folder.resolve("data").toString());
  }

  /// A token as `nave get token` makes it.
  private static void bootstrap(Run run, Path folder) {
    var secret = Fleet.bootstrapSecret("benchm", "0123456789abcdef", run.host.now().plus(PATIENCE));
    var line = run.adminLine();
    run.namespace(line, "kube-system");
    line.must(Ask.post("/api/v1/namespaces/kube-system/secrets", Json.encode(secret)));
    line.close();
    var config =
        run.hub.administrator().withLogin(new Kubeconfig.Login.Token("benchm.0123456789abcdef"));
    run.host
        .disk()
        .write(
            folder.resolve("bootstrap.kubeconfig"),
            config.write().getBytes(StandardCharsets.UTF_8));
  }

  /// A work as applications make them: a Deployment, a Service and ConfigMaps.
  private static Ask work(Run run, int number) {
    var name = WORK.formatted(number);
    var body =
        Json.object()
            .put("apiVersion", "work.open-cluster-management.io/v1")
            .put("kind", "ManifestWork");
    body.putObject("metadata").put("name", name).put("namespace", CLUSTER);
    var manifests = body.putObject("spec").putObject("workload").putArray("manifests");
    for (var i = 0; i < run.size("objects"); i++) {
      manifests.add(
          switch (i) {
            case 1 -> service(name);
            case 2 -> deployment(name);
            default -> configMap(name + "-" + i);
          });
    }
    return Ask.post(Works.collection(CLUSTER), Json.encode(body));
  }

  private static tools.jackson.databind.node.ObjectNode configMap(String name) {
    var map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    map.putObject("metadata").put("name", name).put("namespace", "default");
    map.putObject("data").put("settings", "colour=blue\n".repeat(40));
    return map;
  }

  private static tools.jackson.databind.node.ObjectNode service(String name) {
    var service = Json.object().put("apiVersion", "v1").put("kind", "Service");
    service.putObject("metadata").put("name", name).put("namespace", "default");
    var spec = service.putObject("spec");
    spec.putObject("selector").put("app", name);
    spec.putArray("ports").addObject().put("port", 80).put("targetPort", 8080);
    return service;
  }

  private static tools.jackson.databind.node.ObjectNode deployment(String name) {
    var deployment = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
    deployment.putObject("metadata").put("name", name).put("namespace", "default");
    var spec = deployment.putObject("spec").put("replicas", 2);
    spec.putObject("selector").putObject("matchLabels").put("app", name);
    var template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("app", name);
    template
        .putObject("spec")
        .putArray("containers")
        .addObject()
        .put("name", "web")
        .put("image", "example/web:1");
    return deployment;
  }

  private static boolean isThere(Line cluster, int number) {
    var name = WORK.formatted(number) + "-0";
    return cluster.call(Ask.get("/api/v1/namespaces/default/configmaps/" + name)).good();
  }

  /// How many works the hub shows as applied.
  private static int applied(Line hub) {
    var applied = 0;
    for (var work : hub.must(Ask.get(Works.collection(CLUSTER))).json().path("items")) {
      for (var condition : work.path("status").path("conditions")) {
        applied +=
            condition.path("type").asString("").equals("Available")
                    && condition.path("status").asString("").equals("True")
                ? 1
                : 0;
      }
    }
    return applied;
  }

  private static void await(Run run, NaveProcess process, String what, BooleanSupplier there) {
    var until = run.host.nanoTime() + PATIENCE.toNanos();
    while (!there.getAsBoolean()) {
      process.requireAlive();
      if (run.host.nanoTime() > until) {
        throw new IllegalStateException(what + " did not come; it said: " + process.said());
      }
      run.host.sleep(ROUND);
    }
  }
}
