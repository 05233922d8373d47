package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A watch over the wire: one JSON frame a line, `{"type": ..., "object": ...}`.
final class RemoteWatch implements ApiClient.Watch {
  /// Longest frame accepted; an object is at most a few megabytes.
  static final int FRAME_BYTES_MAX = 32 << 20;

  /// How much later than asked a server may end a watch before the connection is taken for dead.
  private static final Duration LATE_MAX = Duration.ofSeconds(30);

  private final Host host;
  private final ResourceType type;
  private final Transport.Stream stream;
  private final FrameReader frames = new FrameReader(FRAME_BYTES_MAX);
  private final long deadNanos;
  private boolean ended; // reading task only

  /// @param lifetime after which the server was asked to end the watch
  RemoteWatch(Host host, ResourceType type, Transport.Stream stream, Duration lifetime) {
    this.host = host;
    this.type = type;
    this.stream = stream;
    this.deadNanos = host.nanoTime() + lifetime.plus(LATE_MAX).toNanos();
  }

  @Override
  public @Nullable Event next(Duration atMost) {
    var now = host.nanoTime();
    var left = Duration.ofNanos(deadNanos - now);
    var until = now + (atMost.compareTo(left) < 0 ? atMost : left).toNanos();
    while (true) {
      var frame = frames.next();
      if (frame != null) {
        return event(frame);
      }
      var wait = Math.max(0, until - host.nanoTime());
      var piece = stream.next(Duration.ofNanos(wait));
      if (piece != null) {
        frames.feed(piece);
      } else {
        requireSound();
        ended = stream.ended();
        return null;
      }
    }
  }

  private void requireSound() {
    if (stream.ended() && frames.begun()) {
      throw new Transport.Unreachable("the connection ended in the middle of a watch event", null);
    }
    if (!stream.ended() && host.nanoTime() - deadNanos >= 0) {
      throw new Transport.Unreachable(
          "the server did not end the watch when asked; the connection is taken for dead", null);
    }
  }

  private Event event(byte[] frame) {
    var json = parse(frame);
    var object = json.path("object");
    return switch (json.path("type").asString("")) {
      case "ADDED" -> new Event(Kind.ADDED, Answers.object(type, object));
      case "MODIFIED" -> new Event(Kind.MODIFIED, Answers.object(type, object));
      case "DELETED" -> new Event(Kind.DELETED, Answers.object(type, object));
      case "BOOKMARK" -> new Event(Kind.BOOKMARK, Answers.object(type, object));
      case "ERROR" ->
          throw Answers.error(object.path("code").asInt(500), Map.of(), Json.encode(object));
      default ->
          throw new Transport.Unreachable(
              "a watch event must be ADDED, MODIFIED, DELETED, BOOKMARK or ERROR, was \""
                  + json.path("type").asString("")
                  + "\"",
              null);
    };
  }

  private static JsonNode parse(byte[] frame) {
    try {
      return Json.parseObject(frame);
    } catch (ApiError e) {
      throw new Transport.Unreachable("a watch event cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    stream.close();
  }
}
