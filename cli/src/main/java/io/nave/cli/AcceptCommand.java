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
    hub.use(
        (host, client, config) -> names.forEach(name -> System.out.println(accept(client, name))));
  }

  /// Accepts one cluster.
  ///
  /// @return what to tell
  /// @throws CommandFault when no such cluster asked to join
  static String accept(ApiClient client, String name) {
    var key = Key.of(name);
    var cluster =
        client
            .find(CLUSTERS, key)
            .orElseThrow(() ->
                new CommandFault(
                    "no cluster \"" + name + "\" asked to join; see: kubectl get managedclusters"));
    if (cluster.spec().path("hubAcceptsClient").asBoolean(false)) {
      return "cluster " + name + " was accepted before";
    }
    client.patch(
        CLUSTERS,
        key,
        "",
        Patch.merge(body -> body.putObject("spec").put("hubAcceptsClient", true)));
    return "cluster " + name + " accepted";
  }
}
