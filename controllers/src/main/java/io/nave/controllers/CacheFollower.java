package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Keeps a [Cache] up to date: list once, watch from there, watch again when a watch ends or
/// breaks, list again when the revision is too old or something is amiss. One task runs it.
final class CacheFollower {
  private static final Logger LOG = LoggerFactory.getLogger(CacheFollower.class);
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

  /// A watch that lives this long is a good one, even when nothing changes.
  private static final Duration GOOD_AFTER = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMinutes(1);

  private final Host host;
  private final ApiClient client;
  private final Cache.Scope scope;
  private final Cache<?> cache;
  // All of the one task.
  private boolean listed;
  private String revision = "";
  private int failures;
  private @Nullable String problem; // said in the log and not yet over

  CacheFollower(Host host, ApiClient client, Cache.Scope scope, Cache<?> cache) {
    this.host = host;
    this.client = client;
    this.scope = scope;
    this.cache = cache;
  }

  void run() {
    while (true) {
      host.sleep(step());
    }
  }

  /// Lists when needed, then follows one watch to its end.
  ///
  /// @return how long to wait before the next step
  Duration step() {
    try {
      if (!listed) {
        list();
      }
      follow();
      return pause();
    } catch (Cancelled e) {
      throw e;
    } catch (Transport.Unreachable e) {
      return failed(e, "the API cannot be reached: " + e.getMessage());
    } catch (ApiError e) {
      listed = listed && !e.is(ApiError.Reason.EXPIRED) && !tooLarge(e);
      var pause = failed(e, Objects.requireNonNullElse(e.getMessage(), e.reason().text()));
      return e.retryAfterSeconds() > 0 ? pause.plusSeconds(e.retryAfterSeconds()) : pause;
    } catch (RuntimeException e) {
      listed = false; // a listener failed half way: start from solid ground
      LOG.atError()
          .addKeyValue("kind", scope.type().kind())
          .setCause(e)
          .log("following the API failed, listing again");
      return pause();
    }
  }

  private void list() {
    var listing = client.list(scope.type(), scope.namespace(), scope.selection());
    cache.replace(listing.items());
    revision = listing.resourceVersion();
    listed = true;
  }

  private void follow() {
    var began = host.nanoTime();
    try (var watch = client.watch(scope.type(), scope.namespace(), scope.selection(), revision)) {
      while (true) {
        var old = host.nanoTime() - began >= GOOD_AFTER.toNanos();
        var event = watch.next(old ? POLL : GOOD_AFTER);
        if (event != null) {
          apply(event);
          good();
        } else if (host.nanoTime() - began >= GOOD_AFTER.toNanos()) {
          good();
        }
        if (event == null && watch.ended()) {
          return;
        }
      }
    }
  }

  private void apply(ApiClient.Watch.Event event) {
    var object = event.object();
    switch (event.kind()) {
      case ADDED, MODIFIED -> cache.put(object);
      case DELETED -> cache.delete(object.key());
      case BOOKMARK -> {}
    }
    if (!object.resourceVersion().isEmpty()) {
      revision = object.resourceVersion();
    }
  }

  private void good() {
    failures = 0;
    if (problem != null) {
      problem = null;
      LOG.atInfo().addKeyValue("kind", scope.type().kind()).log("cache follows the API again");
    }
  }

  private Duration failed(RuntimeException fault, String reason) {
    var quiet = reason.equals(problem) || (fault instanceof ApiError e && expired(e));
    LOG.atLevel(quiet ? Level.DEBUG : Level.WARN)
        .addKeyValue("kind", scope.type().kind())
        .addKeyValue("reason", reason)
        .log("cache cannot follow the API, trying again");
    if (!quiet) {
      problem = reason;
    }
    return pause();
  }

  private Duration pause() {
    failures++;
    return PAUSES.after(failures, host.random());
  }

  private static boolean expired(ApiError e) {
    return e.is(ApiError.Reason.EXPIRED);
  }

  private static boolean tooLarge(ApiError e) {
    return e.is(ApiError.Reason.REQUEST_ENTITY_TOO_LARGE);
  }
}
