package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.kinds.Secret;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The whole server over real TLS: who may do what, and what comes back.
class LiveServerIT {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String TOKEN = "abcdef.0123456789abcdef";

  private final LiveServer live = new LiveServer();
  private final HttpClient client = live.https();

  @AfterEach
  void stop() {
    live.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder admin(String target) {
    return live.to(target).header("Authorization", "Bearer " + LiveServer.ADMIN_TOKEN);
  }

  private static JsonNode json(HttpResponse<String> reply) {
    return Json.parse(reply.body());
  }

  private static HttpRequest.BodyPublisher named(String name) {
    return BodyPublishers.ofString("{\"metadata\":{\"name\":\"" + name + "\"}}");
  }

  @Test
  void anObjectLivesItsLife() throws Exception {
    assertThat(send(admin(MAPS).POST(named("a"))).statusCode()).isEqualTo(201);
    assertThat(send(admin(MAPS).POST(named("a"))).statusCode()).isEqualTo(409);
    var patched =
        send(
            admin(MAPS + "/a")
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", BodyPublishers.ofString("{\"data\":{\"k\":\"v\"}}")));
    assertThat(json(patched).at("/data/k").asString()).isEqualTo("v");
    var stale =
        patched.body().replaceAll("\"resourceVersion\":\"\\d+\"", "\"resourceVersion\":\"1\"");
    var refused = send(admin(MAPS + "/a").PUT(BodyPublishers.ofString(stale)));
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(json(refused).path("reason").asString()).isEqualTo("Conflict");
    var gone = json(send(admin(MAPS + "/a").DELETE()));
    assertThat(gone.path("status").asString()).isEqualTo("Success");
    assertThat(send(admin(MAPS + "/a")).statusCode()).isEqualTo(404);
  }

  @Test
  void aWatchSeesWhatHappensAfterItsList() throws Exception {
    var list = json(send(admin(MAPS)));
    var from = list.at("/metadata/resourceVersion").asString();
    send(admin(MAPS).POST(named("between")));
    var reply =
        client.send(
            admin(MAPS + "?watch=1&resourceVersion=" + from).build(), BodyHandlers.ofInputStream());
    try (var lines =
        new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8))) {
      assertThat(Json.parse(lines.readLine()).at("/object/metadata/name").asString())
          .isEqualTo("between");
      send(admin(MAPS + "/between").DELETE());
      assertThat(Json.parse(lines.readLine()).path("type").asString()).isEqualTo("DELETED");
    }
  }

  @Test
  void everySideOfDiscoveryCanBeWalked() throws Exception {
    for (var group : json(send(admin("/apis"))).path("groups")) {
      for (var version : group.path("versions")) {
        var path = "/apis/" + version.path("groupVersion").asString();
        var list = json(send(admin(path)));
        assertThat(list.path("resources")).as(path).isNotEmpty();
        for (var resource : list.path("resources")) {
          assertThat(resource.path("verbs")).as(path + resource).isNotEmpty();
        }
      }
    }
  }

  @Test
  void aCertificateGetsWhatItsRolesSay() throws Exception {
    var agent = live.https(live.client("agent", "agents"));
    var refused = agent.send(live.to(MAPS).build(), BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(json(refused).path("message").asString())
        .contains("User \"agent\" cannot list resource \"configmaps\"");
    var masters = live.https(live.client("root", "system:masters"));
    assertThat(masters.send(live.to(MAPS).build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(agent.send(live.to("/apis").build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(agent.send(live.to("/metrics").build(), BodyHandlers.ofString()).statusCode())
        .isEqualTo(403);
  }

  @Test
  void aBootstrapTokenIsGoodWhileItsSecretSaysSo() throws Exception {
    var data = new TreeMap<String, String>();
    data.put("token-id", "abcdef");
    data.put("token-secret", "0123456789abcdef");
    data.put("usage-bootstrap-authentication", "true");
    data.put("expiration", live.host.now().plus(Duration.ofHours(1)).toString());
    var type = ResourceType.of(Secret.class);
    live.admin.create(type, secret(data));
    var good = send(live.to("/apis").header("Authorization", "Bearer " + TOKEN));
    assertThat(good.statusCode()).isEqualTo(200);
    data.put("expiration", "2020-01-01T00:00:00Z");
    live.admin.update(type, secret(data), "");
    var late = send(live.to("/apis").header("Authorization", "Bearer " + TOKEN));
    assertThat(late.statusCode()).isEqualTo(401);
    assertThat(late.body()).contains("expired at 2020-01-01T00:00:00Z").doesNotContain("012345678");
  }

  private static ApiObject secret(Map<String, String> data) {
    return ApiObject.named(ResourceType.of(Secret.class), "kube-system", "bootstrap-token-abcdef")
        .edit(json -> {
          json.put("type", "bootstrap.kubernetes.io/token");
          var encoded = json.putObject("data");
          data.forEach((name, value) ->
              encoded.put(
                  name,
                  Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        });
  }

  @Test
  void aTableShowsWhatTheRegistryComputes() throws Exception {
    send(
        admin(MAPS)
            .POST(
                BodyPublishers.ofString(
                    "{\"metadata\":{\"name\":\"two\"},\"data\":{\"a\":\"1\",\"b\":\"2\"}}")));
    var table =
        json(send(admin(MAPS).header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")));
    assertThat(table.path("columnDefinitions"))
        .extracting(column -> column.path("name").asString())
        .containsExactly("Name", "Data", "Age");
    assertThat(table.at("/rows/0/cells/1").asString()).isEqualTo("2");
  }
}
