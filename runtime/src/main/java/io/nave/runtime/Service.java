package io.nave.runtime;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a server offers, whatever carries it: HTTPS or a simulated wire. The other end holds a
/// [Transport].
///
/// Each request is handled on a task of its own of the server's host, so a service may wait.
public interface Service {
  /// Answers one request. An exception that leaves it becomes a bare 500; refusals are replies.
  ///
  /// @param peer who asks, as far as the connection itself has proved it
  Reply handle(Transport.Request request, Peer peer);

  /// The other end of a connection.
  ///
  /// @param certificates the client's chain, its own certificate first; empty when it showed none.
  ///   The connection proved possession of the key and nothing else: whom it trusts is for the
  ///   service to decide
  /// @param address where it calls from, for logs and audit
  record Peer(List<X509Certificate> certificates, String address) {
    public Peer {
      certificates = List.copyOf(certificates);
    }
  }

  /// An answer.
  sealed interface Reply {
    /// An answer that is there as a whole.
    record Full(Transport.Response response) implements Reply {}

    /// An answer whose body comes bit by bit. The carrier owns `feed` from here on and closes it
    /// when it has ended, when the client went away, or when the server stops.
    ///
    /// @param headers lower-case names
    record Streaming(int status, Map<String, String> headers, Feed feed) implements Reply {
      public Streaming {
        headers = Headers.sorted(headers);
      }

      @Override
      public String toString() {
        return "HTTP " + status + ", streaming";
      }
    }

    /// A whole answer.
    static Reply full(int status, Map<String, String> headers, byte[] body) {
      return new Full(new Transport.Response(status, headers, body));
    }
  }

  /// The body of a streaming answer, pulled by the carrier from one task at the client's pace.
  interface Feed extends AutoCloseable {
    /// The next bytes in order.
    ///
    /// @return null when nothing came within `atMost` or the feed has ended; see [#ended()]
    /// @throws Cancelled when the pulling task is cancelled
    byte @Nullable [] next(Duration atMost);

    /// Whether there will be no more bytes.
    boolean ended();

    /// Whether a part of it is worth nothing without the rest, as of a list; a watch is good up to
    /// any event. A carrier that has to end such an answer early breaks it off, so that nobody
    /// takes it for complete.
    default boolean indivisible() {
      return false;
    }

    /// Called once, from any task, perhaps while another is in [#next]; never throws.
    @Override
    void close();
  }
}
