package io.nave.apiserver.http;

import io.nave.api.Json;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Who did what: every write as one JSON line of the logger `audit` at INFO, refused ones too;
/// every request of this package's logger at DEBUG. Never a body, a query or a credential.
final class RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
  private static final Logger AUDIT = LoggerFactory.getLogger("audit");

  private final Host host;

  RequestLog(Host host) {
    this.host = host;
  }

  void answered(Trail trail, Service.Peer peer, int code, Duration took) {
    if (trail.writes() && AUDIT.isInfoEnabled()) {
      AUDIT.info(Json.text(line(trail, peer, code)));
    }
    LOG.atDebug()
        .addKeyValue("method", trail.method)
        .addKeyValue("path", trail.path)
        .addKeyValue("user", trail.user())
        .addKeyValue("code", code)
        .addKeyValue("duration_ms", took.toMillis())
        .log("request answered");
  }

  ObjectNode line(Trail trail, Service.Peer peer, int code) {
    var line = Json.object();
    line.put("time", host.now().toString());
    line.put("user", trail.user());
    if (!trail.impersonator().isEmpty()) {
      line.put("impersonatedBy", trail.impersonator());
    }
    line.put("address", peer.address());
    line.put("verb", trail.verbText());
    var target = trail.target;
    if (target == null) {
      line.put("path", trail.path);
    } else {
      line.put("group", target.type().group());
      line.put("resource", target.type().plural());
      line.put("subresource", target.subresource());
      line.put("namespace", target.namespace());
      line.put("name", trail.name());
    }
    return line.put("code", code);
  }
}
