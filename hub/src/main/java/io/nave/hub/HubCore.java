package io.nave.hub;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.apiserver.authn.ClientCertificates;
import io.nave.apiserver.server.ApiServer;
import io.nave.apiserver.server.Security;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.applications.ApplicationsHub;
import io.nave.certs.Authority;
import io.nave.certs.TrustBundle;
import io.nave.controllers.ApiClient;
import io.nave.placement.PlacementHub;
import io.nave.registration.hub.RegistrationHub;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.Service;
import io.nave.store.Engine;
import java.util.List;

/// A hub without its socket and its files: what runs the same on a real machine and in simulation.
public final class HubCore implements AutoCloseable {
  private final Parts parts = new Parts();
  private final ApiServer server;

  private HubCore(
      Host host,
      Engine engine,
      Authority authority,
      String gitVersion,
      Security security,
      PrometheusMeterRegistry metrics) {
    try {
      var trust = TrustBundle.of(List.of(authority.certificate()));
      var setup =
          new ApiServer.Setup(
              gitVersion,
              Bootstrap.HUB_NAMESPACES,
              HubKinds.served(),
              HubAdmission.all(),
              HubAdmission.readRule(),
              List.of(new ClientCertificates(() -> trust, host)),
              security);
      server = parts.open(ApiServer.start(host, engine, setup, metrics));
      parts.open(RegistrationHub.start(host, server.client("registration"), authority, metrics));
      parts.open(PlacementHub.start(host, server.client("placement"), metrics));
      parts.open(ApplicationsHub.start(host, server.client("applications"), metrics));
    } catch (RuntimeException e) {
      throw parts.closeAfter(e);
    }
  }

  /// Opens the store and starts the API and every controller.
  ///
  /// @param engine closed with the hub, also when starting fails
  /// @param authority signs the agents' certificates; callers are trusted by it
  public static HubCore start(
      Host host,
      Engine engine,
      Authority authority,
      String gitVersion,
      PrometheusMeterRegistry metrics) {
    return start(host, engine, authority, gitVersion, Security.plain(host), metrics);
  }

  /// As the other, with guards told what to do.
  public static HubCore start(
      Host host,
      Engine engine,
      Authority authority,
      String gitVersion,
      Security security,
      PrometheusMeterRegistry metrics) {
    return new HubCore(host, engine, authority, gitVersion, security, metrics);
  }

  /// What a socket or a simulated network serves.
  public Service door() {
    return server.door();
  }

  /// The API for a part of this process.
  public ApiClient client(String part) {
    return server.client(part);
  }

  @Override
  public void close() {
    parts.close();
  }
}
