package io.nave.registration.hub;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.certs.Authority;
import io.nave.certs.BadPem;
import io.nave.certs.CertificateRequest;
import io.nave.certs.Certificates;
import io.nave.certs.SigningRules;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.AgentKey;
import io.nave.registration.api.BootstrapGroups;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Signs approved requests for client certificates, whoever approved them.
///
/// The approval is respected; signed is only what can be no more than a client: no alternative
/// names, client usages only, no group of the hub's own. What cannot be signed gets the condition
/// Failed, once.
///
/// - Reads: `CertificateSigningRequest` (primary), its `ManagedCluster`.
/// - Writes: `status.certificate` or the condition Failed; the key's annotation on the
///   `ManagedCluster` where a person approved before any key was bound; a token that lets one
///   cluster in goes a minute after the certificate it was for, so that the agent can fetch that
///   with it.
public final class SigningReconciler implements Reconciler {
  private static final List<String> RESERVED_GROUPS = List.of("system:masters", "system:nodes");
  private static final String RESERVED = "system:nave:"; // users and groups

  /// Until a certificate counts as fetched. The token is of no use to another cluster meanwhile.
  static final Duration FETCHED = Duration.ofMinutes(1);

  /// The little this reconciler needs; `HubRequestWorld` serves it from caches and the client.
  interface World {
    Optional<SigningRequest> request(String name);

    Optional<ManagedCluster> cluster(String name);

    /// Stores the certificate.
    ///
    /// @param bindTo in the same commit, has this cluster's name bound to `key`; null: no
    void issue(
        SigningRequest request, String certificatePem, @Nullable ManagedCluster bindTo, String key);

    void fail(SigningRequest request, String reason, String message);

    /// Removes the token that a request came with, if that lets one cluster in and is still there.
    void spend(SigningRequest request);

    Instant now();
  }

  /// What is to be done.
  sealed interface Decision {
    record Nothing() implements Decision {}

    record Sign(CertificateRequest content, Duration lifetime) implements Decision {}

    record Fail(String reason, String message) implements Decision {}
  }

  private final World world;
  private final Supplier<Authority> authority;
  private final Duration lifetimeMax;

  /// @param authority the one that signs now
  /// @param lifetimeMax granted to who asks for no shorter one
  SigningReconciler(World world, Supplier<Authority> authority, Duration lifetimeMax) {
    this.world = world;
    this.authority = authority;
    this.lifetimeMax = lifetimeMax;
  }

  @Override
  public Outcome reconcile(Key key) {
    var request = world.request(key.name()).orElse(null);
    if (request == null) {
      return new Outcome.Settled();
    }
    switch (decide(request, lifetimeMax)) {
      case Decision.Nothing() -> {
        return issued(request) ? spent(request) : new Outcome.Settled();
      }
      case Decision.Sign(var content, var lifetime) -> sign(request, content, lifetime);
      case Decision.Fail(var reason, var message) -> world.fail(request, reason, message);
    }
    return new Outcome.Settled();
  }

  private Outcome spent(SigningRequest request) {
    var left = Duration.between(world.now(), request.decidedAt().plus(FETCHED));
    if (left.isPositive()) {
      return new Outcome.CheckAfter(left);
    }
    world.spend(request);
    return new Outcome.Settled();
  }

  private static boolean issued(SigningRequest request) {
    return request.state() == SigningRequest.State.APPROVED
        && request.groups().contains(BootstrapGroups.ONCE)
        && !request.object().status().path("certificate").asString("").isEmpty();
  }

  private void sign(SigningRequest request, CertificateRequest content, Duration lifetime) {
    var certificate = authority.get().sign(content, SigningRules.client(lifetime));
    world.issue(
        request,
        Certificates.toPem(List.of(certificate)),
        unbound(request, content),
        AgentKey.hash(content.publicKey()));
  }

  /// The cluster whose agent this is, when its name is bound to no key yet.
  private @Nullable ManagedCluster unbound(SigningRequest request, CertificateRequest content) {
    var agent = AgentIdentity.ofUser(content.identity().commonName()).orElse(null);
    if (agent == null || request.ofAddOn() || !agent.cluster().equals(request.cluster())) {
      return null;
    }
    return world
        .cluster(agent.cluster())
        .filter(cluster -> RequestApprovalReconciler.boundKey(cluster).isEmpty())
        .orElse(null);
  }

  /// Pure: every branch is one row of `SigningDecisionTest`.
  static Decision decide(SigningRequest request, Duration lifetimeMax) {
    if (request.state() != SigningRequest.State.APPROVED
        || !request.signer().equals(SigningRequest.CLIENT_SIGNER)
        || !request.object().status().path("certificate").asString("").isEmpty()) {
      return new Decision.Nothing();
    }
    try {
      var content = CertificateRequest.parse(request.pem());
      var fault = fault(request, content);
      return fault == null
          ? new Decision.Sign(content, lifetime(request, lifetimeMax))
          : new Decision.Fail("SignerValidationFailure", fault);
    } catch (BadPem | ApiError e) {
      return new Decision.Fail("SignerValidationFailure", "spec.request: " + e.getMessage());
    }
  }

  private static @Nullable String fault(SigningRequest request, CertificateRequest content) {
    var usages = request.usages();
    if (!usages.contains("client auth") || !SigningRequest.AGENT_USAGES.containsAll(usages)) {
      return "spec.usages must hold client auth and nothing but %s, was %s"
          .formatted(SigningRequest.AGENT_USAGES, usages);
    }
    if (!content.names().isEmpty()) {
      return "a client certificate has no alternative names, asked for were " + content.names();
    }
    for (var group : RESERVED_GROUPS) {
      if (content.identity().organisations().contains(group)) {
        return "the group " + group + " is not given by certificate requests";
      }
    }
    return content.identity().commonName().startsWith(RESERVED)
            || content.identity().organisations().stream().anyMatch(o -> o.startsWith(RESERVED))
        ? "names beginning with " + RESERVED + " belong to the hub itself"
        : null;
  }

  private static Duration lifetime(SigningRequest request, Duration lifetimeMax) {
    var seconds = request.expirationSeconds();
    if (seconds == null) {
      return lifetimeMax;
    }
    var asked = Duration.ofSeconds(Math.max(seconds, RequestCheck.SECONDS_MIN));
    return asked.compareTo(lifetimeMax) < 0 ? asked : lifetimeMax;
  }
}
