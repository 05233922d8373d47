package io.nave.runtime;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Requests from this process to one server of another, over HTTPS or a simulated wire.
///
/// One transport stands for one peer and one identity (its certificate or token). Thread-safe.
public interface Transport extends AutoCloseable {
  /// Sends and waits for the whole answer, whatever its status code.
  ///
  /// @throws Unreachable when there is no answer: name, connection, TLS, time-out; the request may
  ///   or may not have been carried out
  Response send(Request request);

  /// Sends and returns as soon as the head of the answer is there; its body is read bit by bit.
  ///
  /// @throws Unreachable as [#send]
  Stream open(Request request);

  @Override
  void close();

  /// One request.
  ///
  /// @param method upper-case HTTP method
  /// @param target path and query, beginning with `/`
  /// @param headers lower-case names; the transport adds its identity
  /// @param body empty for none
  record Request(String method, String target, Map<String, String> headers, byte[] body) {
    public Request {
      headers = Headers.sorted(headers);
    }

    @Override
    public String toString() {
      return method + " " + target;
    }
  }

  /// One whole answer.
  ///
  /// @param headers lower-case names
  record Response(int status, Map<String, String> headers, byte[] body) {
    public Response {
      headers = Headers.sorted(headers);
    }

    @Override
    public String toString() {
      return "HTTP " + status + ", " + body.length + " bytes";
    }
  }

  /// An answer whose body has no known end.
  interface Stream extends AutoCloseable {
    int status();

    /// The next bytes in order, in pieces of any size.
    ///
    /// @return null when nothing came within `atMost` or the stream has ended; see [#ended()]
    /// @throws Unreachable when the connection broke
    byte @Nullable [] next(Duration atMost);

    /// Whether the server ended the stream and all of it was read.
    boolean ended();

    /// Gives up the rest. Never throws. A task waiting in [#next] is released, and [#ended()] is
    /// true from then on.
    @Override
    void close();
  }

  /// No answer from the peer. The message says which stage failed and what to look at.
  final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unreachable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
