package io.nave.controllers;

import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A transport that answers by a script, in order, and remembers what it was asked.
final class ScriptedTransport implements Transport {
  final List<Request> requests = new ArrayList<>();
  private final Deque<Object> answers = new ArrayDeque<>(); // Response, ScriptedStream, Unreachable

  ScriptedTransport answer(int status, String body) {
    return answer(status, Map.of(), body);
  }

  ScriptedTransport answer(int status, Map<String, String> headers, String body) {
    answers.add(new Response(status, headers, body.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  ScriptedTransport unreachable(String message) {
    answers.add(new Unreachable(message, null));
    return this;
  }

  ScriptedTransport stream(ScriptedStream stream) {
    answers.add(stream);
    return this;
  }

  Request last() {
    return requests.getLast();
  }

  String lastBody() {
    return new String(last().body(), StandardCharsets.UTF_8);
  }

  private Object next(Request request) {
    requests.add(request);
    if (answers.isEmpty()) {
      throw new AssertionError("no answer is scripted for " + request);
    }
    var answer = answers.removeFirst();
    if (answer instanceof Unreachable unreachable) {
      throw unreachable;
    }
    return answer;
  }

  @Override
  public Response send(Request request) {
    return (Response) next(request);
  }

  @Override
  public Stream open(Request request) {
    return (Stream) next(request);
  }

  @Override
  public void close() {}

  /// Pieces in order, then the end, a break, or silence.
  static final class ScriptedStream implements Stream {
    enum Then {
      END,
      BREAK,
      SILENCE
    }

    private final Host host;
    private final int status;
    private final Deque<byte[]> pieces;
    private final Then then;
    boolean closed;

    ScriptedStream(Host host, int status, List<byte[]> pieces, Then then) {
      this.host = host;
      this.status = status;
      this.pieces = new ArrayDeque<>(pieces);
      this.then = then;
    }

    @Override
    public int status() {
      return status;
    }

    @Override
    public byte @Nullable [] next(Duration atMost) {
      if (!pieces.isEmpty()) {
        return pieces.removeFirst();
      }
      if (then == Then.BREAK) {
        throw new Unreachable("scripted break", null);
      }
      if (then == Then.SILENCE) {
        host.sleep(atMost);
      }
      return null;
    }

    @Override
    public boolean ended() {
      return pieces.isEmpty() && then == Then.END;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
