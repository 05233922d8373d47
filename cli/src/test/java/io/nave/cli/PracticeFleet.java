package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.agent.AgentConfig;
import io.nave.agent.program.AgentWiring;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.RemoteClient;
import io.nave.hub.Hub;
import io.nave.hub.HubConfig;
import io.nave.practice.PracticeServer;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// One hub and practice clusters that joined it, in this process, over real TLS; and the command
/// line beside them.
final class PracticeFleet implements AutoCloseable {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Parts parts = new Parts();
  private final Host host;
  private final Path folder;
  private final Hub hub;
  private final ApiClient admin;
  private final Map<String, PracticeServer> clusters = new TreeMap<>();

  /// What a command did.
  record Result(int exit, String out, String err) {}

  private PracticeFleet(Path folder, Map<String, Map<String, String>> labels) {
    this.folder = folder;
    try {
      host = parts.open(RealHost.start("fleet"));
      hub = parts.open(Hub.start(host, HubConfig.of(folder.resolve("hub"), "127.0.0.1", 0)));
      var wire = parts.open(HttpsTransport.open(host, hub.administrator()));
      admin = new RemoteClient(host, wire, "test");
      host.disk().write(kubeconfig(), hub.administrator().write().getBytes(StandardCharsets.UTF_8));
      labels.keySet().forEach(this::join);
      labels.forEach(this::accept);
      until("all clusters joined", () -> joined() == labels.size());
    } catch (RuntimeException e) {
      throw parts.closeAfter(e);
    }
  }

  /// @param labels of each cluster, by its name
  static PracticeFleet start(Path folder, Map<String, Map<String, String>> labels) {
    return new PracticeFleet(folder, labels);
  }

  private Path kubeconfig() {
    return folder.resolve("admin.kubeconfig");
  }

  private void join(String name) {
    var server = parts.open(PracticeServer.start(host, name, "127.0.0.1", 0));
    clusters.put(name, server);
    var bootstrap = Bootstraps.create(host, admin, hub.administrator(), Duration.ofHours(1));
    var own = parts.open(HttpsTransport.open(host, server.kubeconfig()));
    parts.open(
        AgentWiring.start(
            host,
            AgentConfig.of(name, bootstrap.token(), folder.resolve("agents").resolve(name)),
            bootstrap.config(),
            own,
            new SimpleMeterRegistry(),
            state -> {}));
  }

  private void accept(String name, Map<String, String> labels) {
    until(name + " asks to join", () -> admin.find(CLUSTER, Key.of(name)).isPresent());
    AcceptCommand.accept(admin, name);
    admin.patch(
        CLUSTER,
        Key.of(name),
        "",
        Patch.merge(body -> {
          var all = body.putObject("metadata").putObject("labels");
          labels.forEach(all::put);
        }));
  }

  private long joined() {
    return admin.list(CLUSTER, "", Selection.all()).items().stream()
        .filter(cluster ->
            cluster
                .status()
                .path("conditions")
                .valueStream()
                .anyMatch(c ->
                    c.path("type").asString("").equals(ManagedCluster.AVAILABLE)
                        && c.path("status").asString("").equals("True")))
        .count();
  }

  /// The hub, as its administrator.
  ApiClient admin() {
    return admin;
  }

  /// A cluster, as its administrator.
  ApiClient cluster(String name) {
    return Objects.requireNonNull(clusters.get(name), name).cluster().client();
  }

  List<String> clusters() {
    return List.copyOf(clusters.keySet());
  }

  /// `nave ARGS --kubeconfig ...`, as in a terminal.
  Result nave(String... args) {
    var all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--kubeconfig", kubeconfig().toString()));
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var before = System.out;
    var beforeErr = System.err;
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      var exit = Nave.run(all.toArray(String[]::new));
      return new Result(
          exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
      System.setErr(beforeErr);
    }
  }

  /// As [#nave]; fails unless it ends with 0.
  String ok(String... args) {
    var result = nave(args);
    assertThat(result.exit()).as("%s: %s%s", List.of(args), result.out(), result.err()).isZero();
    return result.out();
  }

  void until(String what, BooleanSupplier look) {
    until(what, look, () -> "");
  }

  /// @param more what was seen last
  void until(String what, BooleanSupplier look, Supplier<String> more) {
    var end = host.nanoTime() + PATIENCE.toNanos();
    while (!look.getAsBoolean()) {
      if (host.nanoTime() > end) {
        throw new AssertionError("waited in vain: " + what + "\n" + more.get());
      }
      host.sleep(Duration.ofMillis(100));
    }
  }

  @Override
  public void close() {
    parts.close();
  }
}
