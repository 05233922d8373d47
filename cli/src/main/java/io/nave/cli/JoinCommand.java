package io.nave.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.agent.AgentPage;
import io.nave.agent.program.AgentFault;
import io.nave.agent.program.AgentOptions;
import io.nave.agent.program.AgentWiring;
import io.nave.agent.program.BootstrapFollower;
import io.nave.agent.program.KubeconfigDialer;
import io.nave.apiserver.http.HttpsServer;
import io.nave.certs.Authority;
import io.nave.certs.KeyPairs;
import io.nave.controllers.RemoteClient;
import io.nave.registration.agent.AgentState;
import io.nave.registration.agent.HubCheck;
import io.nave.registration.agent.Portrait;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import io.nave.runtime.Stop;
import io.nave.runtime.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nave join`: runs the agent of one cluster until it is stopped.
@Command(
    name = "join",
    mixinStandardHelpOptions = true,
    description = {
      "Run the agent of one cluster until it is stopped (Ctrl-C): it asks the hub to let the cluster",
      "in, then pulls the cluster's works, applies them and reports back."
    })
final class JoinCommand implements Runnable {
  /// Where the agent's own cluster is.
  static final class ClusterPlace {
    @Option(
        names = "--kubeconfig",
        paramLabel = "FILE",
        description = "The cluster's kubeconfig; the agent applies with its rights.")
    private @Nullable Path kubeconfig;

    @Option(
        names = "--in-cluster",
        description = "The agent runs in the cluster, with its service account's rights.")
    private boolean inCluster;
  }

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "The cluster's name on the hub.")
  private String name = "";

  @Option(
      names = "--bootstrap",
      required = true,
      paramLabel = "FILE",
      description =
          "The hub and a token to ask with: 'nave get token -o kubeconfig'. Repeat for several hubs:"
              + " the agent moves on to the next when its hub is lost for ten minutes or says no.")
  private List<Path> bootstraps = new ArrayList<>();

  @ArgGroup(multiplicity = "1")
  private ClusterPlace cluster = new ClusterPlace();

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The context in --kubeconfig. Default: its current one.")
  private @Nullable String context;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where the agent keeps key, certificate and works. Default: ~/.nave/NAME.")
  private @Nullable Path dataFolder;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label to ask for when the cluster is registered; repeat for several.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--cluster-set",
      paramLabel = "SET",
      description =
          "The set to join; the token must give the right to ('nave get token --cluster-set'). Default:"
              + " the default set.")
  private @Nullable String set;

  @Option(
      names = "--certificate-lifetime",
      paramLabel = "TIME",
      converter = Lifetime.class,
      description =
          "How long a certificate to ask for, at least 10m. Default: what the hub grants.")
  private @Nullable Duration certificateLifetime;

  @Option(
      names = "--credential-secret",
      paramLabel = "NAMESPACE/NAME",
      description =
          "Keep key and certificate in this Secret of the cluster. Default: in --data-dir.")
  private @Nullable String secret;

  @Option(
      names = "--cluster-annotation",
      paramLabel = "KEY=VALUE",
      description =
          "An annotation of the cluster, beginning with agent.open-cluster-management.io/; repeat for"
              + " several.")
  private Map<String, String> annotations = new LinkedHashMap<>();

  @Option(
      names = "--cluster-url",
      paramLabel = "URL",
      description =
          "Where others reach the cluster's API, told to the hub when the cluster is registered;"
              + " https, repeat for several.")
  private List<String> urls = new ArrayList<>();

  @Option(
      names = "--max-custom-claims",
      paramLabel = "N",
      description =
          "Most of the cluster's claims to report beyond the reserved ones. Default: ${DEFAULT-VALUE}.")
  private int claimsMax = Portrait.CLAIMS_MAX;

  @Option(
      names = "--reserved-claim-suffix",
      paramLabel = "SUFFIX",
      description = "Always report claims whose names end so; repeat for up to ten.")
  private List<String> suffixes = new ArrayList<>();

  @Option(
      names = "--eviction-grace",
      paramLabel = "TIME",
      converter = Lifetime.class,
      description =
          "Remove the objects of a work that the hub has not shown for so long, although nobody was seen"
              + " deleting it. Default: they stay.")
  private @Nullable Duration evictionGrace;

  @Option(
      names = "--status",
      description =
          "Say where the agent of --data-dir stands with its hub, or with each of several, and end.")
  private boolean status;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Answer /metrics, /healthz and /readyz there, over HTTPS with a certificate made at start."
              + " Default: do not listen.")
  private @Nullable String listen;

  @Override
  public void run() {
    var parts = new Parts();
    try (parts) {
      var options = options();
      var host = parts.open(RealHost.start("agent"));
      var stop = parts.open(Stop.on(host));
      var hubs = options.hubs(host);
      var own = parts.open(options.cluster(host));
      if (status) {
        var config = options.config(hubs.getFirst(), HubAccess.home());
        AgentWiring.places(host, config, hubs)
            .forEach(place -> tell(host, place, own, hubs.size()));
        return;
      }
      var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      Consumer<AgentState> tell = state -> System.out.println(state.line());
      BootstrapFollower.Start start =
          (life, now) ->
              AgentWiring.start(
                  life,
                  host,
                  options.config(now.getFirst(), HubAccess.home()),
                  now,
                  own,
                  metrics,
                  tell);
      var agent = parts.open(BootstrapFollower.start(host, () -> options.hubs(host), hubs, start));
      if (listen != null) {
        listen(parts, host, ListenAddress.parse(listen), new AgentPage(metrics, agent::connected));
      }
      stop.await();
    } catch (IllegalArgumentException | AgentFault e) {
      throw new CommandFault(String.valueOf(e.getMessage()));
    }
  }

  /// As the agent's own program has them.
  AgentOptions options() {
    return new AgentOptions(
        name,
        List.copyOf(bootstraps),
        cluster.inCluster ? null : cluster.kubeconfig,
        context,
        dataFolder,
        new LinkedHashMap<>(labels),
        set,
        certificateLifetime,
        secret,
        new Portrait(annotations, urls, claimsMax, suffixes),
        evictionGrace);
  }

  /// @param hubs how many the agent has
  private static void tell(Host host, AgentWiring.Place place, Transport own, int hubs) {
    if (hubs > 1) {
      System.out.println("hub " + place.hub().server() + (place.used() ? ", used last" : ""));
    }
    var state =
        new HubCheck(
                host,
                place.config().registration(),
                new KubeconfigDialer(host, place.hub()),
                new RemoteClient(host, own, "nave-agent"))
            .look();
    System.out.println(state.line());
    if (state.trouble() || state.cause() != AgentState.Cause.NONE) {
      System.out.println("cause:  " + state.cause().word());
      System.out.println("remedy: " + state.cause().remedy(place.config().clusterName()));
    }
  }

  private void listen(Parts parts, Host host, ListenAddress address, AgentPage page) {
    var lifetime = Duration.ofDays(3650);
    var authority = Authority.create(host, "nave-agent-" + name, lifetime);
    var keys = KeyPairs.generate(host.secureRandom());
    parts.open(
        HttpsServer.start(
            HttpsServer.Settings.of(address.host(), address.port()),
            authority.issueServing(List.of("localhost", "127.0.0.1"), keys, lifetime),
            page,
            host));
  }
}
