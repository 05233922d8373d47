package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.runtime.Service.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What stands beside the resources: discovery, schemas, health, version and metrics.
class DocumentsTest {
  private static final String EXPIRES = "Mon, 22 Nov 2027 12:00:00 GMT"; // a year after the start

  private final Door door = new Door();

  @Test
  void theCoreGroupTellsItsVersionsAndWhereItWasAsked() {
    var versions = Door.json(door.ask("GET", "/api", Map.of("host", "hub:6443"), ""));
    assertThat(versions.path("kind").asString()).isEqualTo("APIVersions");
    assertThat(texts(versions.path("versions"))).containsExactly("v1");
    assertThat(versions.at("/serverAddressByClientCIDRs/0/serverAddress").asString())
        .isEqualTo("hub:6443");
    var unsaid = Door.json(door.get("/api"));
    assertThat(unsaid.at("/serverAddressByClientCIDRs/0/serverAddress").asString()).isEmpty();
  }

  @Test
  void groupsAreListedOnceInTheirOrder() {
    var groups = Door.json(door.get("/apis"));
    assertThat(groups.path("kind").asString()).isEqualTo("APIGroupList");
    assertThat(groups.path("groups"))
        .extracting(group -> group.path("name").asString())
        .containsExactly("apps", "cluster.open-cluster-management.io");
    assertThat(groups.at("/groups/0/preferredVersion/groupVersion").asString())
        .isEqualTo("apps/v1");
    var apps = Door.json(door.get("/apis/apps"));
    assertThat(apps.path("kind").asString()).isEqualTo("APIGroup");
    assertThat(apps.path("name").asString()).isEqualTo("apps");
  }

  @Test
  void resourcesComeWithTheirVerbsNamesAndSides() {
    var list = Door.json(door.get("/api/v1"));
    assertThat(list.path("kind").asString()).isEqualTo("APIResourceList");
    assertThat(list.path("groupVersion").asString()).isEqualTo("v1");
    assertThat(list.path("resources"))
        .extracting(resource -> resource.path("name").asString())
        .containsExactly(
            "namespaces", "namespaces/status", "namespaces/finalize", "configmaps", "reviews");
    var maps = list.at("/resources/3");
    assertThat(maps.path("kind").asString()).isEqualTo("ConfigMap");
    assertThat(maps.path("singularName").asString()).isEqualTo("configmap");
    assertThat(maps.path("namespaced").asBoolean()).isTrue();
    assertThat(maps.path("storageVersionHash").asString())
        .as("as every Kubernetes has it")
        .isEqualTo("qFsyl6wFWjQ=");
    assertThat(texts(maps.path("shortNames"))).containsExactly("cm");
    assertThat(texts(maps.path("verbs"))).contains("get", "list", "watch", "patch", "delete");
    assertThat(texts(list.at("/resources/4/verbs"))).containsExactly("create");
    assertThat(Door.status(door.get("/apis/apps/v2"))).isEqualTo(404);
    assertThat(Door.status(door.get("/apis/none"))).isEqualTo(404);
  }

  @Test
  void kubectlGetsItsSchemaInItsOwnForm() {
    var reply = door.get("/openapi/v2", OpenApi.PROTOBUF_ASKED);
    assertThat(Door.headers(reply)).containsEntry("content-type", OpenApi.PROTOBUF);
    var bytes = ((Reply.Full) reply).response().body();
    // swagger = "2.0", info { title = "Nave", version = "v1.31.0+nave" }, paths {}, definitions ...
    assertThat(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1))
        .startsWith("\n\u00032.0\u0012\u0014\n\u0004Nave\u0012\fv1.31.0+nave" + "B\u0000J")
        .contains("io.k8s.api.core.v1.ConfigMap", "x-kubernetes-group-version-kind");
  }

  @Test
  void othersGetTheSchemaAsJson() {
    assertThat(Door.json(door.get("/openapi/v2")).path("swagger").asString()).isEqualTo("2.0");
    var index = Door.json(door.get("/openapi/v3"));
    var apps = index.path("paths").path("apis/apps/v1").path("serverRelativeURL").asString();
    assertThat(apps).startsWith("/openapi/v3/apis/apps/v1?hash=");
    var document = Door.json(door.get(apps));
    assertThat(document.at("/components/schemas/apps.v1.Deployment").isObject()).isTrue();
    var patch =
        document.path("paths").path("/apis/apps/v1/namespaces/{namespace}/deployments/{name}");
    assertThat(patch.at("/patch/x-kubernetes-group-version-kind/kind").asString())
        .isEqualTo("Deployment");
    assertThat(Door.status(door.get("/openapi/v3/apis/none/v1"))).isEqualTo(404);
    assertThat(Door.status(door.get("/openapi/v4"))).isEqualTo(404);
  }

  /// - Goal: who reads protobuf only is never sent JSON, which it would take for a broken message.
  @Test
  void whoTakesAnotherFormOnlyIsToldSo() {
    var third = "application/com.github.proto-openapi.spec.v3@v1.0+protobuf";
    assertThat(Door.status(door.get("/openapi/v3/api/v1", third))).isEqualTo(406);
    assertThat(Door.status(door.get("/openapi/v3", third))).isEqualTo(406);
    assertThat(Door.status(door.get("/openapi/v2", third))).isEqualTo(406);
    assertThat(Door.status(door.get("/openapi/v3/api/v1", third + ",application/json")))
        .isEqualTo(200);
  }

  @Test
  void theOlderFormKeepsFieldsThatAreCalledLikeItsWords() {
    var schemas =
        (tools.jackson.databind.node.ObjectNode)
            io.nave.api.Json.parse(
                """
                {"K":{"nullable":true,"properties":{"not":{"nullable":true,"type":"string"},
                  "l":{"items":{"oneOf":[{}],"type":"string"}}}}}
                """);
    OpenApiSchemas.simplify(schemas);
    assertThat(io.nave.api.Json.text(schemas))
        .isEqualTo(
            "{\"K\":{\"properties\":{\"not\":{\"type\":\"string\"},\"l\":{\"items\":{\"type\":\"string\"}}}}}");
  }

  @Test
  void aDocumentThatTheClientHasIsNotSentAgain() {
    var first = door.get("/openapi/v3/api/v1");
    var tag = Door.headers(first).get("etag");
    var again = door.ask("GET", "/openapi/v3/api/v1", Map.of("if-none-match", tag), "");
    assertThat(Door.status(again)).isEqualTo(304);
    assertThat(Door.text(again)).isEmpty();
  }

  @Test
  void allOfDiscoveryComesInOneDocument() {
    var accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    var reply = door.get("/apis", accept);
    assertThat(Door.headers(reply))
        .containsEntry(
            "content-type", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
        .containsKey("etag");
    var document = Door.json(reply);
    assertThat(document.path("kind").asString()).isEqualTo("APIGroupDiscoveryList");
    assertThat(document.at("/items/0/metadata/name").asString()).isEqualTo("apps");
    var deployments = document.at("/items/0/versions/0/resources/0");
    assertThat(deployments.path("scope").asString()).isEqualTo("Namespaced");
    assertThat(deployments.at("/responseKind/kind").asString()).isEqualTo("Deployment");
    assertThat(deployments.at("/subresources/0/subresource").asString()).isEqualTo("status");
    assertThat(Door.json(door.get("/apis", "application/json")).path("kind").asString())
        .isEqualTo("APIGroupList");
    assertThat(
            Door.json(door.get("/api", accept.replace("v=v2", "v=v2beta1")))
                .path("apiVersion")
                .asString())
        .isEqualTo("apidiscovery.k8s.io/v2beta1");
  }

  @Test
  void versionAndHealthAreOpenToEveryone() {
    for (var path : List.of("/version", "/healthz", "/livez", "/readyz")) {
      var reply = door.raw("GET", path, Map.of(), new byte[0]);
      assertThat(Door.status(reply)).as(path).isEqualTo(200);
    }
    var version = Door.json(door.raw("GET", "/version", Map.of(), new byte[0]));
    assertThat(version.path("gitVersion").asString()).isEqualTo("v1.31.0+nave");
    assertThat(version.path("minor").asString()).isEqualTo("31");
  }

  @Test
  void readinessFollowsItsChecks() {
    var ready = new AtomicBoolean();
    var health = new Health(Map.of(), Map.of("store", ready::get));
    var slow = new Door(new FrontDoor.Settings("v1", 10, 1), health);
    var before = slow.raw("GET", "/readyz", Map.of(), new byte[0]);
    assertThat(Door.status(before)).isEqualTo(500);
    assertThat(Door.text(before))
        .isEqualTo("[+]ping ok\n[-]store failed: reason withheld\nreadyz check failed\n");
    assertThat(Door.status(slow.raw("GET", "/livez", Map.of(), new byte[0]))).isEqualTo(200);
    ready.set(true);
    assertThat(Door.text(slow.raw("GET", "/readyz", Map.of(), new byte[0]))).isEqualTo("ok");
  }

  @Test
  void healthIsToldCheckByCheckToWhoAsksSo() {
    var health = new Health(Map.of("writer", () -> true), Map.of("store", () -> false));
    var sick = new Door(new FrontDoor.Settings("v1", 10, 1), health);
    assertThat(Door.text(sick.raw("GET", "/livez?verbose", Map.of(), new byte[0])))
        .isEqualTo("[+]ping ok\n[+]writer ok\nlivez check passed\n");
    var without = sick.raw("GET", "/readyz?verbose&exclude=store&exclude=x", Map.of(), new byte[0]);
    assertThat(Door.status(without)).isEqualTo(200);
    assertThat(Door.text(without))
        .isEqualTo(
            """
            [+]ping ok
            [+]writer ok
            [+]store excluded: ok
            warn: some health checks cannot be excluded: no matches for "x"
            readyz check passed
            """);
    assertThat(Door.text(sick.raw("GET", "/readyz?exclude=store", Map.of(), new byte[0])))
        .isEqualTo("ok");
  }

  @Test
  void oneCheckIsToldToWhoMayAskForIt() {
    var health = new Health(Map.of("writer", () -> true), Map.of("store", () -> false));
    var sick = new Door(new FrontDoor.Settings("v1", 10, 1), health);
    assertThat(Door.text(sick.get("/livez/writer"))).isEqualTo("ok");
    assertThat(Door.status(sick.get("/readyz/store"))).isEqualTo(500);
    assertThat(Door.status(sick.get("/livez/store"))).as("a check of readyz").isEqualTo(404);
    var nobody = sick.raw("GET", "/livez/writer", Map.of(), new byte[0]);
    assertThat(Door.status(nobody)).isEqualTo(401);
    var stranger =
        sick.ask("GET", "/livez/writer", Map.of("authorization", "Bearer stranger-token"), "");
    assertThat(Door.status(stranger)).isEqualTo(403);
  }

  @Test
  void aSchemaAtTheUrlOfItsHashMayBeKeptForAYear() {
    var url =
        Door.json(door.get("/openapi/v3"))
            .path("paths")
            .path("apis/apps/v1")
            .path("serverRelativeURL")
            .asString();
    var reply = door.get(url);
    assertThat(Door.headers(reply))
        .containsEntry("cache-control", "public, immutable")
        .containsEntry("expires", EXPIRES)
        .containsEntry("vary", "Accept");
    var again = door.ask("GET", url, Map.of("if-none-match", Door.headers(reply).get("etag")), "");
    assertThat(Door.status(again)).isEqualTo(304);
    assertThat(Door.headers(again)).containsEntry("cache-control", "public, immutable");
    var old = door.get("/openapi/v3/apis/apps/v1?hash=OLD");
    assertThat(Door.status(old)).isEqualTo(301);
    assertThat(Door.headers(old)).containsEntry("location", url);
    assertThat(Door.text(old)).isEmpty();
    assertThat(Door.headers(door.get("/openapi/v3/apis/apps/v1")))
        .as("without a hash it may be another one the next time")
        .containsEntry("cache-control", "no-cache, private")
        .doesNotContainKey("expires");
  }

  @Test
  void whoHasTheDiscoveryDocumentIsToldSo() {
    var accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    var first = Door.headers(door.get("/apis", accept));
    assertThat(first).containsEntry("vary", "Accept").containsEntry("cache-control", "public");
    for (var known : List.of(first.get("etag"), "W/" + first.get("etag"), "\"x\", *", "*")) {
      var headers = Map.of("accept", accept, "if-none-match", known);
      var expected = known.startsWith("\"x\"") ? 200 : 304;
      assertThat(Door.status(door.ask("GET", "/apis", headers, ""))).as(known).isEqualTo(expected);
    }
  }

  @Test
  void metricsCountAnswersByVerbGroupAndCode() {
    door.get("/api/v1/namespaces");
    door.get("/api/v1/namespaces/none");
    door.get("/apis/apps/v1/deployments");
    var text = Door.text(door.get("/metrics"));
    assertThat(text)
        .contains("hub_api_requests_total{code=\"200\",resource_group=\"core\",verb=\"list\"} 1.0")
        .contains("hub_api_requests_total{code=\"404\",resource_group=\"core\",verb=\"get\"} 1.0")
        .contains("hub_api_requests_total{code=\"200\",resource_group=\"apps\",verb=\"list\"} 1.0")
        .contains("hub_api_request_seconds_count{verb=\"list\"} 2")
        .contains("hub_api_in_flight 1.0")
        .contains("hub_api_watches 0.0");
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(each -> texts.add(each.asString()));
    return texts;
  }
}
