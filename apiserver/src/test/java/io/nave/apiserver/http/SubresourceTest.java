package io.nave.apiserver.http;

import static io.nave.apiserver.TestServer.WIDGETS;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.TestServer.widget;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Meta;
import io.nave.api.ResourceType;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.Subresource;
import io.nave.apiserver.Subresource.Question;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.rbac.PolicyRule;
import io.nave.apiserver.rbac.Role;
import io.nave.apiserver.rbac.RoleBinding;
import io.nave.apiserver.rbac.RoleRef;
import io.nave.apiserver.rbac.Subject;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubresourceTest {
  private static final ResourceType WEIGHING =
      ResourceType.of("example.io", "v1", "Weighing", "weighings", true);
  private static final String PATH = "/apis/example.io/v1/namespaces/default/widgets/w/";

  private TestServer server;

  @BeforeEach
  void start() {
    server =
        TestServer.serving(widget ->
            widget
                .withSubresource(Subresource.reading("explain", WEIGHING, this::weigh))
                .withSubresource(Subresource.asking("weigh", WEIGHING, this::weigh))
                .withSubresource(Subresource.reading("stuck", WEIGHING, _ -> stuck())));
    server.create(widget("w", 7));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ApiObject weigh(Question question) {
    var unit = question.body().at("/spec/unit").asString(question.parameter("unit"));
    return object(
        "{'status':{'weight':'%d %s','asker':'%s'}}"
            .formatted(question.object().at("/spec/size").asInt(), unit, question.caller().user()));
  }

  private ApiObject stuck() {
    server.host.sleep(Duration.ofDays(1));
    throw new AssertionError("nobody waits for it so long");
  }

  private FrontDoor door() {
    return Door.open(FrontDoor.Settings.of("v1.31.0+nave"), Health.good(), server.api, server.host);
  }

  private Service.Reply ask(String token, String method, String path, String body) {
    var headers = new TreeMap<>(Map.of("authorization", "Bearer " + token));
    headers.put("content-type", "application/json");
    return door()
        .handle(
            new Transport.Request(
                method, path, headers, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
            new Service.Peer(List.of(), "10.0.0.9:1234"));
  }

  @Test
  void aGetIsAnsweredByTheHandlerWithTheKindOfTheSubresource() {
    var reply = ask("admin-token", "GET", PATH + "explain?unit=kg", "");
    assertThat(Door.status(reply)).isEqualTo(200);
    assertThat(Door.json(reply))
        .isEqualTo(
            Json.parse(
                """
                {"status": {"weight": "7 kg", "asker": "admin"},
                 "apiVersion": "example.io/v1", "kind": "Weighing"}\
                """));
  }

  @Test
  void aPostCarriesTheQuestion() {
    var reply = ask("admin-token", "POST", PATH + "weigh", "{'spec':{'unit':'t'}}");
    assertThat(Door.status(reply)).isEqualTo(201);
    assertThat(Door.json(reply).at("/status/weight").asString()).isEqualTo("7 t");
  }

  @Test
  void aQuestionOfAnotherKindIsRefused() {
    var reply = ask("admin-token", "POST", PATH + "weigh", "{'kind':'Secret','apiVersion':'v1'}");
    assertThat(Door.status(reply)).isEqualTo(400);
    assertThat(Door.message(reply)).contains("does not match the expected API version");
  }

  @Test
  void onlyTheDeclaredVerbsAreAnswered() {
    assertThat(Door.status(ask("admin-token", "POST", PATH + "explain", "{}"))).isEqualTo(405);
    assertThat(Door.status(ask("admin-token", "GET", PATH + "weigh", ""))).isEqualTo(405);
    assertThat(Door.status(ask("admin-token", "PATCH", PATH + "weigh", "{}"))).isEqualTo(405);
    assertThat(Door.status(ask("admin-token", "GET", PATH + "unheard", ""))).isEqualTo(404);
  }

  @Test
  void anObjectThatIsNotThereIsNotFound() {
    var other = PATH.replace("/w/", "/gone/");
    assertThat(Door.status(ask("admin-token", "GET", other + "explain", ""))).isEqualTo(404);
  }

  @Test
  void itIsAuthorizedAsResourceAndSubresource() {
    var stranger = new LocalClient(server.api, Caller.of("stranger"));
    assertThat(refusal(() -> stranger.ask(WIDGETS, inDefault("w"), "explain", null)))
        .hasMessageContaining(
            "User \"stranger\" cannot get resource \"widgets/explain\" in API group");
    grant("widgets", "get");
    assertThat(refusal(() -> stranger.ask(WIDGETS, inDefault("w"), "explain", null)).code())
        .isEqualTo(403);
    grant("widgets/explain", "get");
    assertThat(
            stranger.ask(WIDGETS, inDefault("w"), "explain", null).at("/status/asker").asString())
        .isEqualTo("stranger");
    assertThat(refusal(() -> stranger.ask(WIDGETS, inDefault("w"), "weigh", object("{}"))))
        .hasMessageContaining("cannot create resource \"widgets/weigh\"");
  }

  private void grant(String resource, String verb) {
    var name = resource.replace('/', '-');
    var rule = PolicyRule.on("example.io", List.of(resource), List.of(verb));
    server.client.create(
        ResourceType.of(Role.class),
        Codec.encode(new Role(Meta.named("default", name), List.of(rule))));
    server.client.create(
        ResourceType.of(RoleBinding.class),
        Codec.encode(
            new RoleBinding(
                Meta.named("default", name),
                RoleRef.toRole(name),
                List.of(Subject.user("stranger")))));
  }

  @Test
  void aHandlerThatTakesTooLongIsCancelledAndTheCallerTold() {
    var task =
        server.host.start(
            "asker",
            () ->
                assertThatThrownBy(() -> server.client.ask(WIDGETS, inDefault("w"), "stuck", null))
                    .isInstanceOfSatisfying(
                        ApiError.class,
                        e -> {
                          assertThat(e.code()).isEqualTo(504);
                          assertThat(e).hasMessageContaining("took longer than 10 s");
                        }));
    assertThat(task.join(Duration.ofMinutes(1))).isTrue();
  }

  @Test
  void discoveryNamesItsKindAndVerbs() {
    var resources =
        Door.json(ask("admin-token", "GET", "/apis/example.io/v1", "")).path("resources");
    assertThat(resources)
        .anySatisfy(side ->
            assertThat(side)
                .isEqualTo(
                    Json.parse(
                        """
                        {"name": "widgets/weigh", "singularName": "", "namespaced": true,
                         "group": "example.io", "version": "v1", "kind": "Weighing",
                         "verbs": ["create"]}\
                        """)));
  }
}
