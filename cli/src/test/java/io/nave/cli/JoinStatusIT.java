package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.agent.AgentConfig;
import io.nave.agent.program.AgentWiring;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.certs.Authority;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.hub.Hub;
import io.nave.hub.HubConfig;
import io.nave.registration.agent.AgentState;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.hub.BootstrapTokens;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// - Goal: `nave join --status` tells apart what can stand between an agent and its hub, and names
///   a remedy for each: one test for each cause.
/// - Method: the command as typed, against a real hub in this process. The agent's own cluster is
///   the hub itself, which speaks the same API.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JoinStatusIT {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final String NOBODY = "https://127.0.0.1:1"; // where nobody listens
  private static final Duration AT_MOST = Duration.ofMinutes(1);

  @TempDir private static Path folder;
  private final Parts parts = new Parts();
  private RealHost host;
  private Kubeconfig administrator;
  private Path cluster;
  private RemoteClient client;

  @BeforeAll
  void start() throws Exception {
    host = parts.open(RealHost.start("join-status"));
    var hub = parts.open(Hub.start(host, HubConfig.of(folder.resolve("hub"), "127.0.0.1", 0)));
    cluster = hub.administratorFile();
    administrator = Kubeconfig.read(Files.readString(cluster));
    client = new RemoteClient(host, parts.open(HttpsTransport.open(host, administrator)), "test");
  }

  @AfterAll
  void stop() {
    parts.close();
  }

  @Test
  void aNameThatCannotBeResolvedIsDns() throws Exception {
    var elsewhere = bootstrap("dns", config -> at(config, "https://no-such-host.invalid:6443"));
    assertThat(status("dns", elsewhere))
        .contains("the hub cannot be reached", "no-such-host.invalid", "cause:  DNS")
        .contains("remedy: check the hub's name in the bootstrap kubeconfig");
  }

  @Test
  void aPortWhereNobodyListensIsTcp() throws Exception {
    var elsewhere = bootstrap("tcp", config -> at(config, NOBODY));
    assertThat(status("tcp", elsewhere))
        .contains("the hub cannot be reached", "cause:  TCP")
        .contains("remedy: check that the hub runs, its address and port");
  }

  @Test
  void anotherAuthorityIsTls() throws Exception {
    var stranger = Authority.create(host, "stranger", Duration.ofDays(1)).certificatePem();
    var other = bootstrap("tls", config -> config.withCa(stranger));
    assertThat(status("tls", other))
        .contains("the hub is not the one the given CA stands for", "cause:  TLS")
        .contains("remedy: take the hub's present CA");
  }

  @Test
  void aTokenTheHubDoesNotKnowIsToken() throws Exception {
    var made =
        bootstrap(
            "token",
            config -> config.withLogin(new Kubeconfig.Login.Token("aaaaaa.0123456789abcdef")));
    assertThat(status("token", made))
        .contains("the hub rejects the bootstrap token", "cause:  token")
        .contains("remedy: get a new one on the hub: nave get token -o kubeconfig")
        .doesNotContain("0123456789abcdef");
  }

  @Test
  void aTokenThatIsForAnotherClusterIsToken() throws Exception {
    var wish = new BootstrapTokens.Wish(Duration.ofHours(1), "other", false, List.of());
    var narrow = bootstrap("narrow", BootstrapTokens.create(host, wish, "test"), config -> config);
    try (var _ = agent("narrow", List.of(narrow), AgentState.TokenForbids.class)) {
      assertThat(status("narrow", narrow))
          .contains("the bootstrap token does not allow this", "cause:  token")
          .contains("remedy: get a new one on the hub: nave get token -o kubeconfig");
    }
  }

  @Test
  void aSetTheTokenMayNotJoinIsToken() throws Exception {
    var plain = bootstrap("set", config -> config);
    assertThat(status("set", List.of(plain), folder.resolve("set"), "--cluster-set=global"))
        .contains("it gives no right to join cluster set global", "cause:  token");
  }

  @Test
  void aNameThatAnotherAgentHasIsDenied() throws Exception {
    join("taken", bootstrap("taken", config -> config));
    var second = bootstrap("second", config -> config);
    var elsewhere = folder.resolve("elsewhere");
    try (var _ = agent("taken", List.of(second), elsewhere, AgentState.Denied.class)) {
      assertThat(status("taken", List.of(second), elsewhere))
          .contains("denied by the hub: NameTaken", "join under another name", "cause:  denied")
          .doesNotContain("waits to be accepted");
    }
  }

  @Test
  void ofSeveralHubsEachIsTold() throws Exception {
    var live = bootstrap("several", config -> config);
    var gone = bootstrap("several2", config -> at(config, NOBODY));
    var both = List.of(live, gone);
    try (var _ = agent("several", both, AgentState.WaitingForAcceptance.class)) {
      accept("several", true);
      eventually("it to be available", () -> isAvailable("several"));
    }
    assertThat(status("several", both, folder.resolve("several")))
        .startsWith(
            "hub %s, used last\ncluster several is managed by the hub\nhub https://127.0.0.1:"
                .formatted(administrator.server()))
        .contains("the hub cannot be reached", "cause:  TCP");
  }

  @Test
  void aClusterNobodyHasLetInIsNotAccepted() throws Exception {
    var bootstrap = bootstrap("waits", config -> config);
    try (var _ = agent("waits", List.of(bootstrap), AgentState.WaitingForAcceptance.class)) {
      assertThat(status("waits", bootstrap))
          .contains("cluster waits waits to be accepted", "cause:  not accepted")
          .contains("remedy: on the hub: nave accept waits");
    }
  }

  @Test
  void aClusterThatIsInHasNoCause() throws Exception {
    var bootstrap = bootstrap("fine", config -> config);
    join("fine", bootstrap);
    assertThat(status("fine", bootstrap)).isEqualTo("cluster fine is managed by the hub\n");
  }

  @Test
  void aClusterThatWasAcceptedAndIsNoMoreIsDenied() throws Exception {
    var bootstrap = bootstrap("denied", config -> config);
    join("denied", bootstrap);
    accept("denied", false);
    eventually(
        "the denial",
        () -> status("denied", bootstrap).contains("denied by the hub: HubClusterAdminDenied"));
    assertThat(status("denied", bootstrap))
        .contains("cause:  denied", "remedy: ask an administrator of the hub why")
        .contains("nave accept denied");
  }

  @Test
  void aClusterTheHubHasRemovedIsRights() throws Exception {
    var bootstrap = bootstrap("removed", config -> config);
    join("removed", bootstrap);
    client.delete(CLUSTER, Key.of("removed"), null);
    eventually("the end", () -> client.find(CLUSTER, Key.of("removed")).isEmpty());
    eventually("no rights", () -> status("removed", bootstrap).contains("cause:  rights"));
    assertThat(status("removed", bootstrap))
        .contains("the hub gives this agent no rights", "cause:  rights")
        .contains("remedy: on the hub: kubectl get managedcluster removed");
  }

  @Test
  void timesFarFromTheHubsAreClock() throws Exception {
    var bootstrap = bootstrap("clock", config -> config);
    join("clock", bootstrap);
    var lease = ResourceType.of("coordination.k8s.io", "v1", "Lease", "leases", true);
    client.patch(
        lease,
        Key.of("clock", "managed-cluster-lease"),
        "",
        Patch.merge(
            body -> body.putObject("spec").put("renewTime", "2001-01-01T00:00:00.000000Z")));
    eventually("the clocks to disagree", () -> status("clock", bootstrap).contains("disagree"));
    assertThat(status("clock", bootstrap))
        .contains("the clocks disagree", "cause:  clock")
        .contains("remedy: set this machine's clock (NTP)");
  }

  @Test
  void aTokenComesWithTheWordsThatMakeAnotherOfItsKind() {
    var said = nave("get", "token", "--cluster=west", "--once", "--kubeconfig=" + cluster);
    assertThat(said)
        .contains("nave get token --cluster west --once -o kubeconfig > bootstrap.kubeconfig")
        .contains("nave join --name west --bootstrap bootstrap.kubeconfig");
  }

  private static Kubeconfig at(Kubeconfig config, String url) {
    return Kubeconfig.of("nave-bootstrap", url, config.caPem(), config.login());
  }

  private Path bootstrap(String name, UnaryOperator<Kubeconfig> change) throws IOException {
    return bootstrap(name, BootstrapTokens.create(host, Duration.ofHours(1), "test"), change);
  }

  private Path bootstrap(String name, BootstrapTokens.Token made, UnaryOperator<Kubeconfig> change)
      throws IOException {
    client.create(ResourceType.of("", "v1", "Secret", "secrets", true), made.secret());
    var config =
        Kubeconfig.of(
            "nave-bootstrap",
            administrator.server(),
            administrator.caPem(),
            new Kubeconfig.Login.Token(made.token()));
    return Files.writeString(folder.resolve(name + ".bootstrap"), change.apply(config).write());
  }

  /// Runs the agent of a cluster until it is in, and stops it.
  private void join(String name, Path bootstrap) throws IOException {
    try (var _ = agent(name, List.of(bootstrap), AgentState.WaitingForAcceptance.class)) {
      accept(name, true);
      eventually(name + " to be available", () -> isAvailable(name));
    }
  }

  private boolean isAvailable(String name) {
    return client
        .get(CLUSTER, Key.of(name))
        .at("/status/conditions")
        .valueStream()
        .anyMatch(each ->
            each.path("type").asString("").equals(ManagedCluster.AVAILABLE)
                && each.path("status").asString("").equals("True"));
  }

  private Parts agent(String name, List<Path> bootstraps, Class<? extends AgentState> until)
      throws IOException {
    return agent(name, bootstraps, folder.resolve(name), until);
  }

  /// Starts the agent of a cluster, and waits until it stands so.
  private Parts agent(
      String name, List<Path> bootstraps, Path data, Class<? extends AgentState> until)
      throws IOException {
    var running = new Parts();
    var state = new AtomicReference<AgentState>(new AgentState.Connecting(""));
    var hubs = new ArrayList<Kubeconfig>();
    for (var bootstrap : bootstraps) {
      hubs.add(Kubeconfig.read(Files.readString(bootstrap)));
    }
    var token = ((Kubeconfig.Login.Token) hubs.getFirst().login()).token();
    AgentWiring.start(
        running,
        host,
        AgentConfig.of(name, token, data),
        hubs,
        running.open(HttpsTransport.open(host, administrator)),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        state::set);
    eventually(name + " to say " + until, () -> until.isInstance(state.get()));
    return running;
  }

  private void accept(String name, boolean yes) {
    client.patch(
        CLUSTER,
        Key.of(name),
        "",
        Patch.merge(body -> body.putObject("spec").put("hubAcceptsClient", yes)));
  }

  private void eventually(String what, BooleanSupplier there) {
    var until = host.nanoTime() + AT_MOST.toNanos();
    while (!there.getAsBoolean()) {
      assertThat(host.nanoTime()).as(what).isLessThan(until);
      host.sleep(Duration.ofMillis(50));
    }
  }

  private String status(String name, Path bootstrap) {
    return status(name, List.of(bootstrap), folder.resolve(name));
  }

  private String status(String name, List<Path> bootstraps, Path data, String... more) {
    var words = new ArrayList<>(List.of("join", "--status", "--name=" + name));
    bootstraps.forEach(each -> words.add("--bootstrap=" + each));
    words.addAll(List.of("--kubeconfig=" + cluster, "--data-dir=" + data));
    words.addAll(List.of(more));
    return nave(words.toArray(String[]::new));
  }

  private static String nave(String... words) {
    var text = new ByteArrayOutputStream();
    var stream = new PrintStream(text, true, StandardCharsets.UTF_8);
    var out = System.out;
    System.setOut(stream);
    try {
      assertThat(Nave.run(words)).isZero();
    } finally {
      System.setOut(out);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
