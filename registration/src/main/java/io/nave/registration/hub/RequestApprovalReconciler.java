package io.nave.registration.hub;

import io.nave.api.Key;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.AgentKey;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import io.nave.registration.hub.RequestCheck.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides about the certificate requests of agents.
///
/// A renewal is approved when its sender is the agent itself and still has the right to renew. A
/// first certificate is approved when an administrator has accepted the cluster, for the one key
/// the cluster's name is bound to ([AgentKey]); where it is bound to none yet, the oldest request
/// gets it. Another key asking for a taken name is denied, and so is what asks for more than an
/// agent's own certificate. Requests of others are left to a person.
///
/// - Reads: `CertificateSigningRequest` (primary), its `ManagedCluster`.
/// - Writes: the request's approval and, with it, the key's annotation on the `ManagedCluster`.
/// - Safe to repeat: what is decided is not decided again.
public final class RequestApprovalReconciler implements Reconciler {
  /// After acceptance the right to renew follows at once; this is for a hub in trouble.
  private static final Duration RIGHTS_RECHECK = Duration.ofSeconds(10);

  private static final String APPROVED = "AutoApprovedByHubCSRApprovingController";
  private static final String APPROVED_MESSAGE =
      "Auto approving Managed cluster agent certificate after SubjectAccessReview.";

  /// The little this reconciler needs; `HubRequestWorld` serves it from caches and the client.
  interface World {
    Optional<SigningRequest> request(String name);

    Optional<ManagedCluster> cluster(String name);

    /// Undecided requests labelled with the cluster.
    List<SigningRequest> pending(String cluster);

    /// Whether the sender may renew certificates, by the API server's own rules.
    boolean mayRenew(SigningRequest request);

    /// Approves and, in the same commit, binds the cluster's name to the key.
    ///
    /// @param key null when it is bound to it already
    void approve(
        SigningRequest request,
        ManagedCluster cluster,
        @Nullable String key,
        String reason,
        String message);

    void deny(SigningRequest request, String reason, String message);
  }

  /// What is to be done.
  sealed interface Decision {
    record Nothing() implements Decision {}

    /// Until the cluster changes.
    record Wait(String why) implements Decision {}

    /// @param key to bind; null when nothing has to change
    record Approve(@Nullable String key) implements Decision {}

    /// Approve, provided that the sender may renew.
    record ApproveIfMayRenew(@Nullable String key) implements Decision {}

    record Deny(String reason, String message) implements Decision {}
  }

  private final World world;
  private final Set<String> trusted;

  /// @param trusted users whose requests are approved before their cluster is accepted
  RequestApprovalReconciler(World world, Set<String> trusted) {
    this.world = world;
    this.trusted = trusted;
  }

  @Override
  public Outcome reconcile(Key key) {
    var request = world.request(key.name()).orElse(null);
    if (request == null || request.state() != SigningRequest.State.PENDING) {
      return new Outcome.Settled();
    }
    var cluster = world.cluster(request.cluster()).orElse(null);
    return switch (decide(request, cluster, world.pending(request.cluster()), trusted)) {
      case Decision.Nothing() -> new Outcome.Settled();
      // Nothing to poll for: accepting the cluster is an edit, and the edit wakes its requests.
      case Decision.Wait _ -> new Outcome.Settled();
      case Decision.Approve(var bind) -> approve(request, cluster, bind);
      case Decision.ApproveIfMayRenew(var bind) ->
          world.mayRenew(request)
              ? approve(request, cluster, bind)
              : new Outcome.CheckAfter(RIGHTS_RECHECK);
      case Decision.Deny(var reason, var message) -> {
        world.deny(request, reason, message);
        yield new Outcome.Settled();
      }
    };
  }

  private Outcome approve(
      SigningRequest request, @Nullable ManagedCluster cluster, @Nullable String bind) {
    if (cluster != null) {
      world.approve(request, cluster, bind, APPROVED, APPROVED_MESSAGE);
    }
    return new Outcome.Settled();
  }

  /// Pure: every branch is one row of `RequestApprovalDecisionTest`.
  ///
  /// @param pending the undecided requests with the same label, in any order
  static Decision decide(
      SigningRequest request,
      @Nullable ManagedCluster cluster,
      List<SigningRequest> pending,
      Set<String> trusted) {
    return switch (RequestCheck.check(request.object())) {
      case Finding.Foreign _ -> new Decision.Nothing();
      case Finding.Faulty(var reason, var message) -> new Decision.Deny(reason, message);
      case Finding.Renewal(_, var key) when request.groups().contains(AgentIdentity.RETURNING) ->
          comeBack(cluster, key);
      case Finding.Renewal(_, var key) ->
          open(cluster)
              ? new Decision.ApproveIfMayRenew(bind(cluster, key))
              : new Decision.Wait("the cluster is not accepted");
      case Finding.First(var agent, var key) ->
          first(request, key, agent.cluster(), cluster, pending, trusted);
    };
  }

  /// The old certificate proved the old key; the new one is for that same key or for none.
  private static Decision comeBack(@Nullable ManagedCluster cluster, String key) {
    if (!boundKey(cluster).equals(key)) {
      return new Decision.Deny(
          "KeyNotBound",
          "an agent whose certificate has expired comes back with the key its cluster's name is"
              + " bound to (%s), this one is %s; join again with a bootstrap token"
                  .formatted(brief(boundKey(cluster)), brief(key)));
    }
    return open(cluster)
        ? new Decision.Approve(null)
        : new Decision.Wait("the cluster is not accepted");
  }

  private static Decision first(
      SigningRequest request,
      String key,
      String name,
      @Nullable ManagedCluster cluster,
      List<SigningRequest> pending,
      Set<String> trusted) {
    var bound = boundKey(cluster);
    if (!bound.isEmpty() && !bound.equals(key)) {
      return new Decision.Deny("NameTaken", taken(name, bound, key));
    }
    var known = cluster != null && !cluster.metadata().deleting();
    if (!open(cluster) && !(known && trusted.contains(request.user()))) {
      return new Decision.Wait("the cluster is not accepted");
    }
    if (bound.isEmpty() && olderRival(request, key, pending)) {
      return new Decision.Wait("an older request comes first");
    }
    return new Decision.Approve(bind(cluster, key));
  }

  private static String taken(String name, String bound, String key) {
    return "cluster name %s is taken by an agent with another key (%s, this one is %s): "
            .formatted(name, brief(bound), brief(key))
        + "join under another name, or, if this agent replaces it, have an administrator run: "
        + "kubectl annotate managedcluster %s %s-".formatted(name, AgentKey.ANNOTATION);
  }

  private static String brief(String hash) {
    return hash.length() > 19 ? hash.substring(0, 19) : hash;
  }

  private static boolean olderRival(
      SigningRequest request, String key, List<SigningRequest> pending) {
    return pending.stream()
        .filter(other -> SigningRequest.BY_AGE.compare(other, request) < 0)
        .anyMatch(other ->
            RequestCheck.check(other.object()) instanceof Finding.First(_, var otherKey)
                && !otherKey.equals(key));
  }

  private static boolean open(@Nullable ManagedCluster cluster) {
    return cluster != null && cluster.accepted() && !cluster.metadata().deleting();
  }

  private static @Nullable String bind(@Nullable ManagedCluster cluster, String key) {
    return boundKey(cluster).equals(key) ? null : key;
  }

  static String boundKey(@Nullable ManagedCluster cluster) {
    return cluster == null
        ? ""
        : cluster.metadata().annotations().getOrDefault(AgentKey.ANNOTATION, "");
  }
}
