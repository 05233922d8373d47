package io.nave.registration.hub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.certs.BadPem;
import io.nave.certs.CertificateRequest;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.AgentKey;
import io.nave.registration.api.BootstrapGroups;
import io.nave.registration.api.ClusterNames;
import io.nave.registration.api.SigningRequest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What a certificate request of an agent asks for, held against who sent it (spec §4.2, §14 rows 1
/// to 5). Pure. Names are compared whole, never by prefix: the agent of `c10` is nobody to `c1`.
public final class RequestCheck {
  /// Shortest lifetime that may be asked for; Kubernetes' own bound.
  static final int SECONDS_MIN = 600;

  /// What was found.
  public sealed interface Finding {
    /// Not one of an agent about itself: others decide, and nothing is done here.
    record Foreign(String why) implements Finding {}

    /// One that must be denied.
    ///
    /// @param reason CamelCase, for programs
    record Faulty(String reason, String message) implements Finding {}

    /// A sound request for a first certificate, by a bootstrap credential.
    ///
    /// @param key [AgentKey#hash] of the key it proves to hold
    record First(AgentIdentity agent, String key) implements Finding {}

    /// A sound request of an agent that shows its certificate; whether that is a past one, its
    /// groups tell ([AgentIdentity#RETURNING]).
    record Renewal(AgentIdentity agent, String key) implements Finding {}
  }

  private RequestCheck() {}

  /// Checks one request; what the API server wrote down of its sender is believed.
  public static Finding check(ApiObject object) {
    var request = new SigningRequest(object);
    if (!request.signer().equals(SigningRequest.CLIENT_SIGNER)) {
      return new Finding.Foreign("signer " + request.signer());
    }
    if (request.cluster().isEmpty() || request.ofAddOn()) {
      return new Finding.Foreign("not labelled as the request of a cluster's agent");
    }
    if (!byBootstrap(request) && !AgentIdentity.looksLikeAgent(request.user())) {
      return new Finding.Foreign("sent by " + request.user() + ": for a person to approve");
    }
    try {
      return checkContent(request, CertificateRequest.parse(request.pem()));
    } catch (BadPem | ApiError e) {
      return new Finding.Faulty("RequestUnreadable", "spec.request: " + e.getMessage());
    }
  }

  private static boolean byBootstrap(SigningRequest request) {
    return AgentIdentity.bootstraps(request.user(), request.groups());
  }

  static Finding checkContent(SigningRequest request, CertificateRequest content) {
    var cluster = request.cluster();
    var fault = ClusterNames.fault(cluster);
    if (fault.isPresent()) {
      return new Finding.Faulty("ClusterNameInvalid", "the cluster's name " + fault.get());
    }
    if (!content.names().isEmpty()) {
      return new Finding.Faulty(
          "AlternativeNamesNotAllowed",
          "an agent's certificate has no alternative names, this request asks for "
              + content.names());
    }
    if (!usages(request).equals(Set.copyOf(SigningRequest.AGENT_USAGES))) {
      return new Finding.Faulty(
          "UsagesNotAllowed",
          "spec.usages must be exactly %s, was %s"
              .formatted(SigningRequest.AGENT_USAGES, request.usages()));
    }
    var seconds = request.expirationSeconds();
    if (seconds != null && seconds < SECONDS_MIN) {
      return new Finding.Faulty(
          "LifetimeTooShort",
          "spec.expirationSeconds must be at least %d, was %d".formatted(SECONDS_MIN, seconds));
    }
    return checkSubject(request, content);
  }

  private static Finding checkSubject(SigningRequest request, CertificateRequest content) {
    var cluster = request.cluster();
    var subject = content.identity();
    var agent = AgentIdentity.ofUser(subject.commonName()).orElse(null);
    if (agent == null || !agent.cluster().equals(cluster)) {
      return new Finding.Faulty(
          "SubjectMismatch",
          "the common name must be that of an agent of cluster %s (%s), was %s"
              .formatted(
                  cluster, new AgentIdentity(cluster, "<agent>").user(), subject.commonName()));
    }
    var own = AgentIdentity.group(cluster);
    if (!subject.organisations().contains(own)
        || !List.of(own, AgentIdentity.ALL_AGENTS).containsAll(subject.organisations())) {
      return new Finding.Faulty(
          "SubjectMismatch",
          "the organisations must be exactly %s and %s, were %s"
              .formatted(own, AgentIdentity.ALL_AGENTS, subject.organisations()));
    }
    return checkSender(request, agent, AgentKey.hash(content.publicKey()));
  }

  private static Finding checkSender(SigningRequest request, AgentIdentity agent, String key) {
    if (request.user().equals(agent.user())) {
      return new Finding.Renewal(agent, key);
    }
    if (byBootstrap(request) && BootstrapGroups.forbid(request.groups(), agent.cluster())) {
      return new Finding.Faulty(
          "TokenBoundToOther",
          "the bootstrap token of %s is for cluster %s only, not for %s"
              .formatted(
                  request.user(),
                  BootstrapGroups.onlyCluster(request.groups()).orElse(""),
                  agent.cluster()));
    }
    return byBootstrap(request)
        ? new Finding.First(agent, key)
        : new Finding.Faulty(
            "IdentityMismatch",
            "%s may ask for its own certificate only, not for that of %s"
                .formatted(request.user(), agent.user()));
  }

  private static Set<String> usages(SigningRequest request) {
    return new TreeSet<>(request.usages());
  }
}
