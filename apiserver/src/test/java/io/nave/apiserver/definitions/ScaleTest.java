package io.nave.apiserver.definitions;

import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.definitions.Crd.CRONTABS;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError.Reason;
import io.nave.api.Json;
import io.nave.apiserver.Api;
import io.nave.apiserver.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The subresource `scale` of a kind that a user defined.
final class ScaleTest {
  private final TestServer server = TestServer.start();

  @BeforeEach
  void define() {
    server.client.create(
        Crd.TYPE,
        Crd.crontab(crd -> {
          var version = Crd.version(crd);
          version.set(
              "subresources",
              Json.parse(
                  """
                  {"scale":{"specReplicasPath":".spec.replicas",
                    "statusReplicasPath":".status.replicas","labelSelectorPath":".status.chosen"}}
                  """));
          version
              .withObjectProperty("schema")
              .withObjectProperty("openAPIV3Schema")
              .withObjectProperty("properties")
              .set(
                  "status",
                  Json.parse(
                      """
                      {"type":"object","properties":{"replicas":{"type":"integer"},
                        "chosen":{"type":"string"}}}
                      """));
        }));
    server.client.create(
        CRONTABS,
        object(
            "{'metadata':{'name':'a','namespace':'default'},'spec':{'replicas':2,'image':'x'},"
                + "'status':{'replicas':1,'chosen':'app=x'}}"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void isServedAsAScale() {
    var type = server.api.type("stable.example.com", "v1", "crontabs").orElseThrow();
    assertThat(server.api.subresources(type)).contains("scale");
    assertThat(server.api.answers(type, "scale").orElseThrow().apiVersion())
        .isEqualTo("autoscaling/v1");
    var scale = server.api.get(ADMIN, CRONTABS, inDefault("a"), "scale");
    assertThat(scale.kind()).isEqualTo("Scale");
    assertThat(scale.apiVersion()).isEqualTo("autoscaling/v1");
    assertThat(scale.at("/spec/replicas").asInt(0)).isEqualTo(2);
    assertThat(scale.at("/status/replicas").asInt(0)).isEqualTo(1);
    assertThat(scale.at("/status/selector").asString()).isEqualTo("app=x");
    assertThat(scale.resourceVersion())
        .isEqualTo(server.client.get(CRONTABS, inDefault("a")).resourceVersion());
  }

  @Test
  void aPatchChangesTheNumberAndNothingElse() {
    var scale =
        server
            .api
            .patch(
                ADMIN,
                CRONTABS,
                inDefault("a"),
                "scale",
                merge("{'spec':{'replicas':5},'status':{'replicas':9}}"),
                Api.Options.DEFAULT)
            .object();
    assertThat(scale.kind()).isEqualTo("Scale");
    assertThat(scale.at("/spec/replicas").asInt(0)).isEqualTo(5);
    var tab = server.client.get(CRONTABS, inDefault("a"));
    assertThat(tab.at("/spec/replicas").asInt(0)).isEqualTo(5);
    assertThat(tab.at("/spec/image").asString()).isEqualTo("x");
    assertThat(tab.at("/status/replicas").asInt(0)).isEqualTo(1);
    assertThat(tab.generation()).isEqualTo(2);
  }

  @Test
  void anUpdateOfAnOlderOneIsAConflict() {
    var scale = server.api.get(ADMIN, CRONTABS, inDefault("a"), "scale");
    var three = scale.edit(tree -> tree.withObjectProperty("spec").put("replicas", 3));
    server.api.update(ADMIN, CRONTABS, three, "scale", Api.Options.DEFAULT);
    assertThat(
            refusal(() -> server.api.update(ADMIN, CRONTABS, three, "scale", Api.Options.DEFAULT))
                .reason())
        .isEqualTo(Reason.CONFLICT);
  }

  @Test
  void aNumberBelowZeroIsRefused() {
    var refusal =
        refusal(() ->
            server.api.patch(
                ADMIN,
                CRONTABS,
                inDefault("a"),
                "scale",
                merge("{'spec':{'replicas':-1}}"),
                Api.Options.DEFAULT));
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal)
        .hasMessage(
            "Scale.autoscaling \"a\" is invalid: spec.replicas: Invalid value: -1: must be greater"
                + " than or equal to 0");
  }

  @Test
  void anObjectThatDoesNotSayHowManyHasNone() {
    server.client.create(
        CRONTABS, object("{'metadata':{'name':'b','namespace':'default'},'spec':{}}"));
    assertThat(refusal(() -> server.api.get(ADMIN, CRONTABS, inDefault("b"), "scale")))
        .hasMessage("the spec replicas field \".spec.replicas\" does not exist");
  }
}
