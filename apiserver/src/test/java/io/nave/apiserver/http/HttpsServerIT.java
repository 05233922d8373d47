package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.Json;
import io.nave.apiserver.Caller;
import io.nave.apiserver.authn.Authentication;
import io.nave.apiserver.authn.ClientCertificates;
import io.nave.apiserver.authn.StaticTokens;
import io.nave.certs.Authority;
import io.nave.certs.Credential;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.certs.KeyStores;
import io.nave.controllers.ApiClient.Watch.Kind;
import io.nave.runtime.RealHost;
import io.nave.runtime.Service;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.transport.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The front door behind real TLS on a free port, asked by the JDK's client.
class HttpsServerIT {
  private static final String MAPS = "/api/v1/namespaces/east/configmaps";

  private final RealHost host = RealHost.start("it");
  private final Authority authority = Authority.create(host, "hub-ca", Duration.ofDays(1));
  private final FakeApi api = new FakeApi(host);
  private final List<AutoCloseable> open = new ArrayList<>();
  private HttpsServer server;

  @BeforeEach
  void start() {
    server = start(door());
  }

  @AfterEach
  void stop() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
    host.close();
  }

  private FrontDoor door() {
    var authentication =
        new Authentication(
            new ClientCertificates(authority::bundle, host),
            new StaticTokens(Map.of("admin-token", Caller.of("admin", Caller.MASTERS))));
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return new FrontDoor(
        FrontDoor.Settings.of("v1.31.0+nave"),
        api,
        authentication,
        Health.good(),
        new ApiMetrics(registry),
        host);
  }

  private HttpsServer start(Service service) {
    return start(service, HttpsServer.Settings.of("127.0.0.1", 0));
  }

  private HttpsServer start(Service service, HttpsServer.Settings settings) {
    var started = HttpsServer.start(settings, serving(), service, host);
    open.add(started);
    return started;
  }

  private Credential serving() {
    return authority.issueServing(
        List.of("127.0.0.1", "localhost"),
        KeyPairs.generate(host.secureRandom()),
        Duration.ofHours(1));
  }

  private Credential client(String name) {
    return authority.issueClient(
        new Identity(name, List.of("agents")),
        KeyPairs.generate(host.secureRandom()),
        Duration.ofHours(1));
  }

  private HttpClient https(Credential... credentials) {
    return https(HttpClient.Version.HTTP_2, credentials);
  }

  private HttpClient https(HttpClient.Version version, Credential... credentials) {
    var client = HttpClient.newBuilder().sslContext(tls(credentials)).version(version).build();
    open.add(client::shutdownNow);
    return client;
  }

  private SSLContext tls(Credential... credentials) {
    try {
      var tls = SSLContext.getInstance("TLS");
      var keys = new ArrayList<KeyManager>();
      for (var credential : credentials) {
        keys.add(KeyStores.keyManager(credential));
      }
      var trust = new TrustManager[] {KeyStores.trustManager(authority.bundle(), host)};
      tls.init(keys.toArray(KeyManager[]::new), trust, null);
      return tls;
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + target))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpRequest.Builder admin(String target) {
    return to(target).header("Authorization", "Bearer admin-token");
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
      throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /// Waits for what another thread brings about; the deadline only turns a hang into a failure.
  private void eventually(BooleanSupplier holds) {
    var deadline = host.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(host.nanoTime()).as("waited too long").isLessThan(deadline);
      host.sleep(Duration.ofMillis(5));
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void bothVersionsOfHttpAreSpokenOnOnePort(HttpClient.Version version) throws Exception {
    var client = https(version);
    for (var i = 0; i < 3; i++) {
      var reply = send(client, admin("/api/v1/namespaces"));
      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(reply.version()).isEqualTo(version);
      assertThat(reply.body()).contains("NamespaceList");
    }
    assertThat(send(client, admin("/api")).body())
        .contains("\"serverAddress\":\"127.0.0.1:" + server.port() + "\"");
  }

  /// Both are optional jars; losing one shows only as slowness.
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void nativeTlsAndTransportAreUsedWhereTheyLoad() {
    assertThat(OpenSSLEngineOptions.isAvailable()).isTrue();
    assertThat(Transport.EPOLL.available()).isTrue();
  }

  @Test
  void aClientCertificateIsWhoAsks() throws Exception {
    var credential = client("agent-east");
    for (var i = 0; i < 2; i++) { // a second connection of the same client too
      var reply =
          send(
              https(credential),
              to(MAPS)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"metadata\":{\"name\":\"n" + i + "\"}}")));
      assertThat(reply.statusCode()).isEqualTo(201);
      assertThat(api.asked.getLast().caller().user()).isEqualTo("agent-east");
      assertThat(api.asked.getLast().caller().groups())
          .containsExactly("agents", "system:authenticated");
    }
  }

  @Test
  void aCertificateOfAStrangerIsAnsweredNotHungUpOn() throws Exception {
    var other = Authority.create(host, "other-ca", Duration.ofDays(1));
    var stranger =
        other.issueClient(
            new Identity("agent-east", List.of()),
            KeyPairs.generate(host.secureRandom()),
            Duration.ofHours(1));
    var reply = send(https(stranger), to("/api/v1/namespaces"));
    assertThat(reply.statusCode()).isEqualTo(401);
    assertThat(reply.body()).contains("not accepted", "use a certificate that this hub signed");
  }

  @Test
  void whoShowsNothingSeesHealthOnly() throws Exception {
    assertThat(send(https(), to("/readyz")).body()).isEqualTo("ok");
    assertThat(send(https(), to("/api")).statusCode()).isEqualTo(401);
  }

  private HttpResponse<InputStream> watch(HttpClient client, String query) throws Exception {
    return client.send(admin(MAPS + "?watch=true" + query).build(), BodyHandlers.ofInputStream());
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void eventsArriveAsTheyHappen(HttpClient.Version version) throws Exception {
    var reply = watch(https(version), "");
    assertThat(reply.statusCode()).isEqualTo(200); // the head came before any event
    var watch = api.watches.getLast();
    try (var lines = lines(reply)) {
      for (var name : List.of("a", "b")) {
        watch.send(Kind.ADDED, FakeApi.configMap("east", name));
        var event = Json.parse(lines.readLine());
        assertThat(event.path("type").asString()).isEqualTo("ADDED");
        assertThat(event.at("/object/metadata/name").asString()).isEqualTo(name);
      }
      watch.end();
      assertThat(lines.readLine()).isNull();
    }
    eventually(() -> watch.closed);
  }

  private static BufferedReader lines(HttpResponse<InputStream> reply) {
    return new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aClientThatLeavesEndsItsWatch(HttpClient.Version version) throws Exception {
    var reply = watch(https(version), "");
    var watch = api.watches.getLast();
    assertThat(watch.closed).isFalse();
    reply.body().close();
    eventually(() -> watch.closed);
  }

  @Test
  void aWatchEndsAfterItsTime() throws Exception {
    try (var lines = lines(watch(https(), "&timeoutSeconds=1"))) {
      assertThat(lines.readLine()).isNull();
    }
  }

  /// - Goal: a client that does not read holds its own feed back, and gets everything later.
  @Test
  void aSlowReaderHoldsItsFeedBack() throws Exception {
    var made = new AtomicLong();
    var total = 2_000;
    var chunk = new byte[64 * 1024];
    Service endless =
        (request, peer) ->
            new Service.Reply.Streaming(
                200,
                Map.of("content-type", "application/octet-stream"),
                new Service.Feed() {
                  @Override
                  public byte[] next(Duration atMost) {
                    made.incrementAndGet();
                    return chunk;
                  }

                  @Override
                  public boolean ended() {
                    return made.get() >= total;
                  }

                  @Override
                  public void close() {}
                });
    server = start(endless);
    var reply = https().send(to("/").build(), BodyHandlers.ofInputStream());
    var seen = new AtomicLong(-1);
    eventually(() -> {
      host.sleep(Duration.ofMillis(200));
      return seen.getAndSet(made.get()) == made.get(); // it stands still
    });
    assertThat(made.get()).isLessThan(total);
    assertThat(reply.body().transferTo(java.io.OutputStream.nullOutputStream()))
        .isEqualTo((long) total * chunk.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aBodyBeyondTheLimitIsRefusedWhileItComes(int known) throws Exception {
    var bytes = new byte[Bodies.BYTES_MAX + 100_000];
    var body =
        known == 1
            ? BodyPublishers.ofByteArray(bytes)
            : BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes));
    var reply = send(https(), admin(MAPS).POST(body));
    assertThat(reply.statusCode()).isEqualTo(413);
    assertThat(Json.parse(reply.body()).path("reason").asString())
        .isEqualTo("RequestEntityTooLarge");
  }

  @Test
  void largeBodiesAndAnswersPassWhole() throws Exception {
    var text = "x".repeat(2_500_000);
    var body = "{\"metadata\":{\"name\":\"large\"},\"data\":{\"k\":\"" + text + "\"}}";
    var reply =
        send(
            https(),
            admin(MAPS)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(reply.statusCode()).isEqualTo(201);
    var list = send(https(), admin(MAPS));
    assertThat(Json.parse(list.body()).at("/items/0/data/k").asString()).hasSize(text.length());
  }

  @Test
  void manyRequestsShareOneConnection() throws Exception {
    var client = https();
    send(client, admin("/api")); // until there is a connection, the client opens one for each
    var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (var i = 0; i < 200; i++) {
      replies.add(client.sendAsync(admin("/api/v1/namespaces").build(), BodyHandlers.ofString()));
    }
    for (var reply : replies) {
      assertThat(reply.get().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aFaultOfTheServiceIsAnInternalError() throws Exception {
    server =
        start((request, peer) -> {
          throw new IllegalStateException("a secret detail");
        });
    var reply = send(https(), to("/"));
    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body()).contains("InternalError").doesNotContain("secret");
  }

  @Test
  void aPortInUseIsNamedWithItsRemedy() {
    var settings = HttpsServer.Settings.of("127.0.0.1", server.port());
    assertThatThrownBy(() -> HttpsServer.start(settings, serving(), door(), host))
        .isInstanceOf(ListenFailure.class)
        .hasMessageContaining("127.0.0.1:" + server.port())
        .hasMessageContaining("the port is in use")
        .hasMessageContaining("choose another port");
  }

  @Test
  void anAddressOfAnotherMachineIsNamed() {
    var settings = HttpsServer.Settings.of("192.0.2.1", 0);
    assertThatThrownBy(() -> HttpsServer.start(settings, serving(), door(), host))
        .isInstanceOf(ListenFailure.class)
        .hasMessageContaining("192.0.2.1:0")
        .hasMessageContaining("not one of this machine");
  }

  @Test
  void aNewCertificateIsShownFromTheNextConnectionOn() throws Exception {
    var before = shown(https());
    server.updateTls(serving());
    for (var i = 0; i < 4; i++) { // every event loop shows it
      assertThat(shown(https())).isNotEqualTo(before);
    }
  }

  private X509Certificate shown(HttpClient client) throws Exception {
    var session = send(client, admin("/api")).sslSession().orElseThrow();
    return (X509Certificate) session.getPeerCertificates()[0];
  }

  @Test
  void closingEndsWatchesAndHangsUp() throws Exception {
    var client = https(HttpClient.Version.HTTP_1_1);
    try (var lines = lines(watch(client, ""))) {
      var watch = api.watches.getLast();
      server.close();
      assertThat(lines.readLine()).isNull(); // a proper end, not a broken line
      assertThat(watch.closed).isTrue();
    }
    assertThatThrownBy(() -> send(client, admin("/api"))).isInstanceOf(IOException.class);
    open.removeIf(each -> each == server);
  }

  /// - Goal: nobody takes a part of a list for the list, however the server stops.
  /// - Method: the server closes while lists are on their way; what arrives without a fault is
  ///   whole.
  @ParameterizedTest
  @CsvSource({"HTTP_1_1, 40", "HTTP_2, 40", "HTTP_2, 100000"})
  void closingBreaksNoListOffUnnoticed(HttpClient.Version version, int pieces) throws Exception {
    var slow = start((request, peer) -> Replies.stream(new Pieces(pieces)));
    var port = slow.port();
    var list = URI.create("https://127.0.0.1:" + port + "/list");
    var request = HttpRequest.newBuilder(list).timeout(Duration.ofSeconds(60)).build();
    var reply = https(version).send(request, BodyHandlers.ofInputStream());
    var first = reply.body().readNBytes(Pieces.BYTES);
    var closing = CompletableFuture.runAsync(slow::close);
    open.removeIf(each -> each == slow);
    var whole = true;
    var read = (long) first.length;
    try {
      read += reply.body().transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      whole = false;
    }
    closing.join();
    if (whole) {
      assertThat(read).isEqualTo((long) pieces * Pieces.BYTES);
    }
    assertThat(whole).as("a short one still goes out").isEqualTo(pieces == 40);
  }

  /// A list that comes piece by piece, one every 20 ms.
  private final class Pieces implements Service.Feed {
    static final int BYTES = 1_000;
    private final int all;
    private int given;

    Pieces(int all) {
      this.all = all;
    }

    @Override
    public byte[] next(Duration atMost) {
      host.sleep(Duration.ofMillis(20));
      given++;
      return new byte[BYTES];
    }

    @Override
    public boolean ended() {
      return given >= all;
    }

    @Override
    public boolean indivisible() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void oneConnectionTooManyIsHungUpOn() throws Exception {
    server = start(door(), new HttpsServer.Settings("127.0.0.1", 0, 1, 2, Duration.ofMinutes(3)));
    watch(https(), "");
    watch(https(), "");
    assertThatThrownBy(() -> send(https(), admin("/api"))).isInstanceOf(IOException.class);
  }

  @Test
  void anIdleConnectionIsClosedAndAWatchedOneIsNot() throws Exception {
    server = start(door(), new HttpsServer.Settings("127.0.0.1", 0, 1, 9, Duration.ofSeconds(2)));
    var watched = watch(https(), "");
    try (var idle = tls().getSocketFactory().createSocket("127.0.0.1", server.port())) {
      ((SSLSocket) idle).startHandshake();
      idle.setSoTimeout(20_000);
      assertThat(idle.getInputStream().read()).isEqualTo(-1); // closed from the other end
    }
    api.watches.getLast().send(Kind.ADDED, FakeApi.configMap("east", "a"));
    try (var lines = lines(watched)) {
      assertThat(lines.readLine()).contains("ADDED");
    }
  }
}
