package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// When this hub saw each lease renewed, by its own monotonic clock.
///
/// The time in a lease is the agent's: one whose clock is slow would look silent while it is not.
/// And a hub that was away itself would find all leases old and move every application off clusters
/// that are well. So only a change of that time counts, and what is seen for the first time counts
/// as renewed now.
final class Renewals {
  /// @param ahead how far that time was ahead of this hub's when it came; null: not known
  private record Seen(String renewTime, long atNanos, @Nullable Duration ahead) {}

  private final Host host;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>(); // by cluster; looked up only

  Renewals(Host host) {
    this.host = host;
  }

  /// How long ago the lease was first seen with the time it holds now.
  Duration silence(ApiObject lease) {
    var renewTime = lease.spec().path("renewTime").asString("");
    var now = host.nanoTime();
    var since =
        seen.compute(
            lease.namespace(),
            (_, before) ->
                before != null && before.renewTime().equals(renewTime)
                    ? before
                    : new Seen(renewTime, now, before == null ? null : ahead(renewTime)));
    return Duration.ofNanos(now - since.atNanos());
  }

  private @Nullable Duration ahead(String renewTime) {
    return ClockReconciler.ahead(renewTime, host.now());
  }

  /// How far the agent's clock was ahead at its last renewal; null when none was seen: what a lease
  /// held before this hub looked at it says nothing about a clock.
  @Nullable Duration ahead(ApiObject lease) {
    var last = seen.get(lease.namespace());
    return last == null ? null : last.ahead();
  }

  /// Notes what a lease holds now.
  void notice(ApiObject lease) {
    var _ = silence(lease);
  }

  void forget(String cluster) {
    seen.remove(cluster);
  }
}
