package io.nave.workhub;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.runtime.Host;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Deletes a work some time after it completed, when it asks for that
/// (`deleteOption.ttlSecondsAfterFinished`, spec/ocm-behaviour.md §7.2). Works of a replica set are
/// the set's own business.
///
/// - Reads: `ManifestWork`.
/// - Writes: its deletion.
/// - Safe to repeat: the uid is part of the deletion.
final class FinishedWorks implements Reconciler {
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);

  private final Host host;
  private final ApiClient client;
  private final Cache<Child> works;

  FinishedWorks(Host host, ApiClient client, Cache<Child> works) {
    this.host = host;
    this.client = client;
    this.works = works;
  }

  @Override
  public Outcome reconcile(Key key) {
    var work = works.get(key).orElse(null);
    var left = left(work, host.now());
    if (work == null || left == null) {
      return new Outcome.Settled();
    }
    if (left.isPositive()) {
      return new Outcome.CheckAfter(left);
    }
    try {
      client.delete(WORK, key, work.uid());
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND)) {
        throw e;
      }
    }
    return new Outcome.Settled();
  }

  /// Whether a change of this work can matter here.
  static boolean concerns(@Nullable Child work) {
    return work != null && work.ttl() != null && work.completedAt() != null;
  }

  /// Pure: how long the work may still stay; null: for ever.
  static @Nullable Duration left(@Nullable Child work, Instant now) {
    if (work == null || work.deleting() || work.set() != null) {
      return null;
    }
    var ttl = work.ttl();
    var completedAt = work.completedAt();
    return ttl == null || completedAt == null ? null : Duration.between(now, completedAt.plus(ttl));
  }
}
