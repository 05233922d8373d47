package io.nave.runtime.sim;

import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import io.nave.runtime.Transport.Request;
import io.nave.runtime.Transport.Unreachable;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The wires between simulated hosts.
///
/// A request and the head of its answer are messages: they take time, may get lost and do not cross
/// a partition; the client then finds the server unreachable after the time-out. The body of a
/// stream comes in order, late rather than lost; a partition holds it back, and when it lasts for
/// the time-out, the server gives the stream up, of which the client hears after healing. A client
/// that hears nothing on a stream knows as little as in life: it must bound its patience itself.
///
/// What a host offers ends with its crash; requests and streams under way break.
public final class SimNetwork {
  private final SimWorld world;
  private final Baton baton;
  private final RandomGenerator random;
  private final Map<String, Listener> listeners = new TreeMap<>();
  private final Map<String, SimHost> homes = new TreeMap<>(); // also of addresses not served now
  private final Map<Long, Exchange> exchanges = new TreeMap<>();
  private final Set<String> cuts = new TreeSet<>();
  private List<Held> held = new ArrayList<>();
  private long lastId;
  private long latencyNanosMin = 500_000;
  private long latencyNanosMax = 5_000_000;
  private double loss;
  private double doubles;
  private Duration timeout = Duration.ofSeconds(10);

  /// A message a partition stopped.
  private record Held(Wire wire, Wire.Message message) {}

  SimNetwork(SimWorld world, Baton baton, RandomGenerator random) {
    this.world = world;
    this.baton = baton;
    this.random = random;
  }

  // ---- what it is like

  /// How long a message travels, drawn evenly from these bounds; 0.5 to 5 ms unless set.
  public void latency(Duration least, Duration most) {
    latencyNanosMin = Baton.nanos(least);
    latencyNanosMax = Math.max(latencyNanosMin, Baton.nanos(most));
  }

  /// The part of messages that get lost, 0 unless set.
  public void loss(double part) {
    loss = part;
  }

  /// The part of requests that arrive twice, 0 unless set: something on the way sends again what it
  /// takes for lost. Of the second answer nobody hears.
  public void doubles(double part) {
    doubles = part;
  }

  /// How long a client waits for an answer; 10 s unless set.
  public void timeout(Duration time) {
    timeout = time;
  }

  /// Stops everything between two hosts, both ways.
  public void partition(SimHost a, SimHost b) {
    world.log("partition " + a + " " + b);
    cuts.add(link(a, b));
  }

  /// Ends a partition; what it held back of streams goes on.
  public void heal(SimHost a, SimHost b) {
    world.log("heal " + a + " " + b);
    cuts.remove(link(a, b));
    var before = held;
    held = new ArrayList<>();
    for (var message : before) {
      if (message.wire.isBetween(a, b)) {
        message.wire.resume(message.message);
      } else {
        held.add(message);
      }
    }
  }

  // ---- its two ends

  /// Serves an address from a host, until closed or the host crashes.
  ///
  /// @throws IllegalStateException when the address is served already
  public Listener listen(SimHost server, String address, Service service) {
    baton.alive();
    var there = listeners.get(address);
    if (there != null) {
      throw new IllegalStateException(address + " is in use by host " + there.host);
    }
    var listener = new Listener(server, address, service);
    server.log("listen " + address);
    listeners.put(address, listener);
    homes.put(address, server);
    return listener;
  }

  /// A way from a host to an address, which need not be served yet.
  ///
  /// @param certificates what the server sees of the client's identity, its own certificate first;
  ///   empty for none
  public Transport connect(SimHost client, String address, List<X509Certificate> certificates) {
    var peer = new Service.Peer(certificates, client.name());
    return new SimTransport(baton, address, request -> exchange(client, address, request, peer));
  }

  private Exchange exchange(SimHost client, String address, Request request, Service.Peer peer) {
    var server = homes.get(address);
    if (server == null) {
      client.log("unknown host " + address);
      throw new Unreachable(address + ": no such host; check the name", null);
    }
    var exchange = new Exchange(this, baton, ++lastId, client, server, address, request, peer);
    exchanges.put(exchange.id(), exchange);
    return exchange;
  }

  /// An address being served.
  public final class Listener implements AutoCloseable {
    private final SimHost host;
    private final String address;
    private final Service service;

    private Listener(SimHost host, String address, Service service) {
      this.host = host;
      this.address = address;
      this.service = service;
    }

    /// Refuses new requests; those under way go on.
    @Override
    public void close() {
      if (listeners.remove(address, this)) {
        host.log("stop listening " + address);
      }
    }
  }

  // ---- for the exchanges

  Duration timeout() {
    return timeout;
  }

  @Nullable Service serviceAt(String address) {
    var listener = listeners.get(address);
    return listener == null ? null : listener.service;
  }

  /// Sends one message, or loses it; `arrive` runs inside the scheduler.
  void message(SimHost from, SimHost to, String label, Runnable arrive) {
    if (loses(from, to, label)) {
      return;
    }
    var timers = baton.timers();
    timers.add(
        timers.in(latencyNanos()),
        () -> {
          if (isCut(from, to)) {
            to.log(label + " lost");
          } else {
            arrive.run();
          }
        });
  }

  /// Sends a request that was sent a second time, or, most times, does not.
  void again(SimHost from, SimHost to, String label, Runnable arrive) {
    if (doubles > 0 && random.nextDouble() < doubles) {
      message(from, to, label, arrive);
    }
  }

  /// Whether a message that `from` sends now gets lost.
  boolean loses(SimHost from, SimHost to, String label) {
    boolean lost = isCut(from, to) || chanceOfLoss();
    if (lost) {
      from.log(label + " lost");
    }
    return lost;
  }

  boolean chanceOfLoss() {
    return loss > 0 && random.nextDouble() < loss;
  }

  long latencyNanos() {
    return random.nextLong(latencyNanosMin, latencyNanosMax + 1);
  }

  boolean isCut(SimHost a, SimHost b) {
    return !cuts.isEmpty() && cuts.contains(link(a, b));
  }

  void hold(Wire wire, Wire.Message message) {
    held.add(new Held(wire, message));
  }

  void forget(Exchange exchange) {
    if (exchange.over()) {
      exchanges.remove(exchange.id());
    }
  }

  void crashed(SimHost host) {
    listeners.values().removeIf(listener -> listener.host == host);
    for (var exchange : new ArrayList<>(exchanges.values())) {
      if (exchange.serving().host() == host) {
        exchange.serving().hostCrashed();
      }
      if (exchange.client() == host) {
        exchange.leave();
      }
    }
  }

  private static String link(SimHost a, SimHost b) {
    return a.name().compareTo(b.name()) < 0 ? a + "|" + b : b + "|" + a;
  }
}
