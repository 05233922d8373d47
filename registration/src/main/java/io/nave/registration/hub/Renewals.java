package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// When this hub saw each lease renewed, by its own monotonic clock.
///
/// The time in a lease is the agent's: one whose clock is slow would look silent while it is not.
/// And a hub that was away itself would find all leases old and move every application off clusters
/// that are well. So only a change of that time counts, and what is seen for the first time counts
/// as renewed now.
final class Renewals {
  private record Seen(String renewTime, long atNanos) {}

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
                    : new Seen(renewTime, now));
    return Duration.ofNanos(now - since.atNanos());
  }

  /// Notes what a lease holds now.
  void notice(ApiObject lease) {
    var _ = silence(lease);
  }

  void forget(String cluster) {
    seen.remove(cluster);
  }
}
