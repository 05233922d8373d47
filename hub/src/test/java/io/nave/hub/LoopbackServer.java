package io.nave.hub;

import io.nave.api.Json;
import io.nave.apiserver.http.HttpsServer;
import io.nave.certs.Authority;
import io.nave.certs.KeyPairs;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.Service.Reply;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// A server that a hub calls over real HTTPS: a webhook, an issuer. Its authority is its own.
final class LoopbackServer implements AutoCloseable {
  private static final Duration LIFETIME = Duration.ofDays(1);

  private final Parts parts = new Parts();
  private final Authority authority;
  private final HttpsServer server;

  /// @param answer to each request, as JSON; an exception is an answer 500
  LoopbackServer(Host host, Function<Transport.Request, JsonNode> answer) {
    authority = Authority.create(host, "loopback-ca", LIFETIME);
    var serving =
        authority.issueServing(
            List.of("127.0.0.1"), KeyPairs.generate(host.secureRandom()), LIFETIME);
    server =
        parts.open(
            HttpsServer.start(
                HttpsServer.Settings.of("127.0.0.1", 0),
                serving,
                (request, _) -> reply(answer, request),
                host));
  }

  private static Reply reply(
      Function<Transport.Request, JsonNode> answer, Transport.Request request) {
    try {
      return Reply.full(
          200, Map.of("content-type", "application/json"), Json.encode(answer.apply(request)));
    } catch (RuntimeException e) {
      return Reply.full(500, Map.of(), e.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  String url() {
    return "https://127.0.0.1:" + server.port();
  }

  String caPem() {
    return authority.certificatePem();
  }

  /// As the field `caBundle` takes it.
  static String bundle(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    parts.close();
  }
}
