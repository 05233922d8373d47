package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.api.Selection;
import io.nave.certs.BadPem;
import io.nave.certs.CertificateRequest;
import io.nave.certs.Certificates;
import io.nave.certs.Credential;
import io.nave.certs.Rotation;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import io.nave.runtime.Host;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks the hub for a certificate: the first one, and every later one. The same key and names make
/// the same request byte for byte, so an agent that restarts finds the request it sent before.
final class RequestDesk {
  /// More open requests than this and a new one would only add to a jam on the hub (spec §3.4).
  private static final int OPEN_MAX = 10;

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  /// A hub keeps an answered request for an hour; twice that is more than any delay explains.
  private static final Duration REQUEST_AGE_MAX = Duration.ofHours(2);

  private static final Duration REST = Duration.ofSeconds(1);

  private final Host host;
  private final AgentIdentity agent;
  private final KeyPair key;
  private final double draw;
  private final @Nullable Duration lifetime;
  private final String pem;
  private Instant after = Instant.EPOCH; // requests made before this one's time do not serve

  /// @param lifetime to ask for; null: what the hub usually grants
  /// @param draw in [0,1): this agent's place among those that renew at the same time
  RequestDesk(
      Host host, AgentIdentity agent, KeyPair key, @Nullable Duration lifetime, double draw) {
    this.host = host;
    this.lifetime = lifetime;
    this.agent = agent;
    this.key = key;
    this.draw = draw;
    var subject = agent.certificate();
    this.pem =
        CertificateRequest.create(key, subject.commonName(), subject.organisations()).toPem();
  }

  /// What the hub has said to a request.
  sealed interface Answer {
    record Waiting() implements Answer {}

    record Issued(Credential credential) implements Answer {}

    /// @param why reason and message of the hub
    record No(String why) implements Answer {}
  }

  /// The request that waits for its answer; sent when there is none.
  ///
  /// @throws Setback.Jam when too many are open already
  SigningRequest ask(ApiClient hub) {
    var all = all(hub);
    for (var request : all.reversed()) {
      if (serves(request)) {
        return request;
      }
    }
    var open = all.stream().filter(r -> r.state() == SigningRequest.State.PENDING).count();
    if (open >= OPEN_MAX) {
      throw new Setback.Jam(
          new AgentState.Refused(
              "there are already %d undecided certificate requests of cluster %s; waiting until"
                      .formatted(open, agent.cluster())
                  + " the hub has cleaned them up"));
    }
    var wish = SigningRequest.of(agent, CertificateRequest.parse(pem));
    if (lifetime != null) {
      var seconds = lifetime.toSeconds();
      wish = wish.edit(tree -> tree.withObjectProperty("spec").put("expirationSeconds", seconds));
    }
    return new SigningRequest(hub.create(HubKinds.SIGNING_REQUEST, wish));
  }

  /// Why the hub said no to this very request before; empty when it did not, or forgot.
  Optional<String> denied(ApiClient hub) {
    return all(hub).reversed().stream()
        .filter(this::asksTheSame)
        .findFirst()
        .filter(request -> read(request) instanceof Answer.No)
        .map(SigningRequest::why);
  }

  private List<SigningRequest> all(ApiClient hub) {
    return hub.list(HubKinds.SIGNING_REQUEST, "", mine()).items().stream()
        .map(SigningRequest::new)
        .filter(request -> !request.ofAddOn())
        .sorted(SigningRequest.BY_AGE)
        .toList();
  }

  /// Waits for as long as it takes.
  ///
  /// @param meanwhile is done each time when nothing has come for a while
  /// @return never [Answer.Waiting]
  /// @throws ApiError NotFound when the request is gone
  Answer await(ApiClient hub, SigningRequest sent, Runnable meanwhile) {
    var request = sent;
    while (true) {
      var answer = read(request);
      if (!(answer instanceof Answer.Waiting)) {
        return answer;
      }
      request = next(hub, request, meanwhile);
    }
  }

  /// What the request says now.
  Answer read(SigningRequest request) {
    return switch (request.state()) {
      case PENDING -> new Answer.Waiting();
      case DENIED, FAILED -> new Answer.No(request.why());
      case APPROVED -> issued(request);
    };
  }

  /// The request as it stands on the hub.
  SigningRequest again(ApiClient hub, SigningRequest request) {
    return new SigningRequest(hub.get(HubKinds.SIGNING_REQUEST, Key.of(request.name())));
  }

  private Answer issued(SigningRequest request) {
    var certificate = request.certificatePem();
    if (certificate.isEmpty()) {
      return new Answer.Waiting();
    }
    try {
      return new Answer.Issued(new Credential(Certificates.parse(certificate), key.getPrivate()));
    } catch (BadPem e) {
      return new Answer.No("the certificate issued cannot be used: " + e.getMessage());
    }
  }

  /// As [#ask], where answers given before do not count: the hub signs by another authority now.
  ///
  /// @param since when it began to
  SigningRequest askAnew(ApiClient hub, Instant since) {
    after = since;
    return ask(hub);
  }

  private boolean serves(SigningRequest request) {
    if (!request.signer().equals(SigningRequest.CLIENT_SIGNER) || !asksTheSame(request)) {
      return false;
    }
    return switch (read(request)) {
      case Answer.Waiting() -> true;
      case Answer.No _ -> false;
      case Answer.Issued(var credential) -> {
        checkClock(request, credential);
        yield fresh(credential) && request.createdAt().compareTo(after) >= 0;
      }
    };
  }

  /// A certificate is signed at the hub's present time, and its request is gone soon after. So one
  /// that is not valid yet here, or that ended long before its request could have gone, tells that
  /// a clock is wrong; to ask again would bring another of the same.
  ///
  /// @throws Setback saying so
  private void checkClock(SigningRequest request, Credential credential) {
    var from = credential.certificate().getNotBefore().toInstant();
    var until = credential.certificate().getNotAfter().toInstant();
    var decided = request.decidedAt();
    var now = host.now();
    if (now.isBefore(from) || (now.isAfter(until) && now.isAfter(decided.plus(REQUEST_AGE_MAX)))) {
      throw new Setback(
          new AgentState.ClockWrong(
              "the hub issued a certificate at %s, valid from %s to %s, and it is %s here; set the clock"
                  .formatted(decided, from, until, now)));
    }
  }

  private boolean asksTheSame(SigningRequest request) {
    try {
      return request.pem().equals(pem);
    } catch (ApiError e) {
      return false; // someone else's, and unreadable
    }
  }

  private boolean fresh(Credential credential) {
    var decision = Rotation.decide(credential.certificate(), agent.certificate(), host.now(), draw);
    return decision instanceof Rotation.Decision.Keep;
  }

  private SigningRequest next(ApiClient hub, SigningRequest request, Runnable meanwhile) {
    var seen = watched(hub, request);
    if (seen.isPresent()) {
      return seen.get();
    }
    host.sleep(REST); // a server that ends watches at once is not to be hammered
    meanwhile.run();
    return again(hub, request);
  }

  private Optional<SigningRequest> watched(ApiClient hub, SigningRequest request) {
    var revision = request.object().resourceVersion();
    try (var watch = hub.watch(HubKinds.SIGNING_REQUEST, "", mine(), revision)) {
      for (var event = watch.next(LOOK_AGAIN); event != null; event = watch.next(LOOK_AGAIN)) {
        if (event.kind() != ApiClient.Watch.Kind.BOOKMARK
            && event.object().name().equals(request.name())) {
          return event.kind() == ApiClient.Watch.Kind.DELETED
              ? Optional.empty()
              : Optional.of(new SigningRequest(event.object()));
        }
      }
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.EXPIRED)) {
        throw e;
      }
    }
    return Optional.empty();
  }

  private Selection mine() {
    return Selection.labelled(ManagedCluster.NAME_LABEL, agent.cluster());
  }
}
