package io.nave.hub;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.Key;
import io.nave.apiserver.Api;
import io.nave.apiserver.authn.ClientCertificates;
import io.nave.apiserver.outbound.Calls;
import io.nave.apiserver.server.ApiServer;
import io.nave.apiserver.server.Security;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.applications.ApplicationsHub;
import io.nave.certs.Authority;
import io.nave.certs.Succession;
import io.nave.certs.TrustBundle;
import io.nave.controllers.ApiClient;
import io.nave.controllers.LeaderElection;
import io.nave.placement.PlacementHub;
import io.nave.registration.hub.AgentInstaller;
import io.nave.registration.hub.HubAuthority;
import io.nave.registration.hub.RegistrationHub;
import io.nave.registration.hub.RegistrationPolicy;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.Service;
import io.nave.store.EmbeddedStore;
import io.nave.store.Engine;
import io.nave.store.Limits;
import io.nave.store.Store;
import io.nave.workhub.WorkHub;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A hub without its socket and its files: what runs the same on a real machine and in simulation.
public final class HubCore implements AutoCloseable {
  /// Among hubs on one store one leads, and runs the controllers. A leader that died is replaced
  /// after this time and a little more.
  private static final Duration LEASE = Duration.ofSeconds(6);

  private static final Key LEADER = Key.of("kube-system", "nave-hub-leader");

  private final Parts parts = new Parts();
  private final Host host;
  private final HubAuthority authority;
  private final RegistrationPolicy policy;
  private final PrometheusMeterRegistry metrics;
  private final ApiServer server;
  private final Calls calls;
  private final Consumer<@Nullable AgentInstaller> begin;

  /// Starts the API; [#begin] starts the controllers.
  ///
  /// @param store closed with the hub, also when starting fails
  /// @param candidate this hub's name among several on the same store, of which one runs the
  ///   controllers; null: it is the only one
  /// @param authority signs the agents' certificates
  /// @param trust whom callers are trusted by; the same object as long as nothing changes
  /// @param policy whom the hub lets in by itself
  /// @param security guards of the API server, told what to do
  /// @param executorRequired whether a work may leave out `spec.executor`, and so be applied with
  ///   the agent's rights, only by whom the right `execute-as` allows that
  HubCore(
      Host host,
      Store store,
      @Nullable String candidate,
      HubAuthority authority,
      Supplier<TrustBundle> trust,
      RegistrationPolicy policy,
      String gitVersion,
      Security security,
      boolean executorRequired,
      PrometheusMeterRegistry metrics) {
    this.host = host;
    this.authority = authority;
    this.policy = policy;
    this.metrics = metrics;
    this.calls = parts.open(new Calls(host, security.dialer()));
    try {
      var desks = new HubKinds.Desks();
      var setup =
          new ApiServer.Setup(
              gitVersion,
              Bootstrap.HUB_NAMESPACES,
              HubKinds.questions(desks),
              HubKinds.served(desks),
              HubAdmission.all(executorRequired),
              HubAdmission.readRule(),
              List.of(
                  new ClientCertificates(trust, host),
                  new ReturningAgents(trust, host, policy.returnWithin())),
              security);
      server = parts.open(ApiServer.serve(host, store, setup, metrics));
      begin =
          installer -> {
            if (candidate == null) {
              parts.open(controllers(desks, installer, client -> client));
            } else {
              elect(candidate, desks, installer);
            }
          };
    } catch (RuntimeException e) {
      throw parts.closeAfter(e);
    }
  }

  /// Runs the controllers only while this hub leads.
  private void elect(String candidate, HubKinds.Desks desks, @Nullable AgentInstaller installer) {
    var settings = new LeaderElection.Settings(LEADER, candidate, LEASE);
    parts.open(
        LeaderElection.start(
            host,
            server.client("leader-election"),
            settings,
            election -> controllers(desks, installer, election::fenced)));
  }

  private AutoCloseable controllers(
      HubKinds.Desks desks, @Nullable AgentInstaller installer, UnaryOperator<ApiClient> fence) {
    var running = new Parts();
    try {
      running.open(server.upkeep());
      var registration = fence.apply(server.client("registration"));
      running.open(
          RegistrationHub.start(host, registration, authority, policy, installer, metrics));
      running.open(
          PlacementHub.start(
              host, fence.apply(server.client("placement")), metrics, desks.placements()));
      running.open(WorkHub.start(host, fence.apply(server.client("work")), metrics));
      var applications = fence.apply(server.client("applications"));
      running.open(
          ApplicationsHub.start(
              host, applications, metrics, new StepCalls(calls), desks.applications()));
      return running;
    } catch (RuntimeException e) {
      throw running.closeAfter(e);
    }
  }

  /// Opens the store of an engine, which is closed with the hub, and starts the only hub on it,
  /// with an authority that is never replaced, the usual policy and plain guards.
  public static HubCore start(
      Host host,
      Engine engine,
      Authority authority,
      String gitVersion,
      PrometheusMeterRegistry metrics) {
    var bundle = authority.bundle();
    var hub =
        new HubCore(
            host,
            EmbeddedStore.open(host, engine, Limits.defaults(), metrics),
            null,
            HubAuthority.fixed(Succession.of(authority)),
            () -> bundle,
            RegistrationPolicy.usual(),
            gitVersion,
            Security.plain(host),
            false,
            metrics);
    try {
      hub.begin(null);
      return hub;
    } catch (RuntimeException e) {
      throw hub.parts.closeAfter(e);
    }
  }

  /// Starts every controller; called once. They look at all there is, so a hub that has much to
  /// serve does that first.
  ///
  /// @param installer puts agents into the clusters of providers; null: nobody does
  void begin(@Nullable AgentInstaller installer) {
    begin.accept(installer);
  }

  /// What a socket or a simulated network serves.
  public Service door() {
    return server.door();
  }

  /// The API as whoever comes through the door has it.
  Api api() {
    return server.api();
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
