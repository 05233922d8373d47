package io.nave.controllers;

import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// HTTPS to one API server through the JDK's HTTP client (HTTP/2 where the server offers it). A
/// request is sent once: there are no retries.
///
/// The server is trusted only by the CA that was given; redirects are not followed, since they
/// would carry the identity elsewhere.
public final class HttpsTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(HttpsTransport.class);

  /// Until the head of an answer is there, and then between two pieces of a whole one.
  static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(30);

  private static final Duration CONNECT_WAIT_MAX = Duration.ofSeconds(10);
  // The client ends a request at the limit, or a little later; this is for when even that is lost.
  private static final Duration LOST_AFTER = Duration.ofSeconds(10);
  // A page of 500 objects of a megabyte each.
  private static final int ANSWER_BYTES_MAX = 512 << 20;
  private static final Duration LOGIN_AGE_MIN = Duration.ofSeconds(10);

  private final Host host;
  private final Duration answerWait;
  private final URI server;
  private final Supplier<HttpClient> connect;
  private final @Nullable Supplier<Kubeconfig> renewal;
  private final Set<PulledBody> open = ConcurrentHashMap.newKeySet(); // to be told of the end
  private volatile HttpClient client;
  private volatile Kubeconfig.Login login;
  private volatile long loginNanos;
  private volatile boolean closed;

  private HttpsTransport(
      Host host, Kubeconfig config, Duration answerWait, @Nullable Supplier<Kubeconfig> renewal) {
    this.host = host;
    this.answerWait = answerWait;
    this.server = address(config);
    this.renewal = renewal;
    this.login = config.login();
    this.loginNanos = host.nanoTime();
    var keys = keys(config.login());
    var trust = trust(config);
    var tls = tls(keys, trust);
    this.connect = () -> connect(host, tls);
    this.client = connect.get();
  }

  /// A transport to the server, as the user, of a kubeconfig. Nothing is sent yet.
  ///
  /// @throws Kubeconfig.Unusable when an address, certificate or key in it cannot be used
  public static HttpsTransport open(Host host, Kubeconfig config) {
    return open(host, config, ANSWER_WAIT_MAX);
  }

  static HttpsTransport open(Host host, Kubeconfig config, Duration answerWait) {
    return new HttpsTransport(host, config, answerWait, null);
  }

  /// A transport by the text of a kubeconfig file of any making. Tokens that come from elsewhere
  /// (`exec`) are fetched again when the server no longer takes them.
  ///
  /// @param folder what file names in it are relative to
  /// @param context null: its current context
  /// @throws Kubeconfig.Unusable when it cannot be used
  public static HttpsTransport fromKubeconfig(
      Host host, String yaml, Path folder, @Nullable String context) {
    Supplier<Kubeconfig> read = () -> KubeconfigFile.read(host.disk(), yaml, folder, context);
    var config = read.get();
    var renewal = config.login() instanceof Kubeconfig.Login.Token ? read : null;
    return new HttpsTransport(host, config, ANSWER_WAIT_MAX, renewal);
  }

  private static URI address(Kubeconfig config) {
    URI uri;
    try {
      uri = URI.create(config.server().replaceAll("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new Kubeconfig.Unusable("server: \"" + config.server() + "\" is not a URL", e);
    }
    var secure = "https".equals(uri.getScheme());
    var host = uri.getHost();
    if (host == null || !(secure || ("http".equals(uri.getScheme()) && loopback(host)))) {
      throw new Kubeconfig.Unusable(
          "server: expected https://host:port, was \"" + config.server() + "\"", null);
    }
    return uri;
  }

  private static boolean loopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private static KeyManager @Nullable [] keys(Kubeconfig.Login login) {
    if (!(login instanceof Kubeconfig.Login.Certificate(var certificatePem, var keyPem))) {
      return null;
    }
    var chain = PemReader.certificates("client-certificate", certificatePem);
    var key = PemReader.privateKey("client-key", keyPem);
    try {
      // In memory only. PKCS #12 would encrypt the key with 10,000 rounds of a hash, and read it
      // back.
      var store = KeyStore.getInstance("JKS");
      store.load(null, null);
      store.setKeyEntry("client", key, new char[0], chain.toArray(new X509Certificate[0]));
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new Kubeconfig.Unusable(
          "client-certificate and client-key cannot be used together: " + e.getMessage(), e);
    }
  }

  private static TrustManager trust(Kubeconfig config) {
    if (!config.insecure()) {
      return GivenTrust.of(config.caPem());
    }
    LOG.atWarn()
        .addKeyValue("server", config.server())
        .log("insecure-skip-tls-verify: anyone on the way can read and change what is sent");
    return new BlindTrust();
  }

  private static SSLContext tls(KeyManager @Nullable [] keys, TrustManager trust) {
    try {
      var tls = SSLContext.getInstance("TLS");
      tls.init(keys, new TrustManager[] {trust}, null);
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no TLS: " + e.getMessage(), e);
    }
  }

  private static HttpClient connect(Host host, SSLContext tls) {
    return HttpClient.newBuilder()
        .connectTimeout(CONNECT_WAIT_MAX)
        .followRedirects(HttpClient.Redirect.NEVER)
        .sslContext(tls)
        .executor(job -> run(host, job))
        .build();
  }

  /// The client's own work is tasks like any other, so it needs no pool of threads beside them.
  private static void run(Host host, Runnable job) {
    try {
      var _ = host.start("https", job);
    } catch (Cancelled e) {
      throw new RejectedExecutionException("the machine stops", e);
    }
  }

  @Override
  public Response send(Request request) {
    try (var answer = identified(request)) {
      var whole = new ByteArrayOutputStream();
      while (true) {
        var piece = answer.next(answerWait);
        if (piece != null) {
          whole.writeBytes(piece);
        } else if (answer.ended()) {
          return new Response(answer.status(), answer.headers(), whole.toByteArray());
        } else {
          throw new Unreachable(server.getAuthority() + ": the answer stopped half way", null);
        }
        if (whole.size() > ANSWER_BYTES_MAX) {
          throw new Unreachable(
              server.getAuthority() + ": the answer is longer than " + ANSWER_BYTES_MAX + " bytes",
              null);
        }
      }
    }
  }

  @Override
  public Stream open(Request request) {
    return identified(request);
  }

  private Answer identified(Request request) {
    var answer = exchange(request);
    if (answer.status() == 401 && renewLogin()) {
      answer.close();
      return exchange(request);
    }
    return answer;
  }

  private Answer exchange(Request request) {
    var body = new PulledBody(host, server);
    open.add(body);
    try {
      var response = head(request, body);
      if (closed) { // after the add: either this sees `closed` or close() sees the body
        throw new Unreachable("this transport was closed", null);
      }
      return new Answer(response, body);
    } catch (RuntimeException e) {
      open.remove(body);
      body.cancel(null);
      throw e;
    }
  }

  private HttpResponse<PulledBody> head(Request request, PulledBody body) {
    if (closed) {
      throw new Unreachable("this transport was closed", null);
    }
    var used = client;
    var sent = start(used, request, body);
    var arrived = host.<Head>mailbox(1);
    var _ = sent.whenComplete((response, fault) -> arrived.offer(new Head(response, fault)));
    Head head = null;
    try {
      head = arrived.poll(answerWait.plus(LOST_AFTER));
    } finally {
      if (head == null) {
        sent.cancel(true); // also when this task was cancelled
      }
    }
    if (head != null && head.response() != null) {
      return head.response();
    }
    var fault = head == null || head.fault() == null ? new TimeoutException() : head.fault();
    replaceIfStuck(used, fault);
    throw ConnectionFault.explain(server, fault);
  }

  private record Head(@Nullable HttpResponse<PulledBody> response, @Nullable Throwable fault) {}

  private CompletableFuture<HttpResponse<PulledBody>> start(
      HttpClient used, Request request, PulledBody body) {
    var builder = HttpRequest.newBuilder(URI.create(server + request.target()));
    request.headers().forEach(builder::header);
    var identity = authorization(login);
    if (identity != null) {
      builder.setHeader("authorization", identity);
    }
    var content =
        request.body().length == 0 && !request.headers().containsKey("content-type")
            ? BodyPublishers.noBody()
            : BodyPublishers.ofByteArray(request.body());
    builder.method(request.method(), content).timeout(answerWait);
    return used.sendAsync(builder.build(), _ -> body);
  }

  private static @Nullable String authorization(Kubeconfig.Login login) {
    return switch (login) {
      case Kubeconfig.Login.Token(var token) -> "Bearer " + token;
      case Kubeconfig.Login.Password(var user, var password) ->
          "Basic "
              + Base64.getEncoder()
                  .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
      case Kubeconfig.Login.Certificate _, Kubeconfig.Login.Nobody _ -> null;
    };
  }

  /// One dead HTTP/2 connection would take every later request down with it, because the JDK sends
  /// no pings: after a time-out requests go out on a new one. Streams stay on the old.
  @SuppressWarnings("ReferenceEquality") // whether it is that very connection
  private void replaceIfStuck(HttpClient used, Throwable fault) {
    var cause =
        fault instanceof CompletionException e && e.getCause() != null ? e.getCause() : fault;
    if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
      if (client == used && !closed) {
        client = connect.get();
      }
    }
  }

  private boolean renewLogin() {
    if (renewal == null || host.nanoTime() - loginNanos < LOGIN_AGE_MIN.toNanos()) {
      return false;
    }
    loginNanos = host.nanoTime();
    var next = renewal.get().login();
    var changed = !next.equals(login);
    login = next;
    return changed;
  }

  @Override
  public void close() {
    closed = true;
    var why = new IOException("this transport was closed");
    open.forEach(body -> body.cancel(why));
    client.shutdownNow();
  }

  /// Where it goes; nothing of the identity.
  @Override
  public String toString() {
    return server.toString();
  }

  /// An answer being read.
  private final class Answer implements Stream {
    private final HttpResponse<PulledBody> head;
    private final PulledBody body;

    Answer(HttpResponse<PulledBody> head, PulledBody body) {
      this.head = head;
      this.body = body;
    }

    @Override
    public int status() {
      return head.statusCode();
    }

    Map<String, String> headers() {
      var headers = new TreeMap<String, String>();
      head.headers()
          .map()
          .forEach((name, values) ->
              headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
      return headers;
    }

    @Override
    public byte @Nullable [] next(Duration atMost) {
      return body.next(atMost);
    }

    @Override
    public boolean ended() {
      return body.ended();
    }

    @Override
    public void close() {
      open.remove(body);
      body.cancel(null);
    }
  }
}
