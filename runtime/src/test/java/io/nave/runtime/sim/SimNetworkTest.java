package io.nave.runtime.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.runtime.Cancelled;
import io.nave.runtime.Service;
import io.nave.runtime.Service.Reply;
import io.nave.runtime.Transport;
import io.nave.runtime.Transport.Request;
import io.nave.runtime.Transport.Unreachable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SimNetworkTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Request GET = new Request("GET", "/x", Map.of(), new byte[0]);

  private final SimWorld world = new SimWorld(2026);
  private final SimNetwork network = world.network();
  private final SimHost server = world.host("hub");
  private final SimHost client = world.host("east");
  private final Transport transport = network.connect(client, "hub:6443", List.of());

  @AfterEach
  void close() {
    world.close();
  }

  private static Reply ok(String body) {
    return Reply.full(200, Map.of(), body.getBytes(UTF_8));
  }

  @Test
  void aRequestIsAnsweredByTheServiceOnTheServersHost() {
    network.listen(
        server,
        "hub:6443",
        (request, peer) -> {
          server.sleep(SECOND);
          return ok(request.method() + request.target() + " from " + peer.address());
        });
    var response = transport.send(GET);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).asString().isEqualTo("GET/x from east");
    assertThat(world.elapsed()).isBetween(Duration.ofMillis(1001), Duration.ofMillis(1010));
    assertThat(world.eventLog()).contains("east #1 ask hub:6443 GET /x", "hub #1 answer HTTP 200");
  }

  @Test
  void aFailingServiceAnswers500() {
    network.listen(
        server,
        "hub:6443",
        (_, _) -> {
          throw new IllegalArgumentException("oops");
        });
    assertThat(transport.send(GET).status()).isEqualTo(500);
  }

  @Test
  void anUnknownNameAndAClosedPortAreToldApart() {
    assertThatThrownBy(() -> transport.send(GET))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("no such host");
    network.listen(server, "hub:6443", (_, _) -> ok("")).close();
    assertThatThrownBy(() -> transport.send(GET))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("connection refused");
    network.listen(server, "hub:6443", (_, _) -> ok(""));
    assertThatThrownBy(() -> network.listen(client, "hub:6443", (_, _) -> ok("")))
        .hasMessageContaining("hub:6443 is in use by host hub");
  }

  @Test
  void aLostMessageIsFoundByTheTimeOut() {
    var handled = new AtomicInteger();
    network.listen(server, "hub:6443", (_, _) -> ok("" + handled.incrementAndGet()));
    network.loss(1);
    assertThatThrownBy(() -> transport.send(GET))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("no answer within PT10S");
    assertThat(world.elapsed()).isEqualTo(SECOND.multipliedBy(10));
    network.loss(0);
    assertThat(transport.send(GET).body()).asString().isEqualTo("1");
  }

  @Test
  void anAnswerThatGetsLostWasCarriedOutAllTheSame() {
    var handled = new AtomicInteger();
    network.listen(
        server,
        "hub:6443",
        (_, _) -> {
          network.loss(1);
          return ok("" + handled.incrementAndGet());
        });
    assertThatThrownBy(() -> transport.send(GET)).isInstanceOf(Unreachable.class);
    assertThat(handled).hasValue(1);
  }

  @Test
  void aPartitionStopsRequestsUntilItIsHealed() {
    network.listen(server, "hub:6443", (_, _) -> ok("hello"));
    network.partition(client, server);
    assertThatThrownBy(() -> transport.send(GET)).isInstanceOf(Unreachable.class);
    assertThat(network.connect(world.host("west"), "hub:6443", List.of()).send(GET).status())
        .isEqualTo(200);
    network.heal(server, client);
    assertThat(transport.send(GET).status()).isEqualTo(200);
  }

  @Test
  void aCrashOfTheServerResetsRequestsInFlight() {
    network.listen(
        server,
        "hub:6443",
        (_, _) -> {
          server.sleep(SECOND.multipliedBy(5));
          return ok("");
        });
    world.at(SECOND, server::crash);
    assertThatThrownBy(() -> transport.send(GET))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("connection reset");
    assertThat(world.elapsed()).isLessThan(SECOND.multipliedBy(2));
    assertThatThrownBy(() -> transport.send(GET)).hasMessageContaining("connection refused");
  }

  @Test
  void aCancelledClientStopsWaiting() {
    network.listen(
        server,
        "hub:6443",
        (_, _) -> {
          server.sleep(SECOND.multipliedBy(5));
          return ok("");
        });
    var outcome = new ArrayList<String>();
    var asking =
        client.start(
            "asks",
            () -> {
              try {
                transport.send(GET);
              } catch (Cancelled e) {
                outcome.add("cancelled");
              }
            });
    world.run(SECOND);
    asking.cancel();
    world.run(Duration.ZERO);
    assertThat(outcome).containsExactly("cancelled");
  }

  @Test
  void aStreamComesWholeAndInOrderThoughMessagesAreLate() {
    network.latency(Duration.ofMillis(1), Duration.ofMillis(500));
    var feed = new CountingFeed(server, 500);
    network.listen(server, "hub:6443", (_, _) -> new Reply.Streaming(200, Map.of(), feed));
    try (var stream = transport.open(GET)) {
      network.loss(0.2);
      assertThat(stream.status()).isEqualTo(200);
      assertThat(readAll(stream)).isEqualTo(feed.all());
      assertThat(stream.ended()).isTrue();
      assertThat(feed.closes).hasValue(1);
    }
    network.loss(0);
    assertThat(transport.send(GET).body()).isEmpty();
  }

  @Test
  void aSlowReaderHoldsTheServerBack() {
    var feed = new CountingFeed(server, 10_000);
    network.listen(server, "hub:6443", (_, _) -> new Reply.Streaming(200, Map.of(), feed));
    try (var stream = transport.open(GET)) {
      world.run(Duration.ofHours(1));
      assertThat(feed.sent).isBetween(10, 100);
      assertThat(readAll(stream)).isEqualTo(feed.all());
    }
  }

  @Test
  void closingTheClientsEndClosesTheFeed() {
    var feed = new CountingFeed(server, 0);
    network.listen(server, "hub:6443", (_, _) -> new Reply.Streaming(200, Map.of(), feed));
    var stream = transport.open(GET);
    assertThat(stream.next(SECOND)).isNull();
    assertThat(stream.ended()).isFalse();
    var reader = client.start("reads", () -> stream.next(Duration.ofHours(1)));
    world.run(SECOND);
    stream.close();
    world.run(SECOND);
    assertThat(reader.ended()).isTrue();
    assertThat(stream.ended()).isTrue();
    assertThat(feed.closes).hasValue(1);
  }

  @Test
  void aCrashOfTheClientClosesTheFeed() {
    var feed = new CountingFeed(server, 0);
    network.listen(server, "hub:6443", (_, _) -> new Reply.Streaming(200, Map.of(), feed));
    client.start("reads", () -> transport.open(GET).next(Duration.ofHours(1)));
    world.run(SECOND);
    client.crash();
    world.run(SECOND);
    assertThat(feed.closes).hasValue(1);
  }

  @Test
  void aCrashOfTheServerBreaksItsStreams() {
    var feed = new CountingFeed(server, 0);
    network.listen(server, "hub:6443", (_, _) -> new Reply.Streaming(200, Map.of(), feed));
    var stream = transport.open(GET);
    world.at(SECOND, server::crash);
    assertThatThrownBy(() -> stream.next(Duration.ofMinutes(1)))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("connection reset");
    assertThat(world.elapsed()).isLessThan(SECOND.multipliedBy(2));
  }

  @Test
  void aShortPartitionOnlyDelaysAStream() {
    var feed = new CountingFeed(server, 0);
    network.listen(server, "hub:6443", (_, _) -> new Reply.Streaming(200, Map.of(), feed));
    var stream = transport.open(GET);
    network.partition(client, server);
    feed.more(3);
    assertThat(stream.next(SECOND.multipliedBy(5))).isNull();
    network.heal(client, server);
    assertThat(new String(stream.next(SECOND), UTF_8)).isEqualTo("1,");
    assertThat(new String(stream.next(SECOND), UTF_8)).isEqualTo("2,");
    assertThat(new String(stream.next(SECOND), UTF_8)).isEqualTo("3,");
  }

  @Test
  void aLongPartitionBreaksAStreamOfWhichTheClientHearsAfterHealing() {
    var feed = new CountingFeed(server, 0);
    network.listen(server, "hub:6443", (_, _) -> new Reply.Streaming(200, Map.of(), feed));
    var stream = transport.open(GET);
    network.partition(client, server);
    feed.more(1);
    assertThat(stream.next(SECOND.multipliedBy(60))).isNull();
    assertThat(feed.closes).hasValue(1);
    network.heal(client, server);
    assertThat(stream.next(SECOND)).isEqualTo("1,".getBytes(UTF_8));
    assertThatThrownBy(() -> stream.next(SECOND)).isInstanceOf(Unreachable.class);
  }

  @Test
  void closingTheTransportReleasesWhoWaitsOnIt() {
    network.listen(
        server,
        "hub:6443",
        (_, _) -> new Reply.Streaming(200, Map.of(), new CountingFeed(server, 0)));
    var stream = transport.open(GET);
    transport.close();
    assertThat(stream.ended()).isTrue();
    assertThatThrownBy(() -> transport.send(GET)).hasMessageContaining("the transport was closed");
  }

  private static String readAll(Transport.Stream stream) {
    var text = new StringBuilder();
    while (!stream.ended()) {
      var bytes = stream.next(SECOND);
      if (bytes != null) {
        text.append(new String(bytes, UTF_8));
      }
    }
    return text.toString();
  }

  /// Numbers from 1 up; without a limit it waits for more until closed.
  private static final class CountingFeed implements Service.Feed {
    final AtomicInteger closes = new AtomicInteger();
    int sent;
    private final SimHost host;
    private final io.nave.runtime.Monitor monitor;
    private final int most;
    private int available;

    CountingFeed(SimHost host, int most) {
      this.host = host;
      this.monitor = host.monitor();
      this.most = most;
      this.available = most;
    }

    void more(int count) {
      try (var _ = monitor.lock()) {
        available += count;
        monitor.signalAll();
      }
    }

    @Override
    public byte[] next(Duration atMost) {
      try (var _ = monitor.lock()) {
        if (sent == available && closes.get() == 0 && most == 0) {
          monitor.await(atMost);
        }
        return sent == available ? null : (++sent + ",").getBytes(UTF_8);
      }
    }

    @Override
    public boolean ended() {
      return closes.get() > 0 || (most > 0 && sent == most);
    }

    @Override
    public void close() {
      try (var _ = monitor.lock()) {
        closes.incrementAndGet();
        monitor.signalAll();
      }
    }

    String all() {
      var text = new StringBuilder();
      for (int i = 1; i <= most; i++) {
        text.append(i).append(',');
      }
      return text.toString();
    }

    @Override
    public String toString() {
      return "feed on " + host;
    }
  }
}
