package io.nave.cli;

import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.ManagedCluster;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `nave accept`: lets clusters in that asked to join.
@Command(
    name = "accept",
    mixinStandardHelpOptions = true,
    description = {
      "Let clusters in that asked to join.",
      "The same as: kubectl patch managedcluster NAME --type merge -p"
          + " '{\"spec\":{\"hubAcceptsClient\":true}}'"
    })
final class AcceptCommand implements Runnable {
  private static final ResourceType CLUSTERS = ResourceType.of(ManagedCluster.class);

  @Mixin private final HubAccess hub = new HubAccess();

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names of clusters.")
  private List<String> names = new ArrayList<>();

  @Override
  public void run() {
    hub.use((host, client, config) -> names.forEach(name -> accept(client, name)));
  }

  private static void accept(ApiClient client, String name) {
    var key = Key.of(name);
    var cluster =
        client
            .find(CLUSTERS, key)
            .orElseThrow(
                () ->
                    new CommandFault(
                        "no cluster \""
                            + name
                            + "\" asked to join; see: kubectl get managedclusters"));
    if (cluster.spec().path("hubAcceptsClient").asBoolean(false)) {
      System.out.println("cluster " + name + " was accepted before");
      return;
    }
    client.patch(
        CLUSTERS,
        key,
        "",
        Patch.merge(body -> body.putObject("spec").put("hubAcceptsClient", true)));
    System.out.println("cluster " + name + " accepted");
  }
}
