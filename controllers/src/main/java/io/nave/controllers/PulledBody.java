package io.nave.controllers;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The body of one answer, handed from the HTTP client's threads to one reading task: the client is
/// asked for a next piece only when the reader has taken one, so a slow reader slows the server.
final class PulledBody implements AsyncBody.Consumer<List<ByteBuffer>> {
  /// Pieces asked for ahead of the reader.
  private static final int AHEAD = 4;

  private final URI server;
  private final Mailbox<byte[]> pieces;
  private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
  private volatile @Nullable AsyncBody source;

  PulledBody(Host host, URI server) {
    this.server = server;
    this.pieces = host.mailbox(AHEAD);
  }

  /// Begins to read; called once, when the head of the answer is there.
  void from(AsyncBody body) {
    source = body;
    var _ =
        body.done()
            .whenComplete((_, failure) -> {
              if (failure != null) {
                fault.compareAndSet(null, failure);
              }
              pieces.close();
            });
    for (var i = 0; i < AHEAD; i++) {
      body.consume();
    }
  }

  /// One piece, on a thread of the HTTP client.
  @Override
  public void consume(List<ByteBuffer> buffers, AsyncBody body) {
    var length = 0;
    for (var buffer : buffers) {
      length += buffer.remaining();
    }
    var piece = ByteBuffer.allocate(length);
    buffers.forEach(piece::put);
    if (!pieces.offer(piece.array())) {
      body.cancel(); // the reader has gone
    }
  }

  /// See [Transport.Stream#next].
  byte @Nullable [] next(Duration atMost) {
    var piece = pieces.poll(atMost);
    if (piece != null) {
      var body = source;
      if (body != null) {
        body.consume();
      }
      return piece;
    }
    var failure = fault.get();
    if (failure != null && pieces.ended()) {
      throw ConnectionFault.explain(server, failure);
    }
    return null;
  }

  /// Whether all was read; also when it ended by a fault.
  boolean ended() {
    return pieces.ended();
  }

  /// Gives up the rest; a reader that waits or comes later is told `why`, if there is one.
  void cancel(@Nullable Throwable why) {
    if (why != null) {
      fault.compareAndSet(null, why);
    }
    pieces.close();
    var body = source;
    if (body != null) {
      body.cancel();
    }
  }
}
