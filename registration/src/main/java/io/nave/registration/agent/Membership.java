package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.certs.Credential;
import io.nave.certs.Rotation;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Statuses;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of an agent that has its certificate: lease, status, renewal (spec §3.7), until the
/// certificate is replaced or no longer serves.
final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final Duration STATUS_PERIOD = Duration.ofMinutes(1);
  private static final Duration NOT_YET_PERIOD = Duration.ofSeconds(2);
  private static final Duration PROBE_RETRY = Duration.ofSeconds(5);
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(20);
  private static final Duration RENEWAL_LOOK = Duration.ofSeconds(5);
  private static final Duration RENEWAL_REFUSED = Duration.ofMinutes(5);
  private static final Duration RENEWAL_LOOK_MAX = Duration.ofHours(1);
  private static final double JITTER = 0.25;

  /// Why this membership ended.
  sealed interface End {
    /// There is a new certificate.
    record Renewed(Credential credential) implements End {}

    /// The hub does not take the certificate any more, or its time is over.
    record Worthless(String why) implements End {}
  }

  /// Carries the end out of the duties.
  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient End end;

    Ended(End end) {
      super(end.toString(), null, false, false);
      this.end = end;
    }
  }

  private final Host host;
  private final AgentIdentity agent;
  private final ApiClient hub;
  private final ClusterReader cluster;
  private final Credential credential;
  private final RequestDesk desk;
  private final double draw;
  private final Consumer<AgentState> tell;

  private boolean accepted;
  private Duration leaseDuration = Duration.ofSeconds(60);
  private @Nullable Long unwellSinceNanos;
  private @Nullable SigningRequest renewal;

  Membership(
      Host host,
      AgentIdentity agent,
      ApiClient hub,
      ClusterReader cluster,
      Credential credential,
      RequestDesk desk,
      double draw,
      Consumer<AgentState> tell) {
    this.host = host;
    this.agent = agent;
    this.hub = hub;
    this.cluster = cluster;
    this.credential = credential;
    this.desk = desk;
    this.draw = draw;
    this.tell = tell;
  }

  /// Runs until the certificate is replaced or worthless.
  End run() {
    try {
      new Duties(host, this::failed)
          .add("renewal", this::renew)
          .add("status", this::report)
          .add("lease", this::renewLease)
          .run();
      throw new IllegalStateException("duties end only by an exception");
    } catch (Ended e) {
      return e.end;
    }
  }

  private void failed(String duty, RuntimeException fault) {
    if (fault instanceof Cancelled || fault instanceof Ended) {
      throw fault;
    }
    if (fault instanceof ApiError e && e.is(ApiError.Reason.UNAUTHORIZED)) {
      throw new Ended(new End.Worthless(Setback.text(e)));
    }
    if (fault instanceof ApiError e && e.is(ApiError.Reason.CONFLICT)) {
      return; // someone else wrote in between; the next try reads again
    }
    var state = Setback.of(fault, false);
    if (state == null) {
      throw fault;
    }
    LOG.atDebug()
        .addKeyValue("cluster", agent.cluster())
        .addKeyValue("duty", duty)
        .addKeyValue("reason", Setback.text(fault))
        .log("duty failed");
    if (duty.equals("lease") && !(fault instanceof Transport.Unreachable)) {
      return; // rights come a moment after acceptance; the status duty tells when they are gone
    }
    tell.accept(state);
  }

  /// Renews the lease; the hub created it (spec §4.4).
  private Duration renewLease() {
    if (!accepted) {
      return NOT_YET_PERIOD;
    }
    if (!renewedLease()) {
      LOG.atInfo().addKeyValue("cluster", agent.cluster()).log("the hub has made no lease yet");
      return NOT_YET_PERIOD;
    }
    return jittered(leaseDuration);
  }

  /// @return false when there is no lease
  private boolean renewedLease() {
    var key = Key.of(agent.cluster(), HubKinds.LEASE_NAME);
    var lease = hub.find(HubKinds.LEASE, key).orElse(null);
    if (lease == null) {
      return false;
    }
    var now = MICRO_TIME.format(host.now().truncatedTo(ChronoUnit.MICROS));
    hub.update(
        HubKinds.LEASE,
        lease.edit(tree -> tree.withObjectProperty("spec").put("renewTime", now)),
        "");
    return true;
  }

  private Duration report() {
    var object = hub.get(CLUSTER, Key.of(agent.cluster()));
    var present = Codec.decode(object, ManagedCluster.class);
    accepted = Condition.isTrue(present.status().conditions(), ManagedCluster.ACCEPTED);
    leaseDuration = present.spec().leaseDuration();
    if (!accepted) {
      tell.accept(unaccepted(present));
      return jittered(NOT_YET_PERIOD);
    }
    var pause = write(object, present);
    tell.accept(new AgentState.Joined(agent.cluster()));
    return pause;
  }

  private AgentState unaccepted(ManagedCluster present) {
    var condition =
        Condition.find(present.status().conditions(), ManagedCluster.ACCEPTED).orElse(null);
    return condition == null || present.accepted()
        ? new AgentState.WaitingForAcceptance(agent.cluster())
        : new AgentState.Denied(condition.reason() + ": " + condition.message());
  }

  private Duration write(ApiObject object, ManagedCluster present) {
    try {
      var facts = cluster.read();
      unwellSinceNanos = null;
      if (!Condition.isTrue(present.status().conditions(), ManagedCluster.AVAILABLE)) {
        renewedLease(); // first: a hub that sees an old lease would say Unknown again
      }
      var status = StatusReport.healthy(object, present, facts, host.now());
      Statuses.patch(hub, CLUSTER, object, status);
      return jittered(STATUS_PERIOD);
    } catch (ClusterReader.Unwell e) {
      var since = unwellSinceNanos == null ? host.nanoTime() : unwellSinceNanos;
      unwellSinceNanos = since;
      if (host.nanoTime() - since >= PROBE_PATIENCE.toNanos()) {
        var status =
            StatusReport.unavailable(object, present, e.code(), Setback.text(e), host.now());
        Statuses.patch(hub, CLUSTER, object, status);
      }
      return PROBE_RETRY;
    }
  }

  /// Replaces the certificate when it is old, without stopping anything else.
  private Duration renew() {
    return switch (Rotation.decide(
        credential.certificate(), agent.certificate(), host.now(), draw)) {
      case Rotation.Decision.Keep(var at) -> {
        var left = Duration.between(host.now(), at).plusSeconds(1);
        yield left.compareTo(RENEWAL_LOOK_MAX) < 0 ? left : RENEWAL_LOOK_MAX;
      }
      case Rotation.Decision.Renew(var reason) -> {
        if (reason != Rotation.Reason.AGED) {
          throw new Ended(new End.Worthless("certificate " + reason));
        }
        yield askForRenewal();
      }
    };
  }

  private Duration askForRenewal() {
    var request = renewal == null ? desk.ask(hub) : desk.again(hub, renewal);
    renewal = request;
    return switch (desk.read(request)) {
      case RequestDesk.Answer.Issued(var next) -> throw new Ended(new End.Renewed(next));
      case RequestDesk.Answer.No(var why) -> {
        renewal = null;
        LOG.atWarn()
            .addKeyValue("cluster", agent.cluster())
            .addKeyValue("reason", why)
            .log("the hub refused to renew the certificate; asking again later");
        yield jittered(RENEWAL_REFUSED);
      }
      case RequestDesk.Answer.Waiting() -> jittered(RENEWAL_LOOK);
    };
  }

  private Duration jittered(Duration period) {
    return period.plusMillis((long) (period.toMillis() * JITTER * host.random().nextDouble()));
  }
}
