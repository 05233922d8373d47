package io.nave.apiserver.definitions;

import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.Api;
import io.nave.apiserver.FakeWebhooks;
import io.nave.apiserver.TestServer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A kind whose versions differ: `v1` says `{spec: {host, port}}`, `v2` says `{spec: {address}}`;
/// `v1` is stored, a webhook converts.
final class WebhookConversionsTest {
  private static final String GROUP = "stable.example.com";
  private static final ResourceType V1 = Crd.CRONTABS;
  private static final ResourceType V2 = ResourceType.of(GROUP, "v2", "CronTab", "crontabs", true);

  private final TestServer server = TestServer.start();
  private final FakeWebhooks hooks = new FakeWebhooks();
  private UnaryOperator<ObjectNode> also = converted -> converted;

  @BeforeEach
  void define() {
    server.dialer = hooks;
    hooks.on("/convert", this::converted);
    server.client.create(Crd.TYPE, definition("{\"url\":\"https://hooks.example/convert\"}"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static ApiObject definition(String client) {
    return Crd.crontab(crd -> {
      var v1 = Crd.version(crd);
      v1.set("schema", schema("\"host\":{\"type\":\"string\"},\"port\":{\"type\":\"integer\"}"));
      var v2 = v1.deepCopy().put("name", "v2").put("storage", false);
      v2.set("schema", schema("\"address\":{\"type\":\"string\"}"));
      crd.withObjectProperty("spec").withArrayProperty("versions").add(v2);
      crd.withObjectProperty("spec")
          .set(
              "conversion",
              Json.parse(
                  "{\"strategy\":\"Webhook\",\"webhook\":{\"clientConfig\":%s,".formatted(client)
                      + "\"conversionReviewVersions\":[\"v1\"]}}"));
    });
  }

  private static JsonNode schema(String spec) {
    return Json.parse(
        "{\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\","
            + "\"properties\":{"
            + spec
            + "}}}}}");
  }

  private ObjectNode converted(JsonNode request) {
    var response = Json.object();
    response.putObject("result").put("status", "Success");
    var wanted = request.path("desiredAPIVersion").asString();
    var all = response.putArray("convertedObjects");
    for (var each : request.path("objects")) {
      all.add(also.apply(converted((ObjectNode) each.deepCopy(), wanted)));
    }
    return response;
  }

  private static ObjectNode converted(ObjectNode object, String wanted) {
    var spec = object.path("spec");
    object.put("apiVersion", wanted);
    if (wanted.endsWith("/v2")) {
      object
          .putObject("spec")
          .put("address", spec.path("host").asString() + ":" + spec.path("port").asInt());
    } else {
      var parts = spec.path("address").asString().split(":");
      object.putObject("spec").put("host", parts[0]).put("port", Integer.parseInt(parts[1]));
    }
    return object;
  }

  private static ApiObject tab(String name, String address) {
    return object(
        "{'metadata':{'name':'%s','namespace':'default'},'spec':{'address':'%s'}}"
            .formatted(name, address));
  }

  private ApiObject make(String name, String address) {
    return server.onTask(
        () -> server.api.create(ADMIN, V2, tab(name, address), "", Api.Options.DEFAULT).object());
  }

  private ApiObject get(ResourceType type, String name) {
    return server.onTask(() -> server.client.get(type, inDefault(name)));
  }

  @Test
  void whatIsWrittenInOneVersionIsReadInTheOther() {
    var made = make("a", "east:80");
    assertThat(made.apiVersion()).isEqualTo(GROUP + "/v2");
    assertThat(made.at("/spec/address").asString()).isEqualTo("east:80");
    assertThat(get(V1, "a").at("/spec/host").asString()).isEqualTo("east");
    assertThat(get(V1, "a").at("/spec/port").asInt()).isEqualTo(80);
    assertThat(get(V2, "a").at("/spec/address").asString()).isEqualTo("east:80");
    assertThat(get(V2, "a").uid()).isEqualTo(get(V1, "a").uid());
  }

  @Test
  void anUpdateInOneVersionIsSeenInTheOther() {
    var made = make("a", "east:80");
    var next = made.edit(tree -> tree.withObjectProperty("spec").put("address", "west:81"));
    server.onTask(() -> server.api.update(ADMIN, V2, next, "", Api.Options.DEFAULT));
    assertThat(get(V1, "a").at("/spec/host").asString()).isEqualTo("west");
    assertThat(get(V2, "a").at("/spec/address").asString()).isEqualTo("west:81");
  }

  @Test
  void aListIsConvertedInOneQuestionAndRemembered() {
    for (var i = 0; i < 20; i++) {
      server.onTask(() ->
          server.api.create(
              ADMIN,
              V1,
              object(
                  "{'metadata':{'generateName':'t','namespace':'default'},'spec':{'host':'h','port':1}}"),
              "",
              Api.Options.DEFAULT));
    }
    hooks.asked.clear();
    for (var round = 0; round < 2; round++) {
      var page =
          server.onTask(
              () -> server.api.list(ADMIN, V2, "default", Selection.all(), Api.Paging.ALL));
      assertThat(page.items())
          .hasSize(20)
          .allMatch(each -> each.at("/spec/address").asString().equals("h:1"));
    }
    assertThat(hooks.asked).hasSize(1);
    var review = hooks.asked.getFirst();
    assertThat(review.path("kind").asString()).isEqualTo("ConversionReview");
    assertThat(review.path("apiVersion").asString()).isEqualTo("apiextensions.k8s.io/v1");
    assertThat(review.at("/request/desiredAPIVersion").asString()).isEqualTo(GROUP + "/v2");
  }

  @Test
  void ofTheMetadataOnlyLabelsAndAnnotationsAreTheWebhooks() {
    also =
        converted -> {
          var meta = converted.withObjectProperty("metadata");
          meta.put("resourceVersion", "1").put("generation", 77);
          meta.putObject("labels").put("by", "hook");
          return converted;
        };
    make("a", "east:80");
    var read = get(V2, "a");
    assertThat(read.generation()).isEqualTo(1);
    assertThat(read.resourceVersion()).isEqualTo(get(V1, "a").resourceVersion());
    assertThat(read.labels()).containsEntry("by", "hook");
  }

  @Test
  void whatIsNoConversionIsRefusedAndSaysWhy() {
    also = converted -> converted.put("apiVersion", GROUP + "/v3");
    assertThat(refusal(() -> make("a", "east:80")))
        .hasMessage(
            "conversion webhook for stable.example.com/v1, Kind=CronTab failed: it returned"
                + " stable.example.com/v3, Kind=CronTab instead");
    also =
        converted -> {
          converted.withObjectProperty("metadata").put("name", "b");
          return converted;
        };
    assertThat(refusal(() -> make("a", "east:80"))).hasMessageContaining("name, namespace or uid");
    hooks.answering("/convert", 500, "oops");
    assertThat(refusal(() -> make("a", "east:80"))).hasMessageContaining("status code 500");
    assertThat(server.store.view().count("crontabs." + GROUP, "")).isZero();
  }

  @Test
  void aServiceCannotBeResolvedAndIsNamed() {
    var stored = server.client.get(Crd.TYPE, Key.of("crontabs." + GROUP));
    var next =
        definition("{\"service\":{\"namespace\":\"x\",\"name\":\"y\"}}")
            .editMeta(meta -> meta.put("resourceVersion", stored.resourceVersion()));
    server.client.update(Crd.TYPE, next, "");
    assertThat(refusal(() -> make("a", "east:80")))
        .hasMessageContaining("a hub has no Services to resolve");
  }
}
