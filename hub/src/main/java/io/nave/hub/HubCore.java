package io.nave.hub;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ResourceType;
import io.nave.apiserver.authn.ClientCertificates;
import io.nave.apiserver.server.ApiServer;
import io.nave.apiserver.server.Security;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.applications.ApplicationsHub;
import io.nave.certs.Authority;
import io.nave.certs.Succession;
import io.nave.certs.TrustBundle;
import io.nave.controllers.ApiClient;
import io.nave.placement.PlacementDesk;
import io.nave.placement.PlacementHub;
import io.nave.registration.hub.HubAuthority;
import io.nave.registration.hub.RegistrationHub;
import io.nave.registration.hub.RegistrationPolicy;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.Service;
import io.nave.store.Engine;
import io.nave.workhub.WorkHub;
import java.util.List;
import java.util.function.Supplier;

/// A hub without its socket and its files: what runs the same on a real machine and in simulation.
public final class HubCore implements AutoCloseable {
  private final Parts parts = new Parts();
  private final ApiServer server;

  private HubCore(
      Host host,
      Engine engine,
      HubAuthority authority,
      Supplier<TrustBundle> trust,
      RegistrationPolicy policy,
      String gitVersion,
      Security security,
      boolean executorRequired,
      PrometheusMeterRegistry metrics) {
    try {
      var desk = new PlacementDesk();
      var setup =
          new ApiServer.Setup(
              gitVersion,
              Bootstrap.HUB_NAMESPACES,
              List.of(),
              HubKinds.served(desk),
              HubAdmission.all(executorRequired),
              HubAdmission.readRule(),
              List.of(
                  new ClientCertificates(trust, host),
                  new ReturningAgents(trust, host, policy.returnWithin())),
              security);
      server = parts.open(ApiServer.start(host, engine, setup, metrics));
      parts.open(
          RegistrationHub.start(host, server.client("registration"), authority, policy, metrics));
      parts.open(PlacementHub.start(host, server.client("placement"), metrics, desk));
      parts.open(WorkHub.start(host, server.client("work"), metrics));
      parts.open(ApplicationsHub.start(host, server.client("applications"), metrics));
    } catch (RuntimeException e) {
      throw parts.closeAfter(e);
    }
  }

  /// Opens the store and starts the API and every controller.
  ///
  /// @param engine closed with the hub, also when starting fails
  /// @param authority signs the agents' certificates
  /// @param trust whom callers are trusted by; the same object as long as nothing changes
  /// @param policy whom the hub lets in by itself
  /// @param security guards of the API server, told what to do
  /// @param executorRequired whether a work may leave out `spec.executor`, and so be applied with
  ///   the agent's rights, only by whom the right `execute-as` allows that
  public static HubCore start(
      Host host,
      Engine engine,
      HubAuthority authority,
      Supplier<TrustBundle> trust,
      RegistrationPolicy policy,
      String gitVersion,
      Security security,
      boolean executorRequired,
      PrometheusMeterRegistry metrics) {
    return new HubCore(
        host, engine, authority, trust, policy, gitVersion, security, executorRequired, metrics);
  }

  /// As above, with an authority that is never replaced, the usual policy and plain guards.
  public static HubCore start(
      Host host,
      Engine engine,
      Authority authority,
      String gitVersion,
      PrometheusMeterRegistry metrics) {
    var bundle = authority.bundle();
    return start(
        host,
        engine,
        HubAuthority.fixed(Succession.of(authority)),
        () -> bundle,
        RegistrationPolicy.usual(),
        gitVersion,
        Security.plain(host),
        false,
        metrics);
  }

  /// What a socket or a simulated network serves.
  public Service door() {
    return server.door();
  }

  /// The kinds it serves.
  List<ResourceType> types() {
    return server.api().types();
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
