package io.nave.runtime.sim;

import io.nave.runtime.Service;
import io.nave.runtime.Service.Feed;
import io.nave.runtime.Service.Peer;
import io.nave.runtime.Service.Reply;
import io.nave.runtime.Transport.Response;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's end of an [Exchange]: runs the service on a task of the server, and pumps a feed.
final class Serving {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
  private static final Duration FEED_POLL = Duration.ofMinutes(1);
  private static final int CHUNKS_IN_FLIGHT_MAX = 64;

  private final SimNetwork network;
  private final Baton baton;
  private final Exchange exchange;
  private final SimHost host;
  private final Peer peer;
  private final Wire toClient;
  private @Nullable SimTask pump; // while it waits for room
  private @Nullable Feed feed; // until it is closed
  private int chunksInFlight;
  private boolean done;

  Serving(SimNetwork network, Baton baton, Exchange exchange, SimHost host, Peer peer) {
    this.network = network;
    this.baton = baton;
    this.exchange = exchange;
    this.host = host;
    this.peer = peer;
    this.toClient =
        new Wire(network, baton.timers(), host, exchange.client(), this::connectionTimedOut);
  }

  SimHost host() {
    return host;
  }

  /// Whether the server has nothing more to send.
  boolean done() {
    return done;
  }

  // ---- what arrives at the server

  void requestArrived() {
    if (done) {
      return; // the client has left, or the host crashed meanwhile
    }
    var service = network.serviceAt(exchange.address());
    if (service == null) {
      breakOff("connection refused; check that the server runs");
      return;
    }
    host.spawn(label("serve " + exchange.request()), () -> serve(service));
  }

  /// The same request once more; what becomes of it is told to nobody.
  void requestArrivedAgain() {
    var service = network.serviceAt(exchange.address());
    if (service != null) {
      host.spawn(
          label("serve again " + exchange.request()),
          () -> {
            if (handle(service) instanceof Reply.Streaming(var _, var _, var unheard)) {
              unheard.close();
            }
          });
    }
  }

  void clientLeft() {
    if (!done) {
      host.log(label("client left"));
      finish();
      releasePump();
    }
  }

  /// The client took a chunk: there is room for another.
  void chunkTaken() {
    chunksInFlight--;
    wakePump();
  }

  /// Nothing could be delivered for the length of a time-out.
  private void connectionTimedOut() {
    if (!done) {
      host.log(label("connection timed out"));
      breakOff("connection reset");
      releasePump();
    }
  }

  void hostCrashed() {
    if (!done) {
      feed = null; // nobody is left to close it
      breakOff("connection reset");
    }
  }

  // ---- what the server does

  private void serve(Service service) {
    switch (handle(service)) {
      case Reply.Full(var response) -> answer(response);
      case Reply.Streaming(var status, var headers, var body) ->
          stream(new Exchange.Head(status, headers), body);
    }
  }

  private Reply handle(Service service) {
    try {
      return service.handle(exchange.request(), peer);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("request", exchange.request()).setCause(e).log("request failed");
      host.log(label("failed: " + e));
      return Reply.full(500, Map.of(), new byte[0]);
    }
  }

  private void answer(Response response) {
    host.log(label("answer " + response));
    var head = new Exchange.Head(response.status(), response.headers());
    finish();
    network.message(
        host,
        exchange.client(),
        label("answer"),
        () -> exchange.answerArrived(head, response.body()));
  }

  private void stream(Exchange.Head head, Feed body) {
    host.log(label("stream HTTP " + head.status()));
    feed = body;
    try {
      if (!done && !network.loses(host, exchange.client(), label("head"))) {
        toClient.send(() -> exchange.headArrived(head));
        pump(body);
      }
    } catch (RuntimeException e) {
      host.log(label("stream failed: " + e));
      breakOff("connection reset");
      throw e;
    } finally {
      finish();
      closeFeed();
    }
  }

  private void pump(Feed body) {
    while (!done) {
      var bytes = body.next(FEED_POLL);
      if (bytes != null) {
        chunksInFlight++;
        toClient.send(() -> exchange.bytesArrived(bytes));
        awaitRoom();
      } else if (!done && body.ended()) {
        finish();
        toClient.send(exchange::endArrived);
      }
    }
  }

  private void awaitRoom() {
    var me = baton.alive();
    pump = me;
    try {
      while (chunksInFlight >= CHUNKS_IN_FLIGHT_MAX && !done) {
        baton.block(me, "room in the stream of " + label(exchange.request().toString()));
      }
    } finally {
      pump = null;
    }
  }

  private void breakOff(String reason) {
    if (!done) {
      finish();
      toClient.send(() -> exchange.resetArrived(reason));
    }
  }

  private void finish() {
    done = true;
    network.forget(exchange);
  }

  /// Makes the pump stop, from inside the scheduler.
  private void releasePump() {
    wakePump();
    if (feed != null) {
      host.spawn(label("close feed"), this::closeFeed);
    }
  }

  private void wakePump() {
    if (pump != null) {
      baton.wake(pump);
    }
  }

  private void closeFeed() {
    var body = feed;
    feed = null;
    if (body != null) {
      body.close();
    }
  }

  private String label(String event) {
    return exchange.label(event);
  }
}
