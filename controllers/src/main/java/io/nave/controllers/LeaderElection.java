package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Among several candidates one leads at a time: the holder of a Lease. What leads is started when
/// the Lease is won and closed when it is lost.
///
/// The rules are client-go's: a candidate takes the Lease when it is free, or when its holder has
/// not renewed it for as long as it says, counted on the candidate's own clock from when it first
/// saw that renewal, so clocks need not agree. A leader that could not renew for two thirds of that
/// time stops by itself, before anybody else may begin. It also fences itself: [#fenced] clients
/// refuse to write once the time of the last renewal is over, so a leader that was frozen and thaws
/// does not go on. A write that was already under way then is one of optimistic concurrency like
/// any other, and the controllers look at the present before each.
public final class LeaderElection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);
  private static final ResourceType LEASES =
      ResourceType.of("coordination.k8s.io", "v1", "Lease", "leases", true);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

  /// Who wants to lead what.
  ///
  /// @param lease where the Lease is; its namespace must be there
  /// @param identity differs between the candidates
  /// @param duration after which a silent leader is replaced; whole seconds
  public record Settings(Key lease, String identity, Duration duration) {
    public Settings {
      if (duration.toSeconds() < 1) {
        throw new IllegalArgumentException("a lease lasts at least a second, was " + duration);
      }
    }

    Duration renewEvery() {
      return duration.dividedBy(5);
    }

    Duration giveUpAfter() {
      return duration.multipliedBy(2).dividedBy(3);
    }
  }

  /// What to do about the Lease.
  sealed interface Decision {
    record Create() implements Decision {}

    record Take(int transitions) implements Decision {}

    record Renew() implements Decision {}

    record Wait() implements Decision {}
  }

  private final Host host;
  private final ApiClient client;
  private final Settings settings;
  private final Function<LeaderElection, ? extends AutoCloseable> lead;
  private final Monitor monitor;
  private final Task task;
  private boolean closed; // under monitor
  private volatile long leadsUntil; // on the host's monotonic clock; while `leads`
  private volatile boolean leads;
  private String seenRevision = ""; // election task only: the renewal seen last
  private long seenAt; // election task only
  private @Nullable AutoCloseable leading; // election task only

  private LeaderElection(
      Host host,
      ApiClient client,
      Settings settings,
      Function<LeaderElection, ? extends AutoCloseable> lead) {
    this.host = host;
    this.client = client;
    this.settings = settings;
    this.lead = lead;
    this.monitor = host.monitor();
    this.task = host.start("leader-election", this::run);
  }

  /// Begins to stand for election.
  ///
  /// @param lead starts what leads, with clients that this election fences; may take its time
  public static LeaderElection start(
      Host host,
      ApiClient client,
      Settings settings,
      Function<LeaderElection, ? extends AutoCloseable> lead) {
    return new LeaderElection(host, client, settings, lead);
  }

  /// Whether this candidate leads now.
  public boolean leading() {
    return leads && host.nanoTime() < leadsUntil;
  }

  private void run() {
    var starter = new Starter();
    try {
      while (waited(step() ? settings.renewEvery() : settings.renewEvery().dividedBy(2))) {
        starter.follow(leading());
      }
    } finally {
      leads = false;
      starter.follow(false);
    }
  }

  /// @return false when this is closed
  private boolean waited(Duration time) {
    long deadline = host.nanoTime() + time.toNanos();
    try (var _ = monitor.lock()) {
      while (!closed) {
        var left = Duration.ofNanos(deadline - host.nanoTime());
        if (!left.isPositive()) {
          return true;
        }
        monitor.await(left);
      }
      return false;
    }
  }

  /// One look at the Lease, and one write of it at most.
  ///
  /// @return whether this candidate holds it
  private boolean step() {
    long start = host.nanoTime();
    try {
      if (held(start)) {
        leadsUntil = start + settings.giveUpAfter().toNanos();
        if (!leads) {
          leads = true;
          LOG.atInfo().addKeyValue("key", settings.lease()).log("this process leads now");
        }
        return true;
      }
      stop("another process holds the lease");
    } catch (Cancelled e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.atDebug().addKeyValue("reason", e.getMessage()).log("the lease cannot be had now");
      if (host.nanoTime() >= leadsUntil) {
        stop("the lease could not be renewed");
      }
    }
    return leads;
  }

  private void stop(String why) {
    if (leads) {
      leads = false;
      LOG.atWarn().addKeyValue("reason", why).log("this process leads no more");
    }
  }

  private boolean held(long now) {
    var found = client.find(LEASES, settings.lease()).orElse(null);
    if (found != null && !found.resourceVersion().equals(seenRevision)) {
      seenRevision = found.resourceVersion();
      seenAt = now;
    }
    return switch (decide(found, settings.identity(), Duration.ofNanos(now - seenAt))) {
      case Decision.Create() -> created();
      case Decision.Take(var transitions) -> updated(present(found), transitions);
      case Decision.Renew() -> updated(present(found), -1);
      case Decision.Wait() -> false;
    };
  }

  private static ApiObject present(@Nullable ApiObject found) {
    if (found == null) {
      throw new IllegalStateException("there is no lease to write");
    }
    return found;
  }

  /// Pure: who may write the Lease.
  ///
  /// @param quiet how long nothing has changed in it
  static Decision decide(@Nullable ApiObject lease, String identity, Duration quiet) {
    if (lease == null) {
      return new Decision.Create();
    }
    var holder = lease.at("/spec/holderIdentity").asString("");
    if (holder.equals(identity)) {
      return new Decision.Renew();
    }
    var duration = Duration.ofSeconds(lease.at("/spec/leaseDurationSeconds").asLong(1));
    return holder.isEmpty() || quiet.compareTo(duration) > 0
        ? new Decision.Take(lease.at("/spec/leaseTransitions").asInt(0) + 1)
        : new Decision.Wait();
  }

  private boolean created() {
    var lease = ApiObject.named(LEASES, settings.lease().namespace(), settings.lease().name());
    try {
      client.create(LEASES, filled(lease, 0));
      return true;
    } catch (ApiError e) {
      return lost(e);
    }
  }

  private boolean updated(ApiObject found, int transitions) {
    try {
      client.update(LEASES, filled(found, transitions), "");
      return true;
    } catch (ApiError e) {
      return lost(e);
    }
  }

  private static boolean lost(ApiError e) {
    if (e.is(ApiError.Reason.CONFLICT) || e.is(ApiError.Reason.ALREADY_EXISTS)) {
      return false;
    }
    throw e;
  }

  /// @param transitions below 0: a renewal
  private ApiObject filled(ApiObject lease, int transitions) {
    var now = micros(host.now());
    return lease.edit(tree -> {
      var spec = tree.withObjectProperty("spec");
      spec.put("holderIdentity", settings.identity());
      spec.put("leaseDurationSeconds", (int) settings.duration().toSeconds());
      spec.put("renewTime", now);
      if (transitions >= 0) {
        spec.put("acquireTime", now).put("leaseTransitions", transitions);
      }
    });
  }

  private static String micros(Instant time) {
    return "%s.%06dZ"
        .formatted(
            Instant.ofEpochSecond(time.getEpochSecond()).toString().replace("Z", ""),
            time.getNano() / 1000);
  }

  /// Starts and closes what leads on a task of its own, so that renewals go on meanwhile.
  private final class Starter {
    private @Nullable Task starting;

    void follow(boolean wanted) {
      var busy = starting;
      if (busy != null && !busy.ended()) {
        if (wanted) {
          return;
        }
        busy.join(CLOSE_WAIT);
      }
      if (wanted && leading == null) {
        starting = host.start("leader", () -> leading = lead.apply(LeaderElection.this));
      } else if (!wanted && leading != null) {
        shut();
      }
    }

    private void shut() {
      var parts = leading;
      leading = null;
      try {
        if (parts != null) {
          parts.close();
        }
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("what led did not close");
      }
    }
  }

  /// A client that writes only while this candidate leads.
  public ApiClient fenced(ApiClient other) {
    return new FencedClient(other, this::leading);
  }

  /// Stops leading, and gives the Lease back so that another can lead at once.
  @Override
  public void close() {
    var held = leading();
    try (var _ = monitor.lock()) {
      closed = true;
      monitor.signalAll();
    }
    task.join(CLOSE_WAIT);
    if (held) {
      giveBack();
    }
  }

  private void giveBack() {
    try {
      var found = client.find(LEASES, settings.lease());
      if (found.isPresent()
          && found.get().at("/spec/holderIdentity").asString("").equals(settings.identity())) {
        client.update(
            LEASES,
            found.get().edit(tree -> tree.withObjectProperty("spec").put("holderIdentity", "")),
            "");
      }
    } catch (RuntimeException e) {
      LOG.atDebug().addKeyValue("reason", e.getMessage()).log("the lease runs out by itself");
    }
  }
}
