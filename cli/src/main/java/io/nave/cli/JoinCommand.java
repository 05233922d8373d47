package io.nave.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.agent.AgentConfig;
import io.nave.agent.AgentPage;
import io.nave.apiserver.http.HttpsServer;
import io.nave.certs.Authority;
import io.nave.certs.KeyPairs;
import io.nave.controllers.Fabric8Transport;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
      description = "The hub and a token to ask with: 'nave get token -o kubeconfig'.")
  private Path bootstrap = Path.of("");

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
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Answer /metrics, /healthz and /readyz there, over HTTPS with a certificate made at start."
              + " Default: do not listen.")
  private @Nullable String listen;

  @Override
  public void run() {
    var folder = dataFolder == null ? HubAccess.home().resolve(name) : dataFolder;
    var parts = new Parts();
    try (parts) {
      var host = parts.open(RealHost.start("agent"));
      var stop = parts.open(Stop.on(host));
      var hub = Kubeconfig.read(file(host, bootstrap));
      var config =
          AgentConfig.of(name, Agents.token(hub), folder.toAbsolutePath()).withLabels(labels);
      var own = parts.open(cluster(host));
      var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      var agent =
          parts.open(
              Agents.start(
                  host, config, hub, own, metrics, state -> System.out.println(state.line())));
      if (listen != null) {
        listen(parts, host, ListenAddress.parse(listen), new AgentPage(metrics, agent::connected));
      }
      stop.await();
    } catch (IllegalArgumentException e) {
      throw new CommandFault(String.valueOf(e.getMessage()));
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

  private Transport cluster(Host host) {
    if (cluster.inCluster) {
      return Fabric8Transport.fromKubeconfig(
          host, InCluster.kubeconfig(System.getenv()), InCluster.folder(), null);
    }
    var place = cluster.kubeconfig;
    if (place == null) {
      throw new CommandFault("name the cluster: --kubeconfig FILE or --in-cluster");
    }
    var absolute = place.toAbsolutePath();
    var folder = absolute.getParent();
    return Fabric8Transport.fromKubeconfig(
        host, file(host, absolute), folder == null ? absolute : folder, context);
  }

  private static String file(Host host, Path path) {
    return host.disk()
        .read(path)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElseThrow(() -> new CommandFault("there is no file " + path));
  }
}
