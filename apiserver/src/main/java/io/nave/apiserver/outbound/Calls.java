package io.nave.apiserver.outbound;

import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Transport;
import io.nave.runtime.Transport.Unreachable;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Sends single requests to URLs. Keeps the connections to the servers it called last. Thread-safe.
public final class Calls implements AutoCloseable {
  /// More different servers than any cluster has webhooks; the one called longest ago is left.
  private static final int SERVERS_MAX = 64;

  private static final int ANSWER_BYTES_MAX = 3 * 1024 * 1024;

  private record Server(String base, String caPem) {}

  private sealed interface Outcome {
    record Answer(Transport.Response response) implements Outcome {}

    record Failure(RuntimeException cause) implements Outcome {}
  }

  private final Host host;
  private final Dialer dialer;
  private final Monitor monitor;
  private final Map<Server, Transport> open = new LinkedHashMap<>(16, 0.75f, true); // under monitor

  public Calls(Host host, Dialer dialer) {
    this.host = host;
    this.dialer = dialer;
    this.monitor = host.monitor();
  }

  /// One request and its whole answer, with no headers but those that say what is sent and wanted.
  ///
  /// @throws Unreachable when there is no answer of at most 3 MiB within `atMost`
  public Transport.Response send(
      String method, String url, String caPem, byte[] body, Duration atMost) {
    return send(method, url, caPem, Map.of(), body, atMost);
  }

  /// One request and its whole answer, whatever its status.
  ///
  /// @param caPem whom the server must be signed by; empty: whom the Java runtime trusts
  /// @param headers further ones, and others in place of the usual; names in lower case
  /// @param body JSON; empty for none
  /// @throws Unreachable when there is no answer of at most 3 MiB within `atMost`
  public Transport.Response send(
      String method,
      String url,
      String caPem,
      Map<String, String> headers,
      byte[] body,
      Duration atMost) {
    var uri = parse(url);
    var server = new Server(uri.getScheme() + "://" + uri.getRawAuthority(), caPem);
    var request = new Transport.Request(method, target(uri), headers(body, headers), body);
    var outcome = new AtomicReference<@Nullable Outcome>();
    var task = host.start("call", () -> outcome.set(outcome(server, request, atMost)));
    try {
      task.join(atMost);
    } finally {
      task.cancel(); // it has ended, or nobody waits for it any longer
    }
    return switch (outcome.get()) {
      case null ->
          throw new Unreachable(
              "%s: no answer within %d ms".formatted(server.base(), atMost.toMillis()), null);
      case Outcome.Answer(var response) -> response;
      case Outcome.Failure(var cause) -> throw cause;
    };
  }

  private static URI parse(String url) {
    try {
      var uri = new URI(url);
      if (uri.getRawAuthority() != null && uri.getScheme() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new Unreachable("\"" + url + "\" is not a URL", e);
    }
    throw new Unreachable("expected https://host/path, found \"" + url + "\"", null);
  }

  private static String target(URI uri) {
    var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private static Map<String, String> headers(byte[] body, Map<String, String> further) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("accept", "application/json");
    if (body.length > 0) {
      headers.put("content-type", "application/json");
    }
    headers.putAll(further);
    return headers;
  }

  private Outcome outcome(Server server, Transport.Request request, Duration atMost) {
    try {
      return new Outcome.Answer(read(transport(server).open(request), server, atMost));
    } catch (Cancelled e) {
      throw e;
    } catch (RuntimeException e) {
      return new Outcome.Failure(e);
    }
  }

  private static Transport.Response read(Transport.Stream stream, Server server, Duration atMost) {
    try (stream) {
      var body = new ByteArrayOutputStream();
      while (!stream.ended()) {
        var piece = stream.next(atMost);
        if (piece != null) {
          body.writeBytes(piece);
        }
        if (body.size() > ANSWER_BYTES_MAX) {
          throw new Unreachable(
              server.base() + ": the answer is longer than " + ANSWER_BYTES_MAX + " bytes", null);
        }
      }
      return new Transport.Response(stream.status(), Map.of(), body.toByteArray());
    }
  }

  private Transport transport(Server server) {
    try (var _ = monitor.lock()) {
      var known = open.get(server);
      if (known != null) {
        return known;
      }
    }
    var fresh = dialer.dial(server.base(), server.caPem());
    Transport kept;
    Transport left = null;
    try (var _ = monitor.lock()) {
      var other = open.putIfAbsent(server, fresh);
      kept = other == null ? fresh : other;
      if (other != null) {
        left = fresh;
      } else if (open.size() > SERVERS_MAX) {
        left = open.remove(open.keySet().iterator().next());
      }
    }
    if (left != null) {
      left.close();
    }
    return kept;
  }

  @Override
  public void close() {
    Map<Server, Transport> all;
    try (var _ = monitor.lock()) {
      all = Map.copyOf(open);
      open.clear();
    }
    all.values().forEach(Transport::close);
  }
}
