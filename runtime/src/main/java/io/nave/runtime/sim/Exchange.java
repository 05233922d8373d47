package io.nave.runtime.sim;

import io.nave.runtime.Service.Peer;
import io.nave.runtime.Transport.Request;
import io.nave.runtime.Transport.Unreachable;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One request and its answer as the client has it. The server's end is a [Serving].
///
/// Request and head of the answer travel as single messages: lost is lost. What follows a head
/// travels on a connection: in order, late rather than lost, and held back by a partition.
final class Exchange {
  private final SimNetwork network;
  private final Baton baton;
  private final long id;
  private final SimHost client;
  private final String address;
  private final Request request;
  private final Serving serving;
  private final Wire toServer;
  private final ArrayDeque<byte[]> received = new ArrayDeque<>();
  private @Nullable SimTask reader; // while it waits
  private @Nullable Head head;
  private @Nullable String broken;
  private boolean bodyEnded;
  private boolean done;

  /// The beginning of an answer.
  record Head(int status, Map<String, String> headers) {}

  Exchange(
      SimNetwork network,
      Baton baton,
      long id,
      SimHost client,
      SimHost server,
      String address,
      Request request,
      Peer peer) {
    this.network = network;
    this.baton = baton;
    this.id = id;
    this.client = client;
    this.address = address;
    this.request = request;
    this.serving = new Serving(network, baton, this, server, peer);
    this.toServer = new Wire(network, baton.timers(), client, server, () -> {});
  }

  long id() {
    return id;
  }

  SimHost client() {
    return client;
  }

  String address() {
    return address;
  }

  Request request() {
    return request;
  }

  Serving serving() {
    return serving;
  }

  String label(String event) {
    return "#" + id + " " + event;
  }

  /// Whether neither end waits for anything more.
  boolean over() {
    return done && serving.done();
  }

  // ---- what the client does

  /// Sends the request and waits for the head of the answer.
  Head ask(SimTask me) {
    client.log(label("ask " + address + " " + request));
    network.message(client, serving.host(), label("request"), serving::requestArrived);
    network.again(client, serving.host(), label("request again"), serving::requestArrivedAgain);
    awaitNews(me, Baton.nanos(network.timeout()), () -> head != null);
    var answer = head;
    if (answer == null) {
      throw unreachable(
          done
              ? "the transport was closed"
              : "no answer within %s; check that the host runs and the network to it"
                  .formatted(network.timeout()));
    }
    return answer;
  }

  /// The next bytes; null when the time is out or the body ended.
  byte @Nullable [] next(SimTask me, long nanos) {
    awaitNews(me, nanos, () -> !received.isEmpty() || bodyEnded);
    var bytes = received.pollFirst();
    if (bytes != null) {
      serving.chunkTaken();
    }
    return bytes;
  }

  /// Everything up to the end of the body.
  byte[] all(SimTask me) {
    var body = new ByteArrayOutputStream();
    long deadline = baton.timers().in(Baton.nanos(network.timeout()));
    while (!ended()) {
      var bytes = next(me, deadline - baton.timers().now());
      if (bytes != null) {
        body.writeBytes(bytes);
      } else if (!ended()) {
        throw unreachable("the answer did not end within " + network.timeout());
      }
    }
    return body.toByteArray();
  }

  boolean ended() {
    return done || (bodyEnded && received.isEmpty());
  }

  private void awaitNews(SimTask me, long nanos, BooleanSupplier news) {
    long deadline = baton.timers().in(nanos);
    while (!news.getAsBoolean() && !done) {
      if (broken != null) {
        throw unreachable(broken);
      }
      long left = deadline - baton.timers().now();
      if (left <= 0) {
        return;
      }
      reader = me;
      try {
        baton.pause(me, left, "an answer to " + label(request.toString()));
      } finally {
        reader = null;
      }
    }
  }

  private Unreachable unreachable(String reason) {
    client.log(label("unreachable"));
    return new Unreachable(address + ": " + request + ": " + reason, null);
  }

  /// The client wants nothing more of it: it has all, gives up, or is gone.
  void leave() {
    if (!done) {
      done = true;
      wakeReader();
      if (!serving.done()) {
        toServer.send(serving::clientLeft);
      }
      network.forget(this);
    }
  }

  // ---- what arrives at the client

  void headArrived(Head arrived) {
    if (!done) {
      client.log(label("got HTTP " + arrived.status));
      head = arrived;
      wakeReader();
    }
  }

  void bytesArrived(byte[] bytes) {
    if (!done) {
      client.log(label("got " + bytes.length + " bytes"));
      received.addLast(bytes);
      wakeReader();
    }
  }

  void answerArrived(Head arrived, byte[] body) {
    if (body.length > 0) {
      received.addLast(body);
    }
    bodyEnded = true;
    headArrived(arrived);
  }

  void endArrived() {
    bodyEnded = true;
    wakeReader();
  }

  void resetArrived(String reason) {
    if (!done && !bodyEnded) {
      client.log(label("reset"));
      broken = reason;
      wakeReader();
    }
  }

  private void wakeReader() {
    if (reader != null) {
      baton.wake(reader);
    }
  }
}
