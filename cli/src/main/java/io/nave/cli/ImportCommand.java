package io.nave.cli;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.controllers.Statuses;
import io.nave.registration.api.ClusterNames;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.hub.BootstrapTokens;
import io.nave.registration.hub.InstalledAgent;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `nave import`: installs the agent into a real cluster from here, once. The cluster's kubeconfig
/// is used while this runs and kept nowhere.
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Install the agent into a real cluster and let it in: namespace, service account, rights, a token",
      "for this cluster and one use, and the Deployment. The cluster's kubeconfig is not kept."
    })
final class ImportCommand implements Runnable {
  private static final ResourceType CLUSTERS = ResourceType.of(ManagedCluster.class);
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  @Option(
      names = "--hub-kubeconfig",
      paramLabel = "FILE",
      description =
          "The hub's administrator kubeconfig. Default: $NAVE_KUBECONFIG, else the one that 'nave"
              + " hub' keeps in its data folder.")
  private @Nullable Path hub;

  @Parameters(arity = "1", paramLabel = "NAME", description = "The cluster's name on the hub.")
  private String name = "";

  @Option(
      names = "--kubeconfig",
      required = true,
      paramLabel = "FILE",
      description = "The cluster's kubeconfig, with the rights of an administrator.")
  private Path kubeconfig = Path.of("");

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The context in --kubeconfig. Default: its current one.")
  private @Nullable String context;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "The agent's image, as the cluster can pull it. Default: ${DEFAULT-VALUE}.")
  private String image = "nave:dev";

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label of the cluster; repeat for several.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = Lifetime.class,
      description = "How long to wait until the cluster has joined. Default: 5m.")
  private Duration timeout = Duration.ofMinutes(5);

  @Option(names = "--no-wait", description = "Do not wait until the cluster has joined.")
  private boolean noWait;

  @Override
  public void run() {
    ClusterNames.fault(name)
        .ifPresent(fault -> {
          throw new CommandFault("cluster name " + fault);
        });
    HubAccess.at(hub).use(this::run);
  }

  private void run(Host host, ApiClient client, Kubeconfig config) {
    var absolute = kubeconfig.toAbsolutePath();
    var folder = absolute.getParent();
    try (var wire =
        HttpsTransport.fromKubeconfig(
            host, HubAccess.read(host, absolute), folder == null ? absolute : folder, context)) {
      accept(client);
      var wish = new BootstrapTokens.Wish(TOKEN_LIFETIME, name, true, List.of());
      var bootstrap = Bootstraps.create(host, client, config, wish);
      install(host, client, new RemoteClient(host, wire, "nave-import"), bootstrap);
    }
    if (!noWait) {
      await(host, client);
    }
  }

  private void accept(ApiClient client) {
    var key = Key.of(name);
    if (client.find(CLUSTERS, key).isEmpty()) {
      client.create(
          CLUSTERS,
          ApiObject.named(CLUSTERS, "", name)
              .edit(tree -> {
                labels.forEach(
                    tree.withObjectProperty("metadata").withObjectProperty("labels")::put);
                tree.putObject("spec").put("hubAcceptsClient", true);
              }));
      return;
    }
    client.patch(
        CLUSTERS,
        key,
        "",
        Patch.merge(body -> {
          labels.forEach(body.withObjectProperty("metadata").withObjectProperty("labels")::put);
          body.putObject("spec").put("hubAcceptsClient", true);
        }));
  }

  private void install(
      Host host, ApiClient client, ApiClient cluster, Bootstraps.Bootstrap bootstrap) {
    try {
      for (var object : InstalledAgent.objects(name, image, bootstrap.config().write())) {
        System.out.println(InstalledAgent.apply(cluster, object));
      }
    } catch (ApiError | Transport.Unreachable e) {
      report(host, client, false, "ClusterImportFailed", String.valueOf(e.getMessage()));
      throw new CommandFault(
          "the agent could not be installed into cluster %s: %s".formatted(name, e.getMessage()));
    }
    report(host, client, true, "ClusterImported", "the agent was installed into the cluster");
  }

  private void report(Host host, ApiClient client, boolean ok, String reason, String message) {
    var object = client.get(CLUSTERS, Key.of(name));
    var before = Codec.decode(object, ManagedCluster.class).status().conditions();
    var condition = Condition.of(ManagedCluster.IMPORTED, ok, reason, message);
    var status = object.status() instanceof ObjectNode there ? there.deepCopy() : Json.object();
    status.set("conditions", Json.tree(Condition.merge(before, condition, host.now())));
    try {
      Statuses.patch(client, CLUSTERS, object, status);
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.CONFLICT)) {
        throw e; // the hub wrote in between, and the lines printed here say the same
      }
    }
  }

  private void await(Host host, ApiClient client) {
    var until = host.nanoTime() + timeout.toNanos();
    while (host.nanoTime() < until) {
      var cluster = Codec.decode(client.get(CLUSTERS, Key.of(name)), ManagedCluster.class);
      if (Condition.isTrue(cluster.status().conditions(), ManagedCluster.AVAILABLE)) {
        System.out.println("cluster " + name + " has joined");
        return;
      }
      host.sleep(PAUSE);
    }
    throw new CommandFault(
        "cluster %s has not joined within %s; look at the agent: kubectl --kubeconfig %s -n %s logs deployment/klusterlet"
            .formatted(name, timeout, kubeconfig, InstalledAgent.NAMESPACE));
  }
}
