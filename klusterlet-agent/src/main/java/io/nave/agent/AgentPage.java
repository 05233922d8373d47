package io.nave.agent;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// What an agent tells about itself to whoever watches it: `/metrics`, `/healthz`, `/livez` and
/// `/readyz`. It holds no secret and changes nothing, so it asks for no credential.
///
/// @param ready whether the hub answers; a cluster is looked after while it does not
public record AgentPage(PrometheusMeterRegistry metrics, BooleanSupplier ready) implements Service {
  @Override
  public Reply handle(Transport.Request request, Peer peer) {
    var query = request.target().indexOf('?');
    var path = query < 0 ? request.target() : request.target().substring(0, query);
    if (!request.method().equals("GET")) {
      return text(405, "only GET is answered here\n");
    }
    return switch (path) {
      case "/healthz", "/livez" -> text(200, "ok");
      case "/readyz" ->
          ready.getAsBoolean() ? text(200, "ok") : text(503, "the hub does not answer\n");
      case "/metrics" -> text(200, metrics.scrape());
      default -> text(404, "here are /healthz, /livez, /readyz and /metrics\n");
    };
  }

  private static Reply text(int status, String body) {
    return Reply.full(
        status,
        Map.of("content-type", "text/plain; charset=utf-8"),
        body.getBytes(StandardCharsets.UTF_8));
  }
}
