package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which path and method reach which verb, and what becomes of the others.
class RoutingTest {
  private static final String CLUSTERS =
      "/apis/cluster.open-cluster-management.io/v1/managedclusters";

  private final Door door = new Door();

  @BeforeEach
  void fill() {
    door.api.put(FakeApi.NAMESPACES, ApiObject.named(FakeApi.NAMESPACES, "", "east"));
    door.api.put(FakeApi.CONFIG_MAPS, FakeApi.configMap("east", "a"));
    door.api.put(FakeApi.CLUSTERS, ApiObject.named(FakeApi.CLUSTERS, "", "system:odd"));
    door.api.put(FakeApi.DEPLOYMENTS, ApiObject.named(FakeApi.DEPLOYMENTS, "east", "web"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    /api/v1/namespaces,                                200, NamespaceList",
    "GET,    /api/v1/namespaces/,                               200, NamespaceList",
    "GET,    /api/v1/namespaces/east,                           200, Namespace",
    "GET,    /api/v1/namespaces/east/status,                    200, Namespace",
    "GET,    /api/v1/configmaps,                                200, ConfigMapList",
    "GET,    /api/v1/namespaces/east/configmaps,                200, ConfigMapList",
    "GET,    /api/v1/namespaces/east/configmaps/a,              200, ConfigMap",
    "GET,    /apis/apps/v1/namespaces/east/deployments/web,     200, Deployment",
    "GET,    /apis/apps/v1/namespaces/east/deployments/web/status, 200, Deployment",
    "GET,    /api/v1/namespaces/east/configmaps/none,           404, Status",
    "GET,    /api/v1/namespaces/east/configmaps/a/status,       404, Status",
    "GET,    /api/v1/namespaces/east/configmaps/a/b/c,          404, Status",
    "GET,    /api/v1/configmaps/a,                              404, Status",
    "GET,    /api/v1/namespaces/east/namespaces,                404, Status",
    "GET,    /api/v2/configmaps,                                404, Status",
    "GET,    /apis/apps/v1/pods,                                404, Status",
    "GET,    /nothing,                                          404, Status",
    "GET,    /,                                                 404, Status",
    "GET,    /api/v1/namespaces/%2e%2e/configmaps,              400, Status",
    "GET,    /api/v1/namespaces/a%2Fb/configmaps,               400, Status",
    "GET,    /api/v1/namespaces/%zz/configmaps,                 400, Status",
    "POST,   /api/v1/configmaps,                                405, Status",
    "POST,   /api/v1/namespaces/east/configmaps/a,              405, Status",
    "PUT,    /api/v1/namespaces/east/configmaps,                405, Status",
    "PATCH,  /api/v1/namespaces/east/configmaps,                405, Status",
    "DELETE, /apis/apps/v1/namespaces/east/deployments/web/status, 405, Status",
    "GET,    /api/v1/reviews,                                   405, Status",
    "DELETE, /api/v1/reviews/a,                                 405, Status",
    "BREW,   /api/v1/namespaces,                                405, Status",
    "POST,   /api,                                              405, Status",
    "DELETE, /api/v1/namespaces/east/configmaps/a,              200, Status",
    "DELETE, /api/v1/namespaces/east/configmaps,                200, ConfigMapList",
  })
  void pathsAndMethods(String method, String path, int code, String kind) {
    var reply = door.ask(method, path, Map.of(), "");
    assertThat(Door.status(reply)).isEqualTo(code);
    assertThat(Door.json(reply).path("kind").asString()).isEqualTo(kind);
    if (code >= 400) {
      assertThat(Door.json(reply).path("code").asInt()).isEqualTo(code);
      assertThat(Door.message(reply)).isNotEmpty();
    }
  }

  @Test
  void namesAreDecoded() {
    assertThat(Door.json(door.get(CLUSTERS + "/system%3Aodd")).at("/metadata/name").asString())
        .isEqualTo("system:odd");
  }

  @Test
  void aHeadIsAGetWithoutItsBody() {
    var reply = door.ask("HEAD", "/api/v1/namespaces/east", Map.of(), "");
    assertThat(Door.status(reply)).isEqualTo(200);
    assertThat(Door.text(reply)).isEmpty();
  }

  @Test
  void nobodyGetsInWithoutACredential() {
    var reply = door.raw("GET", "/api/v1/namespaces", Map.of(), new byte[0]);
    assertThat(Door.status(reply)).isEqualTo(401);
    assertThat(Door.json(reply).path("reason").asString()).isEqualTo("Unauthorized");
    assertThat(Door.message(reply)).contains("client certificate", "bearer token");
    assertThat(door.raw("GET", "/nothing", Map.of(), new byte[0]))
        .satisfies(unknown -> assertThat(Door.status(unknown)).isEqualTo(401));
  }

  @Test
  void pathsThatAreNoResourcesAreAuthorizedToo() {
    var stranger = Map.of("authorization", "Bearer stranger-token");
    var reply = door.ask("GET", "/metrics", stranger, "");
    assertThat(Door.status(reply)).isEqualTo(403);
    assertThat(Door.message(reply))
        .isEqualTo("forbidden: User \"stranger\" cannot get path \"/metrics\"");
  }

  @Test
  void moreThanTheBoundIsSentAwayForASecond() {
    var full = new Door(new FrontDoor.Settings("v1", 0, 1), Health.good());
    var reply = full.get("/api/v1/namespaces");
    assertThat(Door.status(reply)).isEqualTo(429);
    assertThat(Door.headers(reply)).containsEntry("retry-after", "1");
  }
}
