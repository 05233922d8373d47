package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.Yaml;
import io.nave.certs.Authority;
import io.nave.certs.Certificates;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.hub.BootstrapTokens;
import io.nave.runtime.RealHost;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import io.nave.store.MemoryEngine;
import io.nave.work.ManifestWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: the hub answers what upstream's agents of January 2024 really send.
/// - Method: each different request that their unmodified `registration agent` and `work agent`
///   made when they joined a hub and applied a work, as recorded in `UpstreamAgentE2E`, in their
///   order, to a whole hub but for its socket. Identities and revisions are put in where they
///   stood. In this version all bodies are JSON, and neither agent sends the hub an Event or a
///   TokenRequest; for these see the frames of `ProtobufBodyTest`.
class RecordedAgentIT {
  private static final String CLUSTER = "go-nave";
  private static final ResourceType CLUSTERS = ResourceType.of(ManagedCluster.class);

  /// @param head request line and headers
  private record Recorded(int expected, List<String> head, String body) {
    String method() {
      return head.getFirst().split(" ")[0];
    }

    String target() {
      return head.getFirst().split(" ")[1];
    }
  }

  private final RealHost host = RealHost.start("hub");
  private Service.Peer peer = new Service.Peer(List.of(), "agent");
  private String token = "";

  @Test
  void theHubAnswersEachCallOfAnAgentOf2024() {
    try (var core = start()) {
      var admin = core.client("test");
      var made = BootstrapTokens.create(host, Duration.ofHours(1), "test");
      admin.create(HubKinds.SECRET, made.secret());
      token = made.token();
      until(() ->
          send(core, recorded().getFirst(), recorded().getFirst().target(), "").status() == 404);
      for (var each : recorded()) {
        var answer = asked(core, admin, each);
        assertThat(answer.status())
            .as("%s: %s", each.head().getFirst(), new String(answer.body(), StandardCharsets.UTF_8))
            .isEqualTo(each.expected());
        if (each.target().endsWith("/certificatesigningrequests")) {
          letIn(admin, json(answer).at("/metadata/name").asString(""));
        }
      }
    } finally {
      host.close();
    }
  }

  /// Again on new ground where the hub wrote in between, as a client does.
  private Transport.Response asked(HubCore core, ApiClient admin, Recorded each) {
    var answer = askedOnce(core, admin, each);
    for (var tries = 0; answer.status() == 409 && tries < 20; tries++) {
      answer = askedOnce(core, admin, each);
    }
    return answer;
  }

  private Transport.Response askedOnce(HubCore core, ApiClient admin, Recorded each) {
    var object = each.target().split("\\?")[0].replaceAll("/status$", "");
    var present =
        each.target().contains("?") || each.method().equals("POST")
            ? Json.object()
            : json(send(core, get(each), object, ""));
    return send(
        core, each, filled(each.target(), admin, present), filled(each.body(), admin, present));
  }

  private HubCore start() {
    return HubCore.start(
        host,
        new MemoryEngine(),
        Authority.create(host, "test", Duration.ofDays(1)),
        HubConfig.GIT_VERSION,
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  /// Accepts the cluster, takes the certificate, and gives it a work.
  private void letIn(ApiClient admin, String request) {
    admin.patch(
        CLUSTERS,
        Key.of(CLUSTER),
        "",
        Patch.merge(body -> body.putObject("spec").put("hubAcceptsClient", true)));
    until(() -> !certificate(admin, request).isEmpty());
    var pem =
        new String(
            Base64.getDecoder().decode(certificate(admin, request)), StandardCharsets.US_ASCII);
    peer = new Service.Peer(Certificates.parse(pem), "agent");
    until(() -> admin.find(HubKinds.LEASE, Key.of(CLUSTER, HubKinds.LEASE_NAME)).isPresent());
    admin.create(
        ResourceType.of(ManifestWork.class),
        ApiObject.of(
            (ObjectNode)
                Yaml.parse(
                    """
                    apiVersion: work.open-cluster-management.io/v1
                    kind: ManifestWork
                    metadata: {name: one, namespace: go-nave}
                    spec:
                      workload:
                        manifests:
                        - {apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: shop}, data: {a: b}}
                    """)));
  }

  private static String certificate(ApiClient admin, String request) {
    return admin
        .get(HubKinds.SIGNING_REQUEST, Key.of(request))
        .status()
        .path("certificate")
        .asString("");
  }

  private static Recorded get(Recorded each) {
    var head = new ArrayList<>(each.head());
    head.removeIf(line -> line.startsWith("content-type"));
    head.set(0, "GET " + each.target());
    return new Recorded(200, head, "");
  }

  private static String filled(String text, ApiClient admin, JsonNode present) {
    var revision = present.at("/metadata/resourceVersion").asString("");
    return text.replace("{uid}", present.at("/metadata/uid").asString(""))
        .replace(
            "{revision}",
            revision.isEmpty()
                ? admin.list(CLUSTERS, "", Selection.all()).resourceVersion()
                : revision);
  }

  private Transport.Response send(HubCore core, Recorded each, String target, String body) {
    var headers = new TreeMap<String, String>(Map.of("accept-encoding", "gzip"));
    each.head().stream()
        .skip(1)
        .map(line -> line.split(": ", 2))
        .forEach(pair -> headers.put(pair[0], pair[1]));
    if (peer.certificates().isEmpty()) {
      headers.put("authorization", "Bearer " + token);
    }
    var request =
        new Transport.Request(
            each.method(), target, headers, body.getBytes(StandardCharsets.UTF_8));
    return switch (core.door().handle(request, peer)) {
      case Service.Reply.Full(var response) -> response;
      case Service.Reply.Streaming(var status, var more, var feed) -> {
        feed.close();
        yield new Transport.Response(status, more, new byte[0]);
      }
    };
  }

  private static JsonNode json(Transport.Response response) {
    return Json.parse(response.body());
  }

  private static List<Recorded> recorded() {
    var file = "upstream-agent-2024.txt";
    try (var in = Objects.requireNonNull(RecordedAgentIT.class.getResourceAsStream(file), file)) {
      var all = new ArrayList<Recorded>();
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (var each : text.split("(?m)^expect: ")) {
        if (!each.isBlank()) {
          var parts = each.strip().split("\n\n", 2);
          var lines = parts[0].lines().toList();
          all.add(
              new Recorded(
                  Integer.parseInt(lines.getFirst()),
                  lines.subList(1, lines.size()),
                  parts.length > 1 ? parts[1] : ""));
        }
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void until(BooleanSupplier look) {
    var deadline = host.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!look.getAsBoolean()) {
      assertThat(host.nanoTime()).as("waited a minute").isLessThan(deadline);
      host.sleep(Duration.ofMillis(20));
    }
  }
}
