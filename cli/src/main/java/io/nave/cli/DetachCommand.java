package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nave detach`: lets clusters go, and says what it waits for.
@Command(
    name = "detach",
    mixinStandardHelpOptions = true,
    description = {
      "Let clusters go: their agents take the works off, then their rights end.",
      "The same as: kubectl delete managedcluster NAME"
    })
final class DetachCommand implements Runnable {
  private static final ResourceType CLUSTERS = ResourceType.of(ManagedCluster.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  @Mixin private final HubAccess hub = new HubAccess();

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names of clusters.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--force",
      description =
          "The cluster is gone for good: what its agent should still take off is forgotten. The hub's"
              + " audit log names who asked. What runs on the cluster stays there.")
  private boolean force;

  @Option(
      names = "--delete-namespace",
      description =
          "Delete the cluster's namespace on the hub too, with all that is in it. Default: it stays.")
  private boolean deleteNamespace;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = Lifetime.class,
      description = "How long to wait for the end. Default: 2m.")
  private Duration timeout = Duration.ofMinutes(2);

  @Override
  public void run() {
    hub.use((host, client, config) -> names.forEach(name -> detach(host, client, name)));
  }

  private void detach(Host host, ApiClient client, String name) {
    var key = Key.of(name);
    var cluster =
        client
            .find(CLUSTERS, key)
            .orElseThrow(() ->
                new CommandFault(
                    "there is no cluster \"" + name + "\"; see: kubectl get managedclusters"));
    if (force) {
      client.patch(
          CLUSTERS,
          key,
          "",
          Patch.merge(body ->
              body.putObject("metadata")
                  .putObject("annotations")
                  .put(ManagedCluster.FORCE_DETACH, host.now().toString())));
    }
    client.delete(CLUSTERS, key, cluster.uid());
    await(host, client, key, cluster.uid());
    if (deleteNamespace) {
      deleteNamespace(client, name);
    }
  }

  /// Only one that was given to the cluster: a namespace of the same name may be someone's.
  static void deleteNamespace(ApiClient client, String name) {
    var namespace =
        client
            .find(HubKinds.NAMESPACE, Key.of(name))
            .filter(found -> name.equals(found.labels().get(ManagedCluster.NAME_LABEL)))
            .orElse(null);
    if (namespace != null) {
      client.delete(HubKinds.NAMESPACE, namespace.key(), namespace.uid());
      System.out.println("namespace " + name + " is being deleted");
    }
  }

  private void await(Host host, ApiClient client, Key key, String uid) {
    var until = host.nanoTime() + timeout.toNanos();
    var told = "";
    while (true) {
      var found = client.find(CLUSTERS, key).filter(c -> c.uid().equals(uid)).orElse(null);
      if (found == null) {
        System.out.println("cluster " + key.name() + " is detached");
        return;
      }
      var waits = waitsFor(found);
      if (!waits.equals(told)) {
        told = waits;
        System.out.println("cluster " + key.name() + " waits: " + waits);
      }
      if (host.nanoTime() > until) {
        var remedy =
            others(found).size() == found.finalizers().size()
                ? ""
                : "; its agent has to take its works off. If the cluster is gone for good: nave detach --force "
                    + key.name();
        throw new CommandFault(
            "cluster %s is still there after %s (%s)%s"
                .formatted(key.name(), timeout, waits, remedy));
      }
      host.sleep(PAUSE);
    }
  }

  /// What the hub waits for, or others who hold the cluster.
  static String waitsFor(ApiObject cluster) {
    var others = others(cluster);
    if (!others.isEmpty() && others.size() == cluster.finalizers().size()) {
      return "whoever set the finalizers %s has to take them off".formatted(others);
    }
    for (var condition : cluster.status().path("conditions")) {
      if (condition.path("type").asString("").equals("Deleting")) {
        return condition.path("message").asString("");
      }
    }
    return "the hub has not begun yet";
  }

  /// Finalizers that are not the hub's.
  private static List<String> others(ApiObject cluster) {
    return cluster.finalizers().stream()
        .filter(name -> !name.startsWith(ManagedCluster.GROUP + "/"))
        .toList();
  }
}
