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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The life of an agent that has its certificate: lease, status, renewal (spec §3.7), until the
/// certificate is replaced or no longer serves.
final class Membership {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final Duration STATUS_PERIOD = Duration.ofMinutes(1);
  private static final Duration NOT_YET_PERIOD = Duration.ofSeconds(10); // the watch is quicker
  private static final Duration LEASE_RETRY = Duration.ofSeconds(2);
  private static final Duration TRUST_PERIOD = Duration.ofMinutes(10);
  private static final Duration PROBE_RETRY = Duration.ofSeconds(5);
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(20);
  private static final Duration RENEWAL_LOOK = Duration.ofSeconds(5);
  private static final Duration RENEWAL_REFUSED = Duration.ofMinutes(5);
  private static final Duration RENEWAL_LOOK_MAX = Duration.ofHours(1);
  private static final double JITTER = 0.25;
  private static final Condition HALTED =
      Condition.of(
          ManagedCluster.ROTATED,
          false,
          "ClientCertificateUpdateFailed",
          "Stop creating csr since there are too many csr created already on hub");

  /// Why this membership ended.
  sealed interface End {
    /// There is a new certificate.
    record Renewed(Credential credential) implements End {}

    /// The hub does not take the certificate any more, or its time is over.
    record Worthless(String why) implements End {}

    /// The hub takes the certificate and gives it no rights: it does not know the cluster.
    record Unknown(String why) implements End {}

    /// The hub is to be known by these certificates from now on.
    record Retrusted(String caPem) implements End {}
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

  private final OwnCluster own;
  private final SetNamespaces namespaces;
  private final String trusted;
  private final Duties duties;

  private boolean accepted;
  private boolean announcing; // whether the certificate is new and nobody was told
  private boolean halted; // whether the hub holds too many requests to send another
  private int claimsLeftOut; // as told
  private boolean known; // whether the hub has ever shown the cluster to this certificate
  private @Nullable ApiObject lease; // as last written
  private @Nullable Instant signsSince; // when the hub's present authority began, if it is another
  private Duration leaseDuration = Duration.ofSeconds(60);
  private @Nullable Long unwellSinceNanos;
  private @Nullable SigningRequest renewal;

  Membership(
      Host host,
      AgentIdentity agent,
      ApiClient hub,
      ClusterReader cluster,
      SetNamespaces namespaces,
      Credential credential,
      RequestDesk desk,
      String trusted,
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
    this.namespaces = namespaces;
    this.trusted = trusted;
    this.duties =
        new Duties(host, this::failed)
            .add("trust", this::lookAtTrust)
            .add("renewal", this::renew)
            .add("status", this::report)
            .add("lease", this::renewLease);
    this.own = new OwnCluster(host, hub, agent.cluster(), () -> duties.wake("status"));
  }

  /// Has it told on the hub that the certificate is new.
  void announce() {
    announcing = true;
  }

  /// Runs until the certificate is replaced or worthless.
  End run() {
    var follower = host.start("own-cluster", own::follow);
    try {
      duties.run();
      throw new IllegalStateException("duties end only by an exception");
    } catch (Ended e) {
      return e.end;
    } finally {
      follower.cancel();
    }
  }

  private void failed(String duty, RuntimeException fault) {
    if (fault instanceof Cancelled || fault instanceof Ended) {
      throw fault;
    }
    if (fault instanceof ApiError e && e.is(ApiError.Reason.UNAUTHORIZED)) {
      throw new Ended(new End.Worthless(Setback.text(e)));
    }
    if (fault instanceof ApiError e
        && e.is(ApiError.Reason.FORBIDDEN)
        && duty.equals("status")
        && !known) {
      throw new Ended(new End.Unknown(Setback.text(e)));
    }
    if (fault instanceof ApiError e && e.is(ApiError.Reason.CONFLICT)) {
      own.forget();
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
      return LEASE_RETRY;
    }
    return jittered(leaseDuration);
  }

  /// One request each time: what was written last is what the next one replaces.
  ///
  /// @return false when there is no lease
  private boolean renewedLease() {
    var key = Key.of(agent.cluster(), HubKinds.LEASE_NAME);
    var held = lease == null ? hub.find(HubKinds.LEASE, key).orElse(null) : lease;
    if (held == null) {
      return false;
    }
    lease = null; // read again when this is refused
    var now = MICRO_TIME.format(host.now().truncatedTo(ChronoUnit.MICROS));
    lease =
        hub.update(
            HubKinds.LEASE,
            held.edit(tree -> tree.withObjectProperty("spec").put("renewTime", now)),
            "");
    return true;
  }

  private Duration report() {
    var object = own.present();
    known = true;
    var present = Codec.decode(object, ManagedCluster.class);
    var before = accepted;
    accepted = Condition.isTrue(present.status().conditions(), ManagedCluster.ACCEPTED);
    leaseDuration = present.spec().leaseDuration();
    if (!accepted) {
      tell.accept(unaccepted(present));
      return jittered(NOT_YET_PERIOD);
    }
    if (!before) {
      duties.wake("lease");
    }
    var wrong = clockWrong(present);
    if (wrong && silent(present)) {
      // Upstream's hub says Unknown by the times we write: to say Available again would go on for
      // ever.
      tell.accept(clockState());
      return jittered(STATUS_PERIOD);
    }
    var pause = write(object, present);
    tell.accept(wrong ? clockState() : new AgentState.Joined(agent.cluster()));
    return pause;
  }

  private static boolean clockWrong(ManagedCluster present) {
    return Condition.find(present.status().conditions(), ManagedCluster.CLOCK_SYNCED)
        .filter(condition -> condition.status().equals("False"))
        .isPresent();
  }

  private static boolean silent(ManagedCluster present) {
    return Condition.find(present.status().conditions(), ManagedCluster.AVAILABLE)
        .filter(condition -> condition.status().equals("Unknown"))
        .isPresent();
  }

  private AgentState clockState() {
    return new AgentState.ClockWrong(
        "the hub finds the times in the lease of cluster %s far from its own, and it is %s here; set"
                .formatted(agent.cluster(), host.now())
            + " the clock");
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
      var certificate = halted ? HALTED : StatusReport.rotated(credential);
      var status = StatusReport.healthy(object, present, facts, certificate, host.now());
      namespaces.apply(present, status, host.now());
      send(object, present, status);
      tellNews(object, facts);
      return jittered(STATUS_PERIOD);
    } catch (ClusterReader.Unwell e) {
      var since = unwellSinceNanos == null ? host.nanoTime() : unwellSinceNanos;
      unwellSinceNanos = since;
      if (host.nanoTime() - since >= PROBE_PATIENCE.toNanos()) {
        var status =
            StatusReport.unavailable(object, present, e.code(), Setback.text(e), host.now());
        send(object, present, status);
      }
      return PROBE_RETRY;
    }
  }

  private void tellNews(ApiObject object, ClusterReader.Facts facts) {
    if (announcing) {
      announcing = false;
      var note = "A new client certificate for %s is available".formatted(agent.user());
      AgentEvents.tell(hub, object, "ClientCertificateCreated", note, host.now());
    }
    if (facts.claimsLeftOut() != claimsLeftOut) {
      claimsLeftOut = facts.claimsLeftOut();
      if (claimsLeftOut > 0) {
        var note =
            "%d custom cluster claims are not reported: %d are, which is the most"
                .formatted(claimsLeftOut, facts.claims().size());
        AgentEvents.tell(hub, object, "CustomClusterClaimsTruncated", note, host.now());
      }
    }
  }

  private void send(ApiObject object, ManagedCluster present, ObjectNode status) {
    var stored = Statuses.patch(hub, CLUSTER, object, status).orElse(null);
    if (stored == null) {
      return;
    }
    own.wrote(stored);
    var now = Codec.decode(stored, ManagedCluster.class);
    var available = Condition.isTrue(now.status().conditions(), ManagedCluster.AVAILABLE);
    if (available != Condition.isTrue(present.status().conditions(), ManagedCluster.AVAILABLE)) {
      AgentEvents.availability(hub, stored, available, host.now());
    }
  }

  /// Follows the hub when it replaces its authority. A hub that does not tell is left as it was
  /// given: what others publish in this place is not about us.
  private Duration lookAtTrust() {
    var told = AgentTrust.read(hub).orElse(null);
    if (told == null) {
      return jittered(TRUST_PERIOD);
    }
    if (!trusted.isEmpty() && !told.pem().strip().equals(trusted.strip())) {
      throw new Ended(new End.Retrusted(told.pem()));
    }
    if (!told.signed(credential)) {
      signsSince = told.since();
      duties.wake("renewal");
    }
    return jittered(TRUST_PERIOD);
  }

  /// Replaces the certificate when it is old, without stopping anything else.
  private Duration renew() {
    if (signsSince != null) {
      return askForRenewal();
    }
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
    var request = renewal == null ? sent() : desk.again(hub, renewal);
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

  private SigningRequest sent() {
    try {
      var request = signsSince == null ? desk.ask(hub) : desk.askAnew(hub, signsSince);
      halted = false;
      return request;
    } catch (Setback.Jam e) {
      if (!halted) {
        halted = true; // the status says so from now on
        duties.wake("status");
        AgentEvents.tell(
            hub, own.present(), "ClientCertificateCreationHalted", HALTED.message(), host.now());
      }
      throw e;
    }
  }

  private Duration jittered(Duration period) {
    return period.plusMillis((long) (period.toMillis() * JITTER * host.random().nextDouble()));
  }
}
