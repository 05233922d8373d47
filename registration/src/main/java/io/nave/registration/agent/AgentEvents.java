package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent tells people on the hub beside its status (spec §3.7). Lost when it cannot be
/// sent.
final class AgentEvents {
  private static final Logger LOG = LoggerFactory.getLogger(AgentEvents.class);
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private AgentEvents() {}

  static void availability(ApiClient hub, ApiObject cluster, boolean available, Instant now) {
    var reason = available ? "Available" : "Unavailable";
    var note =
        available
            ? "The managed cluster (%s) is available now.".formatted(cluster.name())
            : "The kube-apiserver of managed cluster (%s) is not available."
                .formatted(cluster.name());
    tell(hub, cluster, reason, note, now);
  }

  /// Anything else worth telling of the cluster.
  static void tell(ApiClient hub, ApiObject cluster, String reason, String note, Instant now) {
    try {
      hub.create(HubKinds.EVENT, event(cluster, reason, note, now));
    } catch (ApiError e) {
      LOG.atDebug().addKeyValue("reason", e.getMessage()).log("event was not taken");
    }
  }

  private static ApiObject event(ApiObject cluster, String reason, String note, Instant now) {
    var stamp = Long.toHexString(now.getEpochSecond() * 1_000_000_000L + now.getNano());
    var name = cluster.name() + "." + reason.toLowerCase(Locale.ROOT) + "." + stamp;
    return ApiObject.named(HubKinds.EVENT, cluster.name(), name)
        .edit(tree -> {
          tree.put("eventTime", MICRO_TIME.format(now.truncatedTo(ChronoUnit.MICROS)));
          tree.put("reportingController", "registration.nave.io/agent");
          tree.put("reportingInstance", "agent-" + cluster.name());
          tree.put("action", reason).put("reason", reason);
          tree.put("type", "Normal").put("note", note);
          tree.putObject("regarding")
              .put("apiVersion", cluster.apiVersion())
              .put("kind", cluster.kind())
              .put("name", cluster.name())
              .put("uid", cluster.uid());
        });
  }
}
