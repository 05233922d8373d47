package io.nave.agent;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.Key;
import io.nave.registration.agent.AgentState;
import io.nave.registration.agent.HubDialer;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An agent with several hubs to choose from (spec §3.8): it belongs to one at a time, and moves on
/// to the next when that one is lost for ten minutes or does not let it in: to the first after it
/// that would ([UsableHub]).
///
/// Each hub has a folder of its own for key, certificate and works, and a Secret of its own where
/// the credential lies in one; which hub was used last is kept, so a restart goes on with it. What
/// the lost hub had delivered is taken over or left by the rules of works that are missing on their
/// hub.
public final class RoamingAgent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoamingAgent.class);
  private static final Duration LOOK = Duration.ofSeconds(5);

  /// Holds the address of the hub used last.
  private static final String CURRENT = "current-hub";

  /// Upstream's time for a hub that was there.
  static final Duration LOST = Duration.ofMinutes(10);

  /// For one that has not answered since it was turned to.
  static final Duration ABSENT = Duration.ofMinutes(1);

  /// A no may be taken back in a moment, as when rights follow acceptance.
  static final Duration REFUSED = Duration.ofSeconds(30);

  /// A hub that may be asked.
  ///
  /// @param token lets the agent ask to join; null when it has joined before
  public record Candidate(HubDialer dialer, @Nullable String token) {
    @Override
    public String toString() {
      return dialer.hubUrl();
    }
  }

  private final Host host;
  private final AgentConfig config;
  private final List<Candidate> candidates;
  private final KlusterletAgent.Cluster cluster;
  private final MeterRegistry registry;
  private final Consumer<AgentState> progress;
  private final Monitor monitor;
  private final Task task;

  private boolean closed; // under monitor
  private volatile @Nullable AgentState state; // of the present hub
  private volatile @Nullable KlusterletAgent agent;

  private RoamingAgent(
      Host host,
      AgentConfig config,
      List<Candidate> candidates,
      KlusterletAgent.Cluster cluster,
      MeterRegistry registry,
      Consumer<AgentState> progress) {
    this.host = host;
    this.config = config;
    this.candidates = List.copyOf(candidates);
    this.cluster = cluster;
    this.registry = registry;
    this.progress = progress;
    this.monitor = host.monitor();
    this.task = host.start("hubs", this::roam);
  }

  /// Starts with the hub used last, or the first.
  ///
  /// @param candidates in the order they are tried; at least one
  /// @param progress as of [KlusterletAgent#start], of whichever hub it is with
  public static RoamingAgent start(
      Host host,
      AgentConfig config,
      List<Candidate> candidates,
      KlusterletAgent.Cluster cluster,
      MeterRegistry registry,
      Consumer<AgentState> progress) {
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("an agent needs at least one hub");
    }
    return new RoamingAgent(host, config, candidates, cluster, registry, progress);
  }

  /// Whether the present hub answered the work side's last call.
  public boolean connected() {
    var present = agent;
    return present != null && present.connected();
  }

  @Override
  public void close() {
    // Not by cancelling: the agent has to be closed in peace, or its folder stays locked.
    try (var _ = monitor.lock()) {
      closed = true;
      monitor.signalAll();
    }
    task.join(Duration.ofSeconds(30));
  }

  private void roam() {
    var index = lastUsed();
    while (true) {
      var candidate = candidates.get(index);
      state = null;
      if (!stay(candidate)) {
        return;
      }
      index = next(index);
      LOG.atWarn()
          .addKeyValue("hub", candidate)
          .addKeyValue("next", candidates.get(index))
          .log("moving on to another hub");
    }
  }

  /// Belongs to a hub until that is lost.
  ///
  /// @return false when this was closed first
  private boolean stay(Candidate candidate) {
    try (var present =
        KlusterletAgent.start(
            host, of(candidate), candidate.dialer(), cluster, registry, this::said)) {
      agent = present;
      remember(candidate);
      return lost();
    } catch (Disk.DiskFailure e) {
      said(new AgentState.Faulty(String.valueOf(e.getMessage())));
      return pause(ABSENT); // its folder cannot be used now: perhaps another hub's can
    } finally {
      agent = null;
    }
  }

  /// The next hub that would let this agent in; when none would, the next one all the same.
  private int next(int index) {
    for (var step = 1; step < candidates.size(); step++) {
      var other = (index + step) % candidates.size();
      if (UsableHub.is(host, candidates.get(other), config.clusterName())) {
        return other;
      }
    }
    return (index + 1) % candidates.size();
  }

  private AgentConfig of(Candidate candidate) {
    return at(config, candidate.dialer().hubUrl(), candidate.token());
  }

  /// The settings of an agent with several hubs while it belongs to the one of this address.
  public static AgentConfig at(AgentConfig config, String hubUrl, @Nullable String token) {
    var hash = hash(hubUrl);
    var secret = config.registration().secret();
    return config.at(
        token,
        config.dataDir().resolve("hub-" + hash),
        secret == null ? null : Key.of(secret.namespace(), secret.name() + "-" + hash));
  }

  /// The address of the hub that an agent with several hubs used last; empty: none yet.
  public static Optional<String> lastUsed(Host host, AgentConfig config) {
    return host.disk()
        .read(config.dataDir().resolve(CURRENT))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
  }

  private void said(AgentState next) {
    state = next;
    progress.accept(next);
  }

  /// Waits until the present hub is lost.
  ///
  /// @return false when this was closed first
  private boolean lost() {
    var wasThere = false;
    var since = host.nanoTime();
    while (true) {
      var now = state;
      wasThere |= now instanceof AgentState.Joined;
      var patience = now == null ? ABSENT : patience(now, wasThere);
      if (patience == null) {
        since = host.nanoTime();
      } else if (host.nanoTime() - since >= patience.toNanos()) {
        return true;
      }
      if (!pause(LOOK)) {
        return false;
      }
    }
  }

  /// @return false when this was closed
  private boolean pause(Duration atMost) {
    try (var _ = monitor.lock()) {
      if (!closed) {
        monitor.await(atMost);
      }
      return !closed;
    }
  }

  /// How long this is borne; null: for ever.
  static @Nullable Duration patience(AgentState state, boolean wasThere) {
    return switch (state) {
      case AgentState.Joined _, AgentState.WaitingForAcceptance _ -> null;
      case AgentState.ClockWrong _, AgentState.Faulty _ -> null; // no other hub helps
      case AgentState.Denied _, AgentState.NoRights _ -> REFUSED;
      case AgentState.TokenRejected _, AgentState.TokenExpired _, AgentState.TokenForbids _ ->
          REFUSED;
      case AgentState.Connecting _ -> wasThere ? LOST : ABSENT;
      case AgentState.HubUnreachable _, AgentState.HubUntrusted _ -> wasThere ? LOST : ABSENT;
      case AgentState.Refused _ -> wasThere ? LOST : ABSENT;
    };
  }

  private int lastUsed() {
    var url = lastUsed(host, config).orElse("");
    for (var i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).dialer().hubUrl().equals(url)) {
        return i;
      }
    }
    return 0;
  }

  /// A disk that cannot be written is no reason to leave the hub: a restart begins with another.
  private void remember(Candidate candidate) {
    try {
      host.disk()
          .write(
              config.dataDir().resolve(CURRENT),
              candidate.dialer().hubUrl().getBytes(StandardCharsets.UTF_8));
    } catch (Disk.DiskFailure e) {
      LOG.atWarn()
          .addKeyValue("hub", candidate)
          .addKeyValue("reason", e.getMessage())
          .log("which hub is used cannot be kept");
    }
  }

  private static String hash(String url) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha.digest(url.getBytes(StandardCharsets.UTF_8)))
          .substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
