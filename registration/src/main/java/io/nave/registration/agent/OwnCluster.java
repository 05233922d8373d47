package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Backoff;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The agent's own ManagedCluster as the hub has it, followed by a watch of that one object: a
/// decision about the cluster arrives at once, and the status need not be asked for.
///
/// The watch runs on a task of its own; [#latest] may be called from any.
final class OwnCluster {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final Backoff RETRY = new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(60));
  private static final Duration ROUND = Duration.ofSeconds(60);

  /// What a decision about the cluster looks like; a change of anything else wakes nobody.
  private record View(
      boolean accepts, String accepted, String clock, Duration lease, List<?> namespaces) {
    static View of(ApiObject object) {
      var cluster = Codec.decode(object, ManagedCluster.class);
      return new View(
          cluster.accepted(),
          status(cluster, ManagedCluster.ACCEPTED),
          status(cluster, ManagedCluster.CLOCK_SYNCED),
          cluster.spec().leaseDuration(),
          cluster.status().managedNamespaces());
    }

    private static String status(ManagedCluster cluster, String type) {
      return Condition.find(cluster.status().conditions(), type).map(Condition::status).orElse("");
    }
  }

  private final Host host;
  private final ApiClient hub;
  private final String name;
  private final Runnable decided;
  private final Monitor monitor;
  private @Nullable ApiObject latest; // under monitor; null while not followed

  /// @param decided called from the watch's task when the hub decided something about the cluster
  OwnCluster(Host host, ApiClient hub, String name, Runnable decided) {
    this.host = host;
    this.hub = hub;
    this.name = name;
    this.decided = decided;
    this.monitor = host.monitor();
  }

  /// The cluster as it is on the hub; asked for when it is not followed.
  ///
  /// @throws ApiError NotFound, Forbidden, ...
  ApiObject present() {
    return latest().orElseGet(() -> hub.get(CLUSTER, Key.of(name)));
  }

  private Optional<ApiObject> latest() {
    try (var _ = monitor.lock()) {
      return Optional.ofNullable(latest);
    }
  }

  /// What was written from here, unless the watch has shown something later.
  void wrote(ApiObject stored) {
    try (var _ = monitor.lock()) {
      if (latest != null
          && latest.uid().equals(stored.uid())
          && latest.revision() < stored.revision()) {
        latest = stored;
      }
    }
  }

  /// What is known is not trusted any more: the next one asks.
  void forget() {
    set(null);
  }

  private void set(@Nullable ApiObject next) {
    try (var _ = monitor.lock()) {
      latest = next;
    }
  }

  /// Follows until the task is cancelled.
  void follow() {
    var failures = 0;
    while (true) {
      try {
        var first = hub.list(CLUSTER, "", Selection.named(name));
        var found = first.items().isEmpty() ? null : first.items().getFirst();
        show(found);
        failures = 0;
        watch(first.resourceVersion());
      } catch (ApiError | Transport.Unreachable e) {
        failures++; // the duties notice and tell; here it is only tried again
      } finally {
        forget();
      }
      host.sleep(RETRY.after(Math.max(1, failures), host.random()));
    }
  }

  private void watch(String from) {
    try (var watch = hub.watch(CLUSTER, "", Selection.named(name), from)) {
      while (true) {
        var event = watch.next(ROUND);
        if (event == null) {
          if (watch.ended()) {
            return;
          }
        } else if (event.kind() == ApiClient.Watch.Kind.DELETED) {
          show(null);
        } else if (event.kind() != ApiClient.Watch.Kind.BOOKMARK) {
          show(event.object());
        }
      }
    }
  }

  private void show(@Nullable ApiObject next) {
    var before = latest().map(View::of);
    set(next);
    if (!before.equals(Optional.ofNullable(next).map(View::of))) {
      decided.run();
    }
  }
}
