package io.nave.simulation;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.certs.Authority;
import io.nave.certs.Credential;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.hub.HubConfig;
import io.nave.hub.HubCore;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import io.nave.store.Platter;
import io.nave.store.SimEngine;
import java.time.Duration;
import java.util.List;

/// The hub's machine. Its platter and its authority survive crashes.
public final class SimHub {
  /// Where it serves.
  static final String ADDRESS = "hub";

  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);
  private static final Duration LOGIN_LIFETIME = Duration.ofDays(3000);

  private final SimHost host;
  private final Authority authority;
  private Platter platter = new Platter();
  private boolean started;
  private boolean up;

  SimHub(SimWorld world) {
    this.host = world.host(ADDRESS);
    this.authority = Authority.create(host, "nave-hub", AUTHORITY_LIFETIME);
  }

  /// Its machine, for faults beyond those below.
  public SimHost host() {
    return host;
  }

  /// Its disk, for faults.
  public Platter platter() {
    return platter;
  }

  /// Whether it serves.
  public boolean up() {
    return up;
  }

  /// Begins to start from what is on its platter; [#up] says when it serves. Nothing happens when
  /// it was started already.
  public void start() {
    if (!started) {
      started = true;
      host.start("hub", this::serve);
    }
  }

  private void serve() {
    var core =
        HubCore.start(
            host,
            SimEngine.open(host, platter),
            authority,
            HubConfig.GIT_VERSION,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    host.world().network().listen(host, ADDRESS, core.door());
    up = true;
    host.world().log("hub serves");
  }

  /// Stops dead, wherever it is, also half-way through starting.
  public void crash() {
    started = false;
    up = false;
    host.crash();
  }

  /// Loses everything but its authority, as when it is set up anew by someone who kept that. To be
  /// called while it is down.
  public void empty() {
    host.world().log("hub loses its data");
    platter = new Platter();
  }

  /// What an administrator shows.
  Credential administrator() {
    return authority.issueClient(
        new Identity("nave-admin", List.of("system:masters")),
        KeyPairs.generate(host.secureRandom()),
        LOGIN_LIFETIME);
  }
}
