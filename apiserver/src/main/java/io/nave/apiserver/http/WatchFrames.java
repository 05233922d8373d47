package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Watch;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A watch as the wire carries it: one JSON object a line, the events that wait together in one
/// piece. Ends when its time is over, when the watch ends, or with one ERROR event when it fails.
final class WatchFrames implements Service.Feed {
  /// Enough to carry a burst in one write.
  private static final int PIECE_BYTES = 64 * 1024;

  private final Watch watch;
  private final ResourceType type;
  private final Function<ApiObject, byte[]> encode;
  private final Frames frames;
  private final Host host;
  private final long deadlineNanos;
  private final Runnable closed;
  private final AtomicBoolean closedOnce = new AtomicBoolean();
  private byte @Nullable [] failure; // reading task only: the last line, once there is one
  private volatile boolean done;

  /// @param encode the bytes of one object in the asked-for form
  /// @param atMost after this time the watch ends, and the client watches again
  /// @param closed called once, when the feed is closed
  WatchFrames(
      Watch watch,
      ResourceType type,
      Function<ApiObject, byte[]> encode,
      Frames frames,
      Host host,
      Duration atMost,
      Runnable closed) {
    this.watch = watch;
    this.type = type;
    this.encode = encode;
    this.frames = frames;
    this.host = host;
    this.deadlineNanos = host.nanoTime() + atMost.toNanos();
    this.closed = closed;
  }

  @Override
  public byte @Nullable [] next(Duration atMost) {
    var left = Duration.ofNanos(deadlineNanos - host.nanoTime());
    if (done || left.isNegative() || left.isZero()) {
      done = true;
      return null;
    }
    try {
      return piece(left.compareTo(atMost) < 0 ? left : atMost);
    } catch (ApiError e) {
      done = true;
      return frames.line("ERROR", Json.encode(e.toStatus()));
    }
  }

  private byte @Nullable [] piece(Duration atMost) {
    var event = watch.next(atMost);
    if (event == null) {
      done = watch.ended();
      return null;
    }
    var first = line(event);
    event = more();
    if (event == null && failure == null) {
      return first; // as a rule: shared with every other watcher of this event
    }
    var piece = new ByteArrayOutputStream();
    piece.writeBytes(first);
    while (event != null) {
      piece.writeBytes(line(event));
      event = piece.size() < PIECE_BYTES ? more() : null;
    }
    if (failure != null) {
      piece.writeBytes(failure);
    }
    return piece.toByteArray();
  }

  private byte[] line(Watch.Event event) {
    return frames.line(event.kind().name(), encode.apply(complete(event)));
  }

  /// What waits already. A failure found here follows what came before it.
  private Watch.@Nullable Event more() {
    try {
      return watch.next(Duration.ZERO);
    } catch (ApiError e) {
      done = true;
      failure = frames.line("ERROR", Json.encode(e.toStatus()));
      return null;
    }
  }

  /// Clients decode bookmarks by their kind, like any object.
  private ApiObject complete(Watch.Event event) {
    var object = event.object();
    if (event.kind() != Watch.Kind.BOOKMARK || !object.kind().isEmpty()) {
      return object;
    }
    return object.edit(json -> json.put("apiVersion", type.apiVersion()).put("kind", type.kind()));
  }

  @Override
  public boolean ended() {
    return done;
  }

  @Override
  public void close() {
    if (closedOnce.compareAndSet(false, true)) {
      watch.close();
      closed.run();
    }
  }
}
