package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.apiserver.authn.Authentication;
import io.nave.certs.Authority;
import io.nave.certs.KeyPairs;
import io.nave.certs.KeyStores;
import io.nave.runtime.RealHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a client does that keeps to no rule, byte by byte: it is hung up on, and the others are
/// still answered.
class HostileClientIT {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /// Types and flags of frames, RFC 9113.
  private static final int HEADERS = 1;

  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private static final Duration IDLE_MAX = Duration.ofSeconds(3);
  private static final int PATIENCE_MILLIS = 60_000;

  private final RealHost host = RealHost.start("it");
  private final Authority authority = Authority.create(host, "hub-ca", Duration.ofDays(1));
  private HttpsServer server;

  @BeforeEach
  void start() {
    var serving =
        authority.issueServing(
            List.of("127.0.0.1", "localhost"),
            KeyPairs.generate(host.secureRandom()),
            Duration.ofHours(1));
    var door =
        new FrontDoor(
            FrontDoor.Settings.of("v1.31.0+nave"),
            new FakeApi(host),
            new Authentication(),
            Health.good(),
            new ApiMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
            host);
    var settings = new HttpsServer.Settings("127.0.0.1", 0, 2, 100, IDLE_MAX);
    server = HttpsServer.start(settings, serving, door, host);
  }

  @AfterEach
  void stop() {
    server.close();
    host.close();
  }

  private SSLContext tls() throws Exception {
    var tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {KeyStores.trustManager(authority.bundle(), host)}, null);
    return tls;
  }

  private SSLSocket connect(String protocol) throws Exception {
    var socket = (SSLSocket) tls().getSocketFactory().createSocket("127.0.0.1", server.port());
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.startHandshake();
    assertThat(socket.getApplicationProtocol()).isEqualTo(protocol);
    return socket;
  }

  private static void frame(OutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    var frame = new ByteArrayOutputStream();
    frame.write(payload.length >> 16);
    frame.write(payload.length >> 8);
    frame.write(payload.length);
    frame.write(type);
    frame.write(flags);
    for (var shift = 24; shift >= 0; shift -= 8) {
      frame.write(stream >> shift);
    }
    frame.writeBytes(payload);
    out.write(frame.toByteArray());
  }

  /// `GET /` over https, as HPACK's static table says it.
  private static byte[] get() {
    return new byte[] {(byte) 0x82, (byte) 0x84, (byte) 0x87, 0x01, 0x01, 'a'};
  }

  private static SSLSocket begun(SSLSocket socket) throws IOException {
    socket.getOutputStream().write(PREFACE);
    frame(socket.getOutputStream(), SETTINGS, 0, 0, new byte[0]);
    return socket;
  }

  /// Whether the other end hangs up in time, whatever it says before.
  private static boolean hungUpOn(SSLSocket socket) throws IOException {
    try {
      var in = socket.getInputStream();
      var buffer = new byte[16 * 1024];
      while (in.read(buffer) >= 0) {
        // its last words
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException | SSLException e) {
      return true;
    }
  }

  private void assertOthersAreAnswered() throws Exception {
    try (var client = HttpClient.newBuilder().sslContext(tls()).build()) {
      var uri = URI.create("https://127.0.0.1:" + server.port() + "/livez");
      var answer =
          client.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  /// CVE-2023-44487: each request costs the server work and the client nothing.
  @Test
  void oneThatResetsItsStreamsAsFastAsItOpensThemIsHungUpOn() throws Exception {
    try (var socket = begun(connect("h2"))) {
      var sent = 0;
      try {
        for (; sent < 20_000; sent++) {
          var stream = 2 * sent + 1;
          frame(socket.getOutputStream(), HEADERS, END_STREAM | END_HEADERS, stream, get());
          frame(socket.getOutputStream(), RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        }
      } catch (IOException e) {
        assertThat(sent).as("streams before it was hung up on").isLessThan(20_000);
      }
      assertThat(hungUpOn(socket)).isTrue();
    }
    assertOthersAreAnswered();
  }

  @Test
  void headersWithoutAnEndAreHungUpOn() throws Exception {
    try (var socket = begun(connect("h2"))) {
      var block = new ByteArrayOutputStream();
      while (block.size() < 16_000) {
        block.writeBytes(new byte[] {0, 1, 'a', 1, 'b'});
      }
      try {
        frame(socket.getOutputStream(), HEADERS, 0, 1, get());
        for (var i = 0; i < 1_000; i++) {
          frame(socket.getOutputStream(), CONTINUATION, 0, 1, block.toByteArray());
        }
      } catch (IOException e) {
        assertThat(e).isNotNull(); // it was hung up on while it wrote
      }
      assertThat(hungUpOn(socket)).isTrue();
    }
    assertOthersAreAnswered();
  }

  @Test
  void aRequestThatComesByteByByteIsHungUpOn() throws Exception {
    try (var socket = connect("http/1.1")) {
      var request = "GET /livez HTTP/1.1\r\nhost: x\r\nx: " + "a".repeat(10_000);
      var start = System.nanoTime();
      var gone = false;
      try {
        for (var i = 0; i < request.length() && !gone; i++) {
          socket.getOutputStream().write(request.charAt(i));
          Thread.sleep(20);
          gone =
              Duration.ofNanos(System.nanoTime() - start).compareTo(IDLE_MAX.multipliedBy(8)) > 0;
        }
        assertThat(gone).as("still open after eight times the time it may be idle").isFalse();
      } catch (IOException e) {
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .isLessThan(IDLE_MAX.multipliedBy(8));
      }
    }
    assertOthersAreAnswered();
  }
}
