package io.nave.hub;

import io.nave.controllers.ApiClient;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.registration.api.HubKinds;
import io.nave.registration.hub.AgentInstaller;
import io.nave.registration.hub.BootstrapTokens;
import io.nave.registration.hub.InstalledAgent;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Installs agents over HTTPS. A provider's kubeconfig comes from whoever may write a Secret: only
/// what stands in it is used, no file of this machine and no program.
///
/// @param image of the agent, as the clusters can pull it
/// @param self how this hub is reached, and by which CA
record ProvidedClusters(Host host, ApiClient hub, String image, Supplier<Kubeconfig> self)
    implements AgentInstaller {
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

  @Override
  public void install(String cluster, String kubeconfig) {
    var config = Kubeconfig.read(kubeconfig);
    try (var wire = HttpsTransport.open(host, config)) {
      var target = new RemoteClient(host, wire, "nave-import");
      for (var object : InstalledAgent.objects(cluster, image, bootstrap(cluster).write())) {
        InstalledAgent.apply(target, object);
      }
    }
  }

  private Kubeconfig bootstrap(String cluster) {
    var wish = new BootstrapTokens.Wish(TOKEN_LIFETIME, cluster, true, List.of());
    var token = BootstrapTokens.create(host, wish, "made by the importer");
    hub.create(HubKinds.SECRET, token.secret());
    var known = self.get();
    return Kubeconfig.of(
        "nave-bootstrap", known.server(), known.caPem(), new Kubeconfig.Login.Token(token.token()));
  }
}
