package io.nave.apiserver.http;

import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/// The way of a streamed body from the task that makes it to the event loop that sends it. Two
/// pieces may be under way, so that making and sending overlap; then the task waits, and while the
/// client does not read, so does the feed behind it.
final class Outflow {
  private static final int UNDER_WAY_MAX = 2;

  /// A client that takes nothing for so long is not coming back.
  private static final Duration STALL_MAX = Duration.ofSeconds(60);

  private final HttpServerResponse response; // event loop only
  private final Context context;
  private final Monitor monitor;
  private int underWay; // under monitor
  private boolean gone; // under monitor
  private int kept; // event loop only: pieces written while the queue was full

  Outflow(HttpServerResponse response, Context context, Host host) {
    this.response = response;
    this.context = context;
    this.monitor = host.monitor();
  }

  /// Hands on a piece, waiting for room.
  ///
  /// @return false when the client is gone, or has stalled for too long
  /// @throws io.nave.runtime.Cancelled when the task is cancelled while it waits
  boolean write(byte[] bytes) {
    try (var _ = monitor.lock()) {
      while (!gone && underWay >= UNDER_WAY_MAX) {
        if (!monitor.await(STALL_MAX)) {
          return false;
        }
      }
      if (gone) {
        return false;
      }
      underWay++;
    }
    context.runOnContext(_ -> send(bytes));
    return true;
  }

  /// The client went away: nobody waits for it any longer.
  void leave() {
    try (var _ = monitor.lock()) {
      gone = true;
      monitor.signalAll();
    }
  }

  private void send(byte[] bytes) {
    if (response.ended() || response.closed()) {
      leave();
      return;
    }
    response.write(Buffer.buffer(bytes));
    kept++;
    if (!response.writeQueueFull()) {
      sent();
    } else {
      response.drainHandler(_ -> sent());
    }
  }

  private void sent() {
    try (var _ = monitor.lock()) {
      underWay -= kept;
      monitor.signalAll();
    }
    kept = 0;
  }
}
