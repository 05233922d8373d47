package io.nave.apiserver.http;

import io.nave.certs.Credential;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A [Service] over HTTPS: HTTP/1.1 and HTTP/2 on one port.
///
/// Event loops read and write and never wait; each request is answered by a task of the host, which
/// may. What this class bounds: connections, header and body sizes, the bytes of all bodies held,
/// the time a handshake or a body takes, streams a connection has open, and how long a connection
/// does nothing. Thread-safe.
public final class HttpsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpsServer.class);

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);
  private static final Duration CLOSE_LOOK = Duration.ofMillis(20);
  private static final Duration START_WAIT = Duration.ofSeconds(60);
  private static final long BODIES_BYTES_MAX = 256L * 1024 * 1024;
  private static final int HEADER_BYTES_MAX = 64 * 1024;
  private static final int LINE_BYTES_MAX = 16 * 1024;
  private static final int STREAMS_MAX = 250;

  /// @param address to listen on, such as `0.0.0.0` or `127.0.0.1`
  /// @param port 0 takes any free one, see [HttpsServer#port]
  /// @param eventLoops threads that read and write; two serve a small machine
  /// @param connectionsMax most connections at once; one more is closed
  /// @param idleMax how long a connection may stay without a request
  public record Settings(
      String address, int port, int eventLoops, int connectionsMax, Duration idleMax) {
    public static Settings of(String address, int port) {
      return new Settings(address, port, 2, 50_000, Duration.ofMinutes(3));
    }
  }

  private final Settings settings;
  private final Service service;
  private final Host host;
  private final Vertx vertx;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final Map<HttpConnection, Connection> connections = new ConcurrentHashMap<>();
  private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();
  private final BodyBudget budget = new BodyBudget(BODIES_BYTES_MAX);
  private volatile boolean closed;

  private HttpsServer(Settings settings, Service service, Host host) {
    this.settings = settings;
    this.service = service;
    this.host = host;
    this.vertx = vertx(settings);
  }

  /// Listens, and answers from when it returns.
  ///
  /// @param credential the server's certificate and key
  /// @throws ListenFailure when the address or port cannot be had
  public static HttpsServer start(
      Settings settings, Credential credential, Service service, Host host) {
    var server = new HttpsServer(settings, service, host);
    try {
      server.listen(credential);
    } catch (RuntimeException e) {
      server.vertx.close();
      throw e;
    }
    return server;
  }

  /// The port it listens on.
  public int port() {
    return servers.getFirst().actualPort();
  }

  /// Shows another certificate from the next handshake on; open connections stay.
  public void updateTls(Credential credential) {
    var options = options(credential).getSslOptions();
    for (var server : servers) {
      await(server.updateSSLOptions(options), START_WAIT);
    }
    LOG.atInfo().addKeyValue("certificate", credential).log("TLS certificate replaced");
  }

  /// Takes no more requests, ends the streams, lets answers go out for some seconds, then hangs up.
  @Override
  public void close() {
    closed = true;
    exchanges.forEach(Exchange::stop);
    for (var waited = Duration.ZERO;
        waited.compareTo(CLOSE_WAIT) < 0 && exchanges.stream().anyMatch(Exchange::owesTheRest);
        waited = waited.plus(CLOSE_LOOK)) {
      host.sleep(CLOSE_LOOK);
    }
    exchanges.forEach(Exchange::breakOff);
    try {
      for (var server : servers) {
        await(server.shutdown(CLOSE_WAIT), CLOSE_WAIT.multipliedBy(2));
      }
    } finally {
      await(vertx.close(), CLOSE_WAIT.multipliedBy(2));
    }
  }

  private void listen(Credential credential) {
    var options = options(credential);
    var each = new DeploymentOptions().setInstances(settings.eventLoops());
    try {
      vertx
          .deployVerticle(() -> new Loop(options), each)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw ListenFailure.of(
          settings.address(), settings.port(), e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw ListenFailure.of(settings.address(), settings.port(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ListenFailure.of(settings.address(), settings.port(), e);
    }
    vertx.setPeriodic(Math.max(1, settings.idleMax().toMillis() / 8), _ -> sweep());
    LOG.atInfo()
        .addKeyValue("address", settings.address())
        .addKeyValue("port", port())
        .log("listening");
  }

  private HttpServerOptions options(Credential credential) {
    var options =
        new HttpServerOptions()
            .setAcceptBacklog(4_096)
            .setTcpKeepAlive(true)
            .setMaxHeaderSize(HEADER_BYTES_MAX)
            .setMaxInitialLineLength(LINE_BYTES_MAX)
            .setHandle100ContinueAutomatically(true)
            .setHttp2ClearTextEnabled(false)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(STREAMS_MAX)
                    .setMaxHeaderListSize(HEADER_BYTES_MAX));
    // A peer that vanished without a word is noticed within two minutes.
    options.setTcpKeepAliveIdleSeconds(60).setTcpKeepAliveIntervalSeconds(15);
    options.setTcpKeepAliveCount(4);
    return Tls.apply(options, credential);
  }

  /// The same for all event loops, also where any free port will do.
  private SocketAddress address() {
    return settings.port() == 0
        ? SocketAddress.sharedRandomPort(1, settings.address())
        : SocketAddress.inetSocketAddress(settings.port(), settings.address());
  }

  private void connected(HttpConnection wire) {
    if (closed || connections.size() >= settings.connectionsMax()) {
      wire.close();
      return;
    }
    connections.put(wire, new Connection(wire, host.nanoTime()));
    wire.closeHandler(_ -> connections.remove(wire));
  }

  private void asked(HttpServerRequest request, Context context) {
    var connection = connections.get(request.connection());
    if (connection == null) {
      request.connection().close(); // one too many, see above
      return;
    }
    connection.began();
    var own = new Exchange[1];
    var exchange =
        new Exchange(
            request, context, connection, service, host, budget, () -> exchanges.remove(own[0]));
    own[0] = exchange;
    exchanges.add(exchange);
    exchange.begin();
  }

  private void sweep() {
    var now = host.nanoTime();
    connections.values().forEach(each -> each.closeIfIdle(now, settings.idleMax().toNanos()));
  }

  private static Vertx vertx(Settings settings) {
    var options =
        new VertxOptions()
            .setEventLoopPoolSize(settings.eventLoops())
            .setWorkerPoolSize(2)
            .setInternalBlockingPoolSize(2)
            // No file of Vert.x's own: a process that is killed would leave its folder in /tmp.
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false))
            // Cold TLS set-up on a loaded machine takes seconds, once.
            .setMaxEventLoopExecuteTime(10)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS);
    var epoll = Transport.EPOLL;
    var transport = epoll != null && epoll.available() ? epoll : Transport.NIO;
    return Vertx.builder().with(options).withTransport(transport).build();
  }

  private static void await(Future<?> future, Duration atMost) {
    try {
      future
          .toCompletionStage()
          .toCompletableFuture()
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the HTTPS server did not do what it was told", e);
    }
  }

  /// One event loop's listener; all share the port.
  private final class Loop extends VerticleBase {
    private final HttpServerOptions options;

    Loop(HttpServerOptions options) {
      this.options = options;
    }

    @Override
    public Future<?> start() {
      var server = vertx.createHttpServer(options);
      server.connectionHandler(HttpsServer.this::connected);
      server.requestHandler(request -> asked(request, Vertx.currentContext()));
      return server.listen(address()).onSuccess(servers::add);
    }
  }
}
