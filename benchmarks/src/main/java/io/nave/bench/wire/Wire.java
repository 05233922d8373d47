package io.nave.bench.wire;

import io.nave.certs.Credential;
import io.nave.certs.KeyStores;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2ClientConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import io.vertx.core.transport.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All connections of the driver to one hub.
///
/// Connections start from several loopback addresses in turn, so that the 28,000 ports of one
/// address are no limit. Where nothing is said about the hub's CA no certificate is checked.
/// Thread-safe.
public final class Wire implements AutoCloseable {
  /// What a connection speaks.
  public enum Version {
    HTTP_1_1,
    HTTP_2
  }

  private static final int SOURCES = 4;
  private static final int WINDOW_BYTES = 1024 * 1024;
  private static final int SMALL_WINDOW_BYTES = 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Host host;
  private final Vertx vertx;
  private final String server;
  private final int port;
  private final @Nullable TrustOptions trust;
  private final List<Context> loops = new CopyOnWriteArrayList<>();
  private final List<HttpClientAgent> clients = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  private Wire(Host host, Kubeconfig hub, int loops, int windowBytes) {
    var url = URI.create(hub.server());
    this.host = host;
    this.server = url.getHost();
    this.port = url.getPort() < 0 ? 443 : url.getPort();
    this.trust =
        hub.caPem().isEmpty()
            ? null
            : new PemTrustOptions().addCertValue(Buffer.buffer(hub.caPem()));
    this.vertx = vertx(loops);
    for (var i = 0; i < SOURCES; i++) {
      clients.add(client(i, windowBytes));
    }
  }

  /// @param hub where it is; its login is not used
  /// @param loops threads that read and write
  public static Wire open(Host host, Kubeconfig hub, int loops) {
    return open(host, hub, loops, WINDOW_BYTES);
  }

  /// As [#open], for streams that can be frozen at once: the hub may send a KiB and has to wait.
  public static Wire openNarrow(Host host, Kubeconfig hub) {
    return open(host, hub, 1, SMALL_WINDOW_BYTES);
  }

  private static Wire open(Host host, Kubeconfig hub, int loops, int windowBytes) {
    var wire = new Wire(host, hub, loops, windowBytes);
    var each = new DeploymentOptions().setInstances(loops);
    wire.await(wire.vertx.deployVerticle(() -> new Loop(wire.loops), each));
    return wire;
  }

  /// Connects; one of the two is called on the line's event loop.
  public void connect(
      Kubeconfig.Login login, Version version, Consumer<Line> opened, Consumer<Throwable> failed) {
    var number = turn.getAndIncrement();
    var loop = loops.get(Math.floorMod(number, loops.size()));
    var client = clients.get(Math.floorMod(number / loops.size(), SOURCES));
    loop.runOnContext(_ ->
        client
            .connect(options(login, version))
            .onSuccess(connection ->
                opened.accept(new Line(host, loop, connection, server + ":" + port, token(login))))
            .onFailure(failed::accept));
  }

  /// Connects, and waits for that.
  ///
  /// @throws IllegalStateException when that fails
  public Line connect(Kubeconfig.Login login, Version version) {
    var box = host.<Object>mailbox(1);
    connect(login, version, box::offer, box::offer);
    return switch (box.poll(PATIENCE)) {
      case Line line -> line;
      case Throwable fault -> throw new IllegalStateException("no connection: " + fault, fault);
      case null, default -> throw new IllegalStateException("no connection within " + PATIENCE);
    };
  }

  /// Several lines of one caller.
  public List<Line> connect(Kubeconfig.Login login, Version version, int count) {
    var lines = new ArrayList<Line>();
    for (var i = 0; i < count; i++) {
      lines.add(connect(login, version));
    }
    return lines;
  }

  /// Calls `action` again and again on an event loop until [#close].
  public void every(Duration period, Runnable action) {
    loops.getFirst().runOnContext(_ -> vertx.setPeriodic(period.toMillis(), _ -> action.run()));
  }

  /// Calls `action` once, on an event loop.
  public void after(Duration wait, Runnable action) {
    vertx.setTimer(Math.max(1, wait.toMillis()), _ -> action.run());
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private HttpConnectOptions options(Kubeconfig.Login login, Version version) {
    var tls =
        new ClientSSLOptions()
            .setTrustAll(trust == null)
            .setHostnameVerificationAlgorithm("")
            .setSslHandshakeTimeout(PATIENCE.toSeconds())
            .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    if (trust != null) {
      tls.setTrustOptions(trust);
    }
    if (version == Version.HTTP_2) {
      tls.setUseAlpn(true).setApplicationLayerProtocols(List.of("h2"));
    }
    if (login instanceof Kubeconfig.Login.Certificate(var certificatePem, var keyPem)) {
      tls.setKeyCertOptions(
          KeyCertOptions.wrap(KeyStores.keyManager(Credential.of(certificatePem, keyPem))));
    }
    return new HttpConnectOptions()
        .setHost(server)
        .setPort(port)
        .setSsl(true)
        .setSslOptions(tls)
        .setConnectTimeout(PATIENCE.toMillis())
        .setProtocolVersion(version == Version.HTTP_2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1);
  }

  private static String token(Kubeconfig.Login login) {
    return login instanceof Kubeconfig.Login.Token(var token) ? token : "";
  }

  private HttpClientAgent client(int source, int windowBytes) {
    var config = new HttpClientConfig().setSsl(true);
    config.setVersions(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2);
    if (server.equals("127.0.0.1") || server.equals("localhost")) {
      config
          .getTcpConfig()
          .setLocalAddress(SocketAddress.inetSocketAddress(0, "127.0.0." + (source + 1)));
    }
    config.setHttp2Config(
        new Http2ClientConfig()
            .setConnectionWindowSize(Math.max(16 * windowBytes, 65_535))
            .setInitialSettings(new Http2Settings().setInitialWindowSize(windowBytes)));
    var tls = new ClientSSLOptions().setTrustAll(true).setHostnameVerificationAlgorithm("");
    var builder = vertx.httpClientBuilder().with(config).with(new PoolOptions()).with(tls);
    if (OpenSSLEngineOptions.isAvailable()) {
      builder.with(new OpenSSLEngineOptions().setSessionCacheEnabled(false));
    }
    return builder.build();
  }

  private static Vertx vertx(int loops) {
    var options =
        new VertxOptions()
            .setEventLoopPoolSize(loops)
            .setWorkerPoolSize(2)
            .setInternalBlockingPoolSize(2)
            // No file of Vert.x's own: a process that is killed would leave its folder in /tmp.
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false))
            .setMaxEventLoopExecuteTime(60)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS);
    var epoll = Transport.EPOLL;
    var transport = epoll != null && epoll.available() ? epoll : Transport.NIO;
    return Vertx.builder().with(options).withTransport(transport).build();
  }

  private void await(Future<?> future) {
    var done = host.<Object>mailbox(1);
    future.onComplete(_ -> done.offer(true), done::offer);
    if (done.poll(PATIENCE) instanceof Throwable fault) {
      throw new IllegalStateException("the driver's network did not do what it was told", fault);
    }
  }

  /// Tells the context of one event loop.
  private static final class Loop extends VerticleBase {
    private final List<Context> loops;

    Loop(List<Context> loops) {
      this.loops = loops;
    }

    @Override
    public Future<?> start() {
      loops.add(Vertx.currentContext());
      return Future.succeededFuture();
    }
  }
}
