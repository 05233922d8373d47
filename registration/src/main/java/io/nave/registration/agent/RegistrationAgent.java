package io.nave.registration.agent;

import io.nave.certs.Credential;
import io.nave.certs.Rotation;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Backoff;
import io.nave.registration.api.AgentIdentity;
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
/// var agent = new RegistrationAgent(host, settings, dialer, cluster, discovery::serverVersion, me);
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
  private boolean distrusted; // whether the hub refused the kept certificate

  /// @param cluster the agent's own cluster
  /// @param clusterVersion asks that cluster for its version and so whether it is alive, such as
  ///   `Discovery::serverVersion`
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
    this.cluster = new ClusterReader(cluster, clusterVersion, settings.claims());
    this.listener = listener;
    this.files = new AgentFiles(host, settings);
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
    var desk = new RequestDesk(host, agent, key, draw);
    var credential = usable(agent);
    if (credential == null) {
      credential = enrolled(new Enrolment(settings, agent, key, desk, this::tell));
    }
    var hub = connect(credential);
    var membership = new Membership(host, agent, hub, cluster, credential, desk, draw, this::tell);
    return switch (membership.run()) {
      case Membership.End.Renewed(var next) -> {
        files.keepCertificate(next);
        LOG.atInfo()
            .addKeyValue("cluster", settings.clusterName())
            .addKeyValue("until", next.certificate().getNotAfter().toInstant())
            .log("certificate renewed");
        yield null;
      }
      case Membership.End.Worthless(var why) -> {
        distrusted = true;
        disconnect();
        yield new AgentState.Refused(
            "the certificate no longer serves (" + why + "); joining again with the same key");
      }
    };
  }

  private @Nullable Credential usable(AgentIdentity agent) {
    if (distrusted) {
      distrusted = false; // if there is no new one, the old one is tried again after all
      return null;
    }
    var kept = files.credential().orElse(null);
    var certificate = kept == null ? null : kept.certificate();
    return switch (Rotation.decide(certificate, agent.certificate(), host.now(), 0)) {
      case Rotation.Decision.Keep _ -> kept;
      case Rotation.Decision.Renew(var reason) -> reason == Rotation.Reason.AGED ? kept : null;
    };
  }

  private Credential enrolled(Enrolment enrolment) {
    var token = settings.bootstrapToken();
    if (token == null) {
      throw new Setback(
          new AgentState.TokenRejected(
              "none was given, and there is no certificate to go on with"));
    }
    try (var hub = dialer.connect(host, new HubIdentity.Token(token))) {
      var credential = enrolment.enrol(hub.client());
      requireCurrent(credential);
      files.keepCertificate(credential);
      return credential;
    }
  }

  private void requireCurrent(Credential credential) {
    var from = credential.certificate().getNotBefore().toInstant();
    var until = credential.certificate().getNotAfter().toInstant();
    if (host.now().isBefore(from) || host.now().isAfter(until)) {
      throw new Setback(
          new AgentState.Faulty(
              "the hub's certificate is valid from %s to %s and it is %s here; set the clock"
                  .formatted(from, until, host.now())));
    }
  }

  private ApiClient connect(Credential credential) {
    var identity = new HubIdentity.Certificate(credential.certificatePem(), credential.keyPem());
    var next = dialer.connect(host, identity);
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
