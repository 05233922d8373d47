package io.nave.controllers;

import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The body of one answer, handed from the HTTP client's threads to one reading task: the client is
/// asked for a next piece only when the reader has taken one, so a slow reader slows the server.
final class PulledBody implements HttpResponse.BodySubscriber<PulledBody> {
  /// Pieces asked for ahead of the reader.
  private static final int AHEAD = 4;

  private final URI server;
  private final Mailbox<byte[]> pieces;
  private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
  private volatile Flow.@Nullable Subscription source;
  private volatile boolean cancelled;

  PulledBody(Host host, URI server) {
    this.server = server;
    this.pieces = host.mailbox(AHEAD);
  }

  /// Itself, at once: the head of an answer does not wait for its body.
  @Override
  public CompletionStage<PulledBody> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    source = subscription;
    if (cancelled) { // after the write: either this sees it or cancel() sees the source
      subscription.cancel();
    } else {
      subscription.request(AHEAD);
    }
  }

  /// One piece, on a thread of the HTTP client.
  @Override
  public void onNext(List<ByteBuffer> buffers) {
    var length = 0;
    for (var buffer : buffers) {
      length += buffer.remaining();
    }
    var piece = new byte[length];
    var at = 0;
    for (var buffer : buffers) {
      var part = buffer.remaining();
      buffer.get(piece, at, part);
      at += part;
    }
    if (!pieces.offer(piece)) {
      cancel(null); // the reader has gone
    }
  }

  @Override
  public void onError(Throwable failure) {
    fault.compareAndSet(null, failure);
    pieces.close();
  }

  @Override
  public void onComplete() {
    pieces.close();
  }

  /// See [io.nave.runtime.Transport.Stream#next].
  byte @Nullable [] next(Duration atMost) {
    var piece = pieces.poll(atMost);
    if (piece != null) {
      var body = source;
      if (body != null) {
        body.request(1);
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
    cancelled = true;
    var body = source;
    if (body != null) {
      body.cancel();
    }
  }
}
