package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.certs.Authority;
import io.nave.certs.Credential;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.controllers.Kubeconfig.Login;
import io.nave.runtime.RealHost;
import io.nave.runtime.Transport.Request;
import io.nave.runtime.Transport.Unreachable;
import io.nave.runtime.sim.AheadHost;
import io.nave.runtime.sim.SimWorld;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class HttpsTransportIT {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final RealHost host = RealHost.start("test");
  private final Authority authority = Authority.create(host, "test-ca", DAY);
  private final Credential serving =
      authority.issueServing(List.of("127.0.0.1"), KeyPairs.generate(host.secureRandom()), DAY);

  @AfterEach
  void closeTheHost() {
    host.close();
  }

  private LoopbackServer server(HttpHandler handler) throws Exception {
    return new LoopbackServer(serving, authority, false, handler);
  }

  private Kubeconfig config(LoopbackServer server, Login login) {
    return Kubeconfig.of("test", server.url(), authority.certificatePem(), login);
  }

  private HttpsTransport open(LoopbackServer server) {
    return HttpsTransport.open(host, config(server, new Login.Nobody()));
  }

  private static Request get(String target) {
    return new Request("GET", target, Map.of("accept", "application/json"), new byte[0]);
  }

  @Test
  void carriesRequestsAndAnswersAsTheyAre() throws Exception {
    try (var server =
            server(exchange -> {
              var body = new String(exchange.getRequestBody().readAllBytes(), "UTF-8");
              var headers = exchange.getRequestHeaders();
              exchange.getResponseHeaders().add("X-Name", "v");
              LoopbackServer.reply(
                  exchange,
                  409,
                  exchange.getRequestMethod()
                      + " "
                      + exchange.getRequestURI()
                      + " "
                      + headers.getFirst("content-type")
                      + " "
                      + headers.get("content-type").size()
                      + " "
                      + headers.getFirst("user-agent")
                      + " "
                      + body);
            });
        var transport = open(server)) {
      var headers = Map.of("content-type", "application/merge-patch+json", "user-agent", "me");
      var body = "{\"ä\":1}".getBytes(StandardCharsets.UTF_8);
      var answer = transport.send(new Request("PATCH", "/a%20b/c?x=%2F&y=1", headers, body));
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.headers()).containsEntry("x-name", "v");
      assertThat(new String(answer.body(), StandardCharsets.UTF_8))
          .isEqualTo("PATCH /a%20b/c?x=%2F&y=1 application/merge-patch+json 1 me {\"ä\":1}");
    }
  }

  @Test
  void deletesWithABodyAndReadsEmptyAnswers() throws Exception {
    try (var server =
            server(exchange -> {
              var body = exchange.getRequestBody().readAllBytes();
              LoopbackServer.reply(exchange, body.length == 2 ? 200 : 500, "");
            });
        var transport = open(server)) {
      var answer = transport.send(new Request("DELETE", "/x", Map.of(), new byte[] {'{', '}'}));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
    }
  }

  @Test
  void sendsEachRequestOnceEvenWhenTheServerFails() throws Exception {
    var seen = new ConcurrentLinkedQueue<String>();
    try (var server =
            server(exchange -> {
              seen.add(exchange.getRequestMethod());
              LoopbackServer.reply(exchange, seen.size() == 1 ? 503 : 429, "busy");
            });
        var transport = open(server)) {
      assertThat(transport.send(get("/")).status()).isEqualTo(503);
      assertThat(transport.send(get("/")).status()).isEqualTo(429);
      assertThat(seen).hasSize(2);
    }
  }

  @Test
  void doesNotFollowRedirectsWithItsIdentity() throws Exception {
    try (var server =
            server(exchange -> {
              exchange.getResponseHeaders().add("Location", "/elsewhere");
              LoopbackServer.reply(exchange, 302, exchange.getRequestURI().getPath());
            });
        var transport = open(server)) {
      assertThat(transport.send(get("/here")).status()).isEqualTo(302);
    }
  }

  @Test
  void showsATokenOrAPassword() throws Exception {
    try (var server =
        server(exchange ->
            LoopbackServer.reply(
                exchange, 200, exchange.getRequestHeaders().getFirst("authorization")))) {
      try (var transport = HttpsTransport.open(host, config(server, new Login.Token("t1")))) {
        assertThat(transport.send(get("/")).body()).isEqualTo("Bearer t1".getBytes());
        assertThat(transport).hasToString(server.url());
      }
      try (var transport =
          HttpsTransport.open(host, config(server, new Login.Password("me", "p")))) {
        assertThat(transport.send(get("/")).body()).isEqualTo("Basic bWU6cA==".getBytes());
      }
    }
  }

  @Test
  void showsItsCertificate() throws Exception {
    var client =
        authority.issueClient(
            new Identity("east", List.of("agents")), KeyPairs.generate(host.secureRandom()), DAY);
    var login = new Login.Certificate(client.certificatePem(), client.keyPem());
    HttpHandler whoami =
        exchange -> LoopbackServer.reply(exchange, 200, LoopbackServer.caller(exchange));
    try (var server = new LoopbackServer(serving, authority, true, whoami);
        var transport = HttpsTransport.open(host, config(server, login))) {
      assertThat(transport.send(get("/")).body()).isEqualTo("CN=east,O=agents".getBytes());
    }
  }

  @Test
  void saysWhenTheServerWantsAnotherCertificate() throws Exception {
    HttpHandler never = exchange -> LoopbackServer.reply(exchange, 200, "");
    try (var server = new LoopbackServer(serving, authority, true, never);
        var transport = open(server)) {
      assertThatThrownBy(() -> transport.send(get("/")))
          .isInstanceOf(Unreachable.class)
          .hasMessageContaining("client certificate");
    }
  }

  @Test
  void trustsOnlyTheCaThatWasGiven() throws Exception {
    var other = Authority.create(host, "other-ca", DAY);
    try (var server = server(exchange -> LoopbackServer.reply(exchange, 200, ""))) {
      var wrong =
          Kubeconfig.of("t", server.url(), other.certificatePem(), new Login.Token("s3cret"));
      try (var transport = HttpsTransport.open(host, wrong)) {
        assertThatThrownBy(() -> transport.send(get("/")))
            .isInstanceOf(Unreachable.class)
            .hasMessageContaining("the server's certificate is not signed by the CA that was given")
            .hasMessageContaining("CN=test-ca")
            .hasMessageContaining("CN=other-ca")
            .hasStackTraceContaining("Untrusted")
            .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
      }
      var without = Kubeconfig.of("t", server.url(), "", new Login.Nobody());
      try (var transport = HttpsTransport.open(host, without)) {
        assertThatThrownBy(() -> transport.send(get("/")))
            .hasMessageContaining("given were the public ones");
      }
    }
  }

  @Test
  void trustsAnyoneOnlyWhenToldTo() throws Exception {
    try (var server = server(exchange -> LoopbackServer.reply(exchange, 200, ""))) {
      var blind = new Kubeconfig("t", "t", "t", "", server.url(), "", true, new Login.Nobody());
      try (var transport = HttpsTransport.open(host, blind)) {
        assertThat(transport.send(get("/")).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void saysWhenTheCertificateIsForAnotherAddress() throws Exception {
    var elsewhere =
        authority.issueServing(
            List.of("hub.example", "10.0.0.1"), KeyPairs.generate(host.secureRandom()), DAY);
    HttpHandler never = exchange -> LoopbackServer.reply(exchange, 200, "");
    try (var server = new LoopbackServer(elsewhere, authority, false, never);
        var transport = open(server)) {
      assertThatThrownBy(() -> transport.send(get("/")))
          .isInstanceOf(Unreachable.class)
          .hasMessageContaining("the server's certificate is not for this address")
          .hasMessageContaining("127.0.0.1");
    }
  }

  @Test
  void saysWhenTheCertificateIsNotValidNow() throws Exception {
    var past = new SimWorld(1).host("past");
    assertThatThrownBy(() -> callServerMadeBy(past))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("the server's certificate expired at 2026-01-0")
        .hasMessageContaining("clock");
    var future = new SimWorld(1).host("future");
    future.skew(Duration.ofDays(36_000));
    assertThatThrownBy(() -> callServerMadeBy(future))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("the server's certificate is not valid before 2124-");
  }

  private void callServerMadeBy(io.nave.runtime.Host maker) throws Exception {
    var ca = Authority.create(maker, "ca", DAY.multipliedBy(300));
    var own = ca.issueServing(List.of("127.0.0.1"), KeyPairs.generate(maker.secureRandom()), DAY);
    HttpHandler never = exchange -> LoopbackServer.reply(exchange, 200, "");
    try (var server = new LoopbackServer(own, ca, false, never);
        var transport =
            HttpsTransport.open(
                host, Kubeconfig.of("t", server.url(), ca.certificatePem(), new Login.Nobody()))) {
      transport.send(get("/"));
    }
  }

  @Test
  void saysWhenNothingListens() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var config =
        Kubeconfig.of(
            "t", "https://127.0.0.1:" + port, authority.certificatePem(), new Login.Nobody());
    try (var transport = HttpsTransport.open(host, config)) {
      assertThatThrownBy(() -> transport.send(get("/")))
          .isInstanceOf(Unreachable.class)
          .hasMessageStartingWith("127.0.0.1:" + port + ": connection refused: nothing listens");
    }
  }

  @Test
  void saysWhenTheServerDoesNotSpeakTls() throws Exception {
    try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> {
        try (var one = socket.accept()) {
          one.getInputStream().read();
          one.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
          one.getOutputStream().flush();
          one.getInputStream().readAllBytes();
        } catch (IOException e) {
          // The client has gone.
        }
      });
      var config =
          Kubeconfig.of(
              "t",
              "https://127.0.0.1:" + socket.getLocalPort(),
              authority.certificatePem(),
              new Login.Nobody());
      try (var transport = HttpsTransport.open(host, config)) {
        assertThatThrownBy(() -> transport.send(get("/")))
            .isInstanceOf(Unreachable.class)
            .hasMessageContaining("does not speak TLS on this port");
      }
    }
  }

  @Test
  void refusesAddressesThatWouldSendTheIdentityInTheClear() {
    for (var server : List.of("http://10.0.0.1:8080", "hub:6443", "ftp://hub", "", "https://a b")) {
      assertThatThrownBy(
              () -> HttpsTransport.open(host, Kubeconfig.of("t", server, "", new Login.Nobody())))
          .isInstanceOf(Kubeconfig.Unusable.class)
          .hasMessageStartingWith("kubeconfig: server: ");
    }
  }

  @Test
  void givesUpOnAServerThatDoesNotAnswerAndGoesOnWithANewConnection() throws Exception {
    var first = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    try (var server =
            server(exchange -> {
              if (first.getCount() == 1) {
                first.countDown();
                await(end);
              }
              LoopbackServer.reply(exchange, 200, "");
            });
        var transport =
            HttpsTransport.open(host, config(server, new Login.Nobody()), Duration.ofSeconds(4))) {
      assertThatThrownBy(() -> transport.send(get("/")))
          .isInstanceOf(Unreachable.class)
          .hasMessageContaining("no answer within the time limit");
      assertThat(transport.send(get("/")).status()).isEqualTo(200);
      end.countDown();
    }
  }

  @Test
  void saysWhenAnAnswerStopsHalfWay() throws Exception {
    try (var server =
            server(exchange -> {
              exchange.sendResponseHeaders(200, 100);
              exchange.getResponseBody().write(new byte[10]);
              exchange.getResponseBody().flush();
              throw new IOException("gone"); // the JDK's server drops the connection
            });
        var transport = open(server)) {
      assertThatThrownBy(() -> transport.send(get("/")))
          .isInstanceOf(Unreachable.class)
          .hasMessageContaining("the connection broke");
    }
  }

  @Test
  void streamsPieceByPiece() throws Exception {
    var read = new CountDownLatch(1);
    try (var server =
            server(exchange -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write("one\n".getBytes());
              exchange.getResponseBody().flush();
              await(read);
              exchange.getResponseBody().write("two\n".getBytes());
              exchange.close();
            });
        var transport = open(server);
        var stream = transport.open(get("/"))) {
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.next(LONG)).isEqualTo("one\n".getBytes());
      assertThat(stream.next(Duration.ofMillis(10))).isNull();
      assertThat(stream.ended()).isFalse();
      read.countDown();
      assertThat(stream.next(LONG)).isEqualTo("two\n".getBytes());
      assertThat(stream.next(LONG)).isNull();
      assertThat(stream.ended()).isTrue();
    }
  }

  @Test
  void watchesOverTheWire() throws Exception {
    var type = ResourceType.of("", "v1", "Secret", "secrets", true);
    try (var server =
            server(exchange -> {
              exchange.sendResponseHeaders(200, 0);
              var text = "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\"}}}\n";
              for (var b : text.getBytes()) {
                exchange.getResponseBody().write(b);
                exchange.getResponseBody().flush();
              }
              exchange.close();
            });
        var transport = open(server)) {
      var client = new RemoteClient(host, transport, "t");
      try (var watch = client.watch(type, "n", Selection.all(), "1")) {
        assertThat(watch.next(LONG).object().name()).isEqualTo("a");
        assertThat(watch.next(LONG)).isNull();
        assertThat(watch.ended()).isTrue();
      }
    }
  }

  /// - Goal: a reader that does not read holds up the server, not this process's memory.
  @Test
  void aSlowReaderSlowsTheServer() throws Exception {
    var pieces = 4_000; // of 64 KiB: more than all socket buffers together
    var finished = new CountDownLatch(1);
    try (var server =
            server(exchange -> {
              exchange.sendResponseHeaders(200, 0);
              var piece = new byte[1 << 16];
              for (var i = 0; i < pieces; i++) {
                exchange.getResponseBody().write(piece);
              }
              finished.countDown();
              exchange.close();
            });
        var transport = open(server);
        var stream = transport.open(get("/"))) {
      assertThat(finished.await(1500, TimeUnit.MILLISECONDS)).isFalse();
      var total = 0L;
      while (!stream.ended()) {
        var piece = stream.next(LONG);
        total += piece == null ? 0 : piece.length;
      }
      assertThat(total).isEqualTo((long) pieces << 16);
    }
  }

  @Test
  void closingAStreamEndsItAtTheServer() throws Exception {
    var gone = new CountDownLatch(1);
    try (var server =
            server(exchange -> {
              exchange.sendResponseHeaders(200, 0);
              try {
                while (true) {
                  exchange.getResponseBody().write(new byte[1 << 16]);
                  exchange.getResponseBody().flush();
                }
              } catch (IOException e) {
                gone.countDown();
              }
            });
        var transport = open(server)) {
      var stream = transport.open(get("/"));
      assertThat(stream.next(LONG)).isNotNull();
      stream.close();
      assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closingTheTransportTellsWhoReads() throws Exception {
    var end = new CountDownLatch(1);
    try (var server = silent(end)) {
      var transport = open(server);
      var stream = transport.open(get("/"));
      var told = new ConcurrentLinkedQueue<String>();
      var reader =
          host.start(
              "reader",
              () -> {
                try {
                  stream.next(Duration.ofMinutes(1));
                } catch (Unreachable e) {
                  told.add(e.getMessage());
                }
              });
      transport.close();
      assertThat(reader.join(LONG)).isTrue();
      assertThat(told).singleElement().asString().contains("this transport was closed");
      assertThatThrownBy(() -> transport.send(get("/"))).hasMessageContaining("was closed");
      end.countDown();
    }
  }

  @Test
  void aCancelledTaskStopsWaiting() throws Exception {
    var end = new CountDownLatch(1);
    try (var server = silent(end);
        var transport = open(server)) {
      var stream = transport.open(get("/"));
      var reader = host.start("reader", () -> stream.next(Duration.ofMinutes(1)));
      var asker = host.start("asker", () -> transport.send(get("/never")));
      reader.cancel();
      asker.cancel();
      assertThat(reader.join(LONG)).isTrue();
      assertThat(asker.join(LONG)).isTrue();
      end.countDown();
    }
  }

  /// Answers `/` with a head and nothing more, everything else not at all, until `end`.
  private LoopbackServer silent(CountDownLatch end) throws Exception {
    return server(exchange -> {
      if (exchange.getRequestURI().getPath().equals("/")) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
      }
      await(end);
      exchange.close();
    });
  }

  @Test
  void fetchesANewTokenFromACredentialProgramWhenTheOldOneIsRefused(@TempDir Path folder)
      throws Exception {
    var tokens = new ConcurrentLinkedQueue<String>();
    try (var server =
        server(exchange -> {
          var token = exchange.getRequestHeaders().getFirst("authorization");
          tokens.add(token);
          LoopbackServer.reply(exchange, token.equals("Bearer second") ? 200 : 401, "");
        })) {
      Files.writeString(folder.resolve("token"), "first");
      var yaml =
          """
          current-context: c
          contexts: [{name: c, context: {cluster: c, user: u}}]
          clusters:
          - {name: c, cluster: {server: "%s", certificate-authority: ca.crt}}
          users:
          - name: u
            user:
              exec:
                apiVersion: client.authentication.k8s.io/v1
                command: %s/login
          """
              .formatted(server.url(), folder);
      Files.writeString(folder.resolve("ca.crt"), authority.certificatePem());
      var program = folder.resolve("login");
      Files.writeString(
          program,
          """
          #!/bin/sh
          echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",'
          echo '"status":{"token":"'$(cat %s/token)'"}}'
          """
              .formatted(folder));
      assertThat(program.toFile().setExecutable(true)).isTrue();
      var clock = new AheadHost(host);
      try (var transport = HttpsTransport.fromKubeconfig(clock, yaml, folder, null)) {
        Files.writeString(folder.resolve("token"), "second");
        assertThat(transport.send(get("/")).status()).isEqualTo(401); // asked a moment ago
        clock.putForward(Duration.ofSeconds(11));
        assertThat(transport.send(get("/")).status()).isEqualTo(200);
        assertThat(tokens).containsExactly("Bearer first", "Bearer first", "Bearer second");
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody let the server go on");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
