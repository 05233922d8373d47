package io.nave.registration.hub;

import io.nave.api.Key;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.SigningRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Deletes certificate requests whose time is over, as kube-controller-manager does: agents count
/// them and stop asking when there are too many (spec §3.4).
///
/// - Reads, deletes: `CertificateSigningRequest`.
public final class RequestCleanupReconciler implements Reconciler {
  static final Duration DECIDED_AGE_MAX = Duration.ofHours(1);
  static final Duration PENDING_AGE_MAX = Duration.ofHours(24);

  /// The little this reconciler needs.
  interface World {
    Optional<SigningRequest> request(String name);

    void delete(SigningRequest request);

    Instant now();
  }

  private final World world;

  RequestCleanupReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var request = world.request(key.name()).orElse(null);
    if (request == null) {
      return new Outcome.Settled();
    }
    var left = left(request, world.now());
    if (left.isPositive()) {
      return new Outcome.CheckAfter(left);
    }
    world.delete(request);
    return new Outcome.Settled();
  }

  /// How long the request still stays; not positive when its time is over.
  static Duration left(SigningRequest request, Instant now) {
    var end =
        request.state() == SigningRequest.State.PENDING
            ? request.createdAt().plus(PENDING_AGE_MAX)
            : request.decidedAt().plus(DECIDED_AGE_MAX);
    return Duration.between(now, end);
  }
}
