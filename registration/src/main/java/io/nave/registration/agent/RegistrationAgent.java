package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.certs.Credential;
import io.nave.certs.Rotation;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Backoff;
import io.nave.registration.api.AgentIdentity;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent's half of registration: joins the hub, keeps its credential, its lease and its status.
///
/// What it holds on disk is enough to come back after any crash or absence. Whatever goes wrong is
/// told as an [AgentState] and tried again, with growing waits; only cancelling its task ends it.
///
/// ```java
/// var agent = new RegistrationAgent(host, settings, dialer, cluster, discovery::aliveVersion, me);
/// host.start("registration", agent::run);
/// ```
public final class RegistrationAgent {
  private static final Logger LOG = LoggerFactory.getLogger(RegistrationAgent.class);

  private static final Backoff RETRY = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));

  /// A denial is a decision of someone; asking again soon changes nothing.
  private static final Backoff DENIED = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(10));

  /// What lasted longer than this was no failure to begin with.
  private static final Duration CALM = Duration.ofMinutes(5);

  /// Who wants to know. Called from the agent's task; returns quickly.
  public interface Listener {
    /// The agent's own way to the hub, for the life of its certificate. A later call replaces it:
    /// the earlier client stops working when that call returns.
    void onHubClient(ApiClient hub);

    /// Every change of where the agent stands.
    void onState(AgentState state);
  }

  private final Host host;
  private final AgentSettings settings;
  private final HubDialer dialer;
  private final ClusterReader cluster;
  private final Listener listener;
  private final AgentFiles files;

  private @Nullable HubConnection connection;
  private @Nullable AgentState told;
  private final SetNamespaces namespaces;
  private boolean distrusted; // whether the hub refused the kept certificate
  private boolean known; // whether this process was let in before, or waits to be
  private boolean asked; // whether this process has asked to be let in
  private boolean renewed; // whether the certificate is new and nobody was told
  private boolean asGiven; // whether the hub is to be known by what the bootstrap kubeconfig says
  private @Nullable Credential unkept; // a certificate that could not be written to disk

  /// @param cluster the agent's own cluster
  /// @param clusterVersion asks that cluster for its version and so whether it is alive, such as
  ///   `Discovery::aliveVersion`
  public RegistrationAgent(
      Host host,
      AgentSettings settings,
      HubDialer dialer,
      ApiClient cluster,
      Supplier<String> clusterVersion,
      Listener listener) {
    this.host = host;
    this.settings = settings;
    this.dialer = dialer;
    this.cluster = new ClusterReader(cluster, clusterVersion, settings);
    this.namespaces = new SetNamespaces(cluster, dialer.hubUrl());
    this.listener = listener;
    this.files = new AgentFiles(host, settings, cluster);
  }

  /// Joins and stays joined, until the task is cancelled.
  public void run() {
    var failures = 0;
    try {
      tell(new AgentState.Connecting(dialer.hubUrl()));
      while (true) {
        var begun = host.nanoTime();
        var state = live();
        if (state == null) {
          failures = 0;
          continue;
        }
        tell(state);
        failures = host.nanoTime() - begun > CALM.toNanos() ? 1 : failures + 1;
        var wait = state instanceof AgentState.Denied ? DENIED : RETRY;
        host.sleep(wait.after(failures, host.random()));
      }
    } finally {
      disconnect();
    }
  }

  /// As [#pass], with its setbacks told by state.
  ///
  /// @return null when the next certificate has to take over
  private @Nullable AgentState live() {
    try {
      return pass();
    } catch (RuntimeException e) {
      var state = Setback.of(e, connection == null);
      if (state == null) {
        throw e; // cancelled, or a mistake in here
      }
      return state;
    }
  }

  /// One certificate's life.
  private @Nullable AgentState pass() {
    var agent = files.identity();
    var key = files.key();
    var draw = host.random().nextDouble();
    var desk = new RequestDesk(host, agent, key, settings.certificateLifetime(), draw);
    var trusted = asGiven ? dialer.caPem() : files.trust(dialer.caPem());
    var hubDialer = trusted.isEmpty() ? dialer : dialer.trusting(trusted);
    var kept = kept();
    var credential = usable(agent, kept);
    if (credential == null && kept != null) {
      credential = returned(hubDialer, agent, kept, desk);
    }
    if (credential == null) {
      credential =
          enrolled(
              hubDialer,
              new Enrolment(settings, agent, key, desk, this::clusterAuthority, this::tell));
    }
    var hub = connect(hubDialer, credential);
    var membership =
        new Membership(
            host, agent, hub, cluster, namespaces, credential, desk, trusted, draw, this::tell);
    if (renewed) {
      renewed = false;
      membership.announce();
    }
    return ended(membership.run());
  }

  private @Nullable AgentState ended(Membership.End end) {
    return switch (end) {
      case Membership.End.Renewed(var next) -> {
        keep(next);
        LOG.atInfo()
            .addKeyValue("cluster", settings.clusterName())
            .addKeyValue("until", next.certificate().getNotAfter().toInstant())
            .log("certificate renewed");
        yield null;
      }
      case Membership.End.Retrusted(var caPem) -> {
        files.keepTrust(dialer.caPem(), caPem);
        asGiven = false;
        LOG.atInfo()
            .addKeyValue("cluster", settings.clusterName())
            .log("the hub told of another authority, which is trusted from now on");
        yield null;
      }
      case Membership.End.Unknown(var why) -> {
        // Started anew with a token: whoever did that wants the cluster to ask again.
        distrusted = !known && settings.bootstrapToken() != null;
        known = true;
        disconnect();
        if (distrusted) {
          yield null;
        }
        yield asked
            ? new AgentState.WaitingForAcceptance(settings.clusterName())
            : new AgentState.NoRights(
                why + "; the cluster was removed from the hub, or is not let in any more");
      }
      case Membership.End.Worthless(var why) -> {
        distrusted = true;
        disconnect();
        yield new AgentState.Refused(
            "the certificate no longer serves (" + why + "); joining again with the same key");
      }
    };
  }

  private @Nullable Credential kept() {
    return unkept != null ? unkept : files.credential().orElse(null);
  }

  /// A disk that cannot be written is no reason to leave the hub: the certificate is used as long
  /// as this process lives, and the one on disk is good for asking again.
  private void keep(Credential next) {
    renewed = true;
    try {
      files.keepCertificate(next);
      unkept = null;
    } catch (Disk.DiskFailure e) {
      unkept = next;
      tell(new AgentState.Faulty(Setback.text(e) + "; going on with what is in memory"));
    }
  }

  private @Nullable Credential usable(AgentIdentity agent, @Nullable Credential kept) {
    if (distrusted) {
      distrusted = false; // if there is no new one, the old one is tried again after all
      return null;
    }
    var certificate = kept == null ? null : kept.certificate();
    return switch (Rotation.decide(certificate, agent.certificate(), host.now(), 0)) {
      case Rotation.Decision.Keep _ -> kept;
      case Rotation.Decision.Renew(var reason) -> reason == Rotation.Reason.AGED ? kept : null;
    };
  }

  /// Comes back after an absence longer than the certificate's life: it still proves the key, and a
  /// hub whose rule allows it answers with a new one (`nave hub --return-within`).
  ///
  /// @return null when the certificate's time is not over, or the hub does not allow it
  private @Nullable Credential returned(
      HubDialer hubDialer, AgentIdentity agent, Credential kept, RequestDesk desk) {
    if (!host.now().isAfter(kept.certificate().getNotAfter().toInstant())) {
      return null;
    }
    var identity = new HubIdentity.Certificate(kept.certificatePem(), kept.keyPem());
    try (var hub = hubDialer.connect(host, identity)) {
      var request = desk.ask(hub.client());
      if (desk.read(request) instanceof RequestDesk.Answer.Waiting) {
        tell(new AgentState.WaitingForAcceptance(agent.cluster()));
      }
      if (desk.await(hub.client(), request, () -> {})
          instanceof RequestDesk.Answer.Issued(var credential)) {
        requireCurrent(credential);
        keep(credential);
        return credential;
      }
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.UNAUTHORIZED) && !e.is(ApiError.Reason.FORBIDDEN)) {
        throw e;
      }
      LOG.atInfo()
          .addKeyValue("cluster", settings.clusterName())
          .addKeyValue("reason", Setback.text(e))
          .log("the hub takes no expired certificate; asking with the token");
    }
    return null;
  }

  private Credential enrolled(HubDialer hubDialer, Enrolment enrolment) {
    var token = settings.bootstrapToken();
    if (token == null) {
      throw new Setback(
          new AgentState.TokenRejected(
              "none was given, and there is no certificate to go on with"));
    }
    asked = true;
    try (var hub = hubDialer.connect(host, new HubIdentity.Token(token))) {
      var credential = enrolment.enrol(hub.client());
      requireCurrent(credential);
      keep(credential);
      return credential;
    }
  }

  /// As the cluster publishes it for its own pods; empty where it does not.
  private String clusterAuthority() {
    return settings.portrait().urls().isEmpty() ? "" : cluster.authority();
  }

  private void requireCurrent(Credential credential) {
    var from = credential.certificate().getNotBefore().toInstant();
    var until = credential.certificate().getNotAfter().toInstant();
    if (host.now().isBefore(from) || host.now().isAfter(until)) {
      throw new Setback(
          new AgentState.ClockWrong(
              "the hub's certificate is valid from %s to %s and it is %s here; set the clock"
                  .formatted(from, until, host.now())));
    }
  }

  private ApiClient connect(HubDialer hubDialer, Credential credential) {
    var identity = new HubIdentity.Certificate(credential.certificatePem(), credential.keyPem());
    var next = hubDialer.connect(host, identity);
    var before = connection;
    connection = next;
    listener.onHubClient(next.client());
    if (before != null) {
      before.close();
    }
    return next.client();
  }

  private void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  private void tell(AgentState state) {
    known |= state instanceof AgentState.Joined || state instanceof AgentState.WaitingForAcceptance;
    if (state instanceof AgentState.HubUntrusted) {
      asGiven = !asGiven; // one of the two may know it: what was given, or what the hub told later
    }
    if (state.equals(told)) {
      return;
    }
    // A hub that is away for a month is worth one line, whichever request it did not answer.
    var known = told != null && told.getClass() == state.getClass();
    told = state;
    var line = known ? LOG.atDebug() : state.trouble() ? LOG.atWarn() : LOG.atInfo();
    line.addKeyValue("cluster", settings.clusterName())
        .addKeyValue("state", state.line())
        .log("where the agent stands");
    listener.onState(state);
  }
}
