package io.nave.apiserver.registry;

import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.CONFIG_MAPS;
import static io.nave.apiserver.TestServer.WIDGETS;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.TestServer.widget;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError.Reason;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Owners of fields through all verbs, and apply on a registry.
final class ServerSideApplyTest {
  private static final Api.Options WIRE = new Api.Options(false, "Strict", "client");

  private final TestServer server = TestServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  private Api.Written apply(String manager, String subresource, String json) {
    return apply(manager, subresource, json, false, false);
  }

  private Api.Written apply(
      String manager, String subresource, String json, boolean force, boolean dryRun) {
    var body =
        object(
            "{'apiVersion':'example.io/v1','kind':'Widget','metadata':{'name':'a'}," + json + "}");
    return server.api.patch(
        ADMIN,
        WIDGETS,
        inDefault("a"),
        subresource,
        new Patch(Patch.Form.APPLY, body.json(), manager, force),
        new Api.Options(dryRun, "Strict", manager));
  }

  private static JsonNode owners(ApiObject object) {
    return object.json().path("metadata").path("managedFields");
  }

  @Test
  void anApplyCreatesWhatIsMissingAndOwnsWhatItSays() {
    var written = apply("ann", "", "'spec':{'size':1}");

    assertThat(written.created()).isTrue();
    assertThat(written.object().at("/spec/colour").asString("")).as("the default").isEqualTo("red");
    assertThat(owners(written.object()))
        .isEqualTo(
            Json.parse(
                """
                [{"manager":"ann","operation":"Apply","apiVersion":"example.io/v1",
                  "time":"%s","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:size":{}}}}]
                """
                    .formatted(
                        written.object().metadata().path("creationTimestamp").asString(""))));
  }

  @Test
  void toCreateByApplyTakesTheRightToCreate() {
    var caller = Caller.of("nobody");
    var body = object("{'apiVersion':'example.io/v1','kind':'Widget','metadata':{'name':'a'}}");

    var refused =
        refusal(() ->
            server.api.patch(
                caller,
                WIDGETS,
                inDefault("a"),
                "",
                new Patch(Patch.Form.APPLY, body.json(), "x", false),
                WIRE));

    assertThat(refused.is(Reason.FORBIDDEN)).isTrue();
  }

  @Test
  void anApplyThatChangesNothingWritesNothing() {
    var first = apply("ann", "", "'spec':{'size':1}").object();
    server.world.run(Duration.ofMinutes(5));

    var again = apply("ann", "", "'spec':{'size':1}");

    assertThat(again.created()).isFalse();
    assertThat(again.object().resourceVersion()).isEqualTo(first.resourceVersion());
  }

  @Test
  void ownersAloneAreAChangeThatIsStored() {
    var first = apply("ann", "", "'spec':{'size':1}").object();

    var both = apply("bob", "", "'spec':{'size':1}").object();

    assertThat(both.revision()).isGreaterThan(first.revision());
    assertThat(both.generation()).isEqualTo(1);
    assertThat(owners(both)).hasSize(2);
  }

  @Test
  void aDryRunShowsWhatItWouldBe() {
    var first = apply("ann", "", "'spec':{'size':1}").object();

    var dry = apply("bob", "", "'spec':{'size':2}", true, true).object();

    assertThat(dry.at("/spec/size").asInt()).isEqualTo(2);
    assertThat(server.client.get(WIDGETS, inDefault("a"))).isEqualTo(first);
  }

  @Test
  void aConflictIsRefusedUnlessForced() {
    apply("ann", "", "'spec':{'size':1}");

    var refused = refusal(() -> apply("bob", "", "'spec':{'size':2}"));
    var forced = apply("bob", "", "'spec':{'size':2}", true, false).object();

    assertThat(refused)
        .hasMessage("Apply failed with 1 conflict: conflict with \"ann\": .spec.size");
    assertThat(forced.at("/spec/size").asInt()).isEqualTo(2);
  }

  @Test
  void theStatusIsAppliedByItselfAndOwnedApart() {
    apply("ann", "", "'spec':{'size':1},'status':{'phase':'not through here'}");

    var stated = apply("ann", "status", "'spec':{'size':9},'status':{'phase':'Good'}").object();

    assertThat(stated.at("/spec/size").asInt()).isEqualTo(1);
    assertThat(stated.at("/status/phase").asString("")).isEqualTo("Good");
    assertThat(owners(stated).findValuesAsString("subresource")).containsExactly("status");
    var refused = refusal(() -> apply("bob", "status", "'status':{'phase':'Bad'}"));
    assertThat(refused)
        .hasMessage(
            "Apply failed with 1 conflict: conflict with \"ann\" with subresource \"status\":"
                + " .status.phase");
  }

  @Test
  void whatThisProcessWritesHasNoOwnersUntilSomebodyApplies() {
    server.create(widget("a", 1));
    var patched = server.patch("a", "", "{'spec':{'note':'x'}}");
    assertThat(owners(patched).isMissingNode()).isTrue();

    apply("ann", "", "'spec':{'size':1}");
    var later = server.patch("a", "", "{'spec':{'note':'y'}}");

    assertThat(owners(later).findValuesAsString("manager"))
        .containsExactly("ann", "admin", "before-first-apply");
  }

  @Test
  void whatAClientWritesIsItsOwn() {
    var made = server.api.create(ADMIN, WIDGETS, widget("a", 1), "", WIRE).object();
    var other = new Api.Options(false, "Strict", "other");
    server.api.patch(ADMIN, WIDGETS, inDefault("a"), "", merge("{'spec':{'size':2}}"), other);
    var last = server.client.get(WIDGETS, inDefault("a"));

    assertThat(owners(made).findValuesAsString("manager")).containsExactly("client");
    assertThat(last.json().at("/metadata/managedFields/1/fieldsV1"))
        .isEqualTo(Json.parse("{\"f:spec\":{\"f:size\":{}}}"));
    assertThat(last.metadata().has("managedFields")).as("in what is kept at hand").isFalse();
  }

  @Test
  void anUpdateThatChangesNothingWritesNothing() {
    var made = server.api.create(ADMIN, WIDGETS, widget("a", 1), "", WIRE).object();
    server.world.run(Duration.ofMinutes(5));
    var other = new Api.Options(false, "Strict", "other");

    var same = server.api.update(ADMIN, WIDGETS, made, "", other).object();

    assertThat(same.resourceVersion()).isEqualTo(made.resourceVersion());
  }

  @Test
  void ownersAreTakenOffAndNotFollowedAnyMore() {
    server.api.create(ADMIN, WIDGETS, widget("a", 1), "", WIRE);

    var reset =
        server
            .api
            .patch(
                ADMIN,
                WIDGETS,
                inDefault("a"),
                "",
                merge("{'metadata':{'managedFields':[{}]}}"),
                WIRE)
            .object();
    var later =
        server
            .api
            .patch(ADMIN, WIDGETS, inDefault("a"), "", merge("{'spec':{'size':3}}"), WIRE)
            .object();

    assertThat(owners(reset).isMissingNode()).isTrue();
    assertThat(owners(later).isMissingNode()).isTrue();
  }

  @Test
  void theOwnersOfASecretKnowNothingOfItsTexts() {
    var secrets = io.nave.api.ResourceType.of(io.nave.apiserver.kinds.Secret.class);
    var sent = object("{'metadata':{'name':'s','namespace':'default'},'stringData':{'a':'x'}}");

    var made = server.api.create(ADMIN, secrets, sent, "", WIRE).object();

    assertThat(owners(made).path(0).path("fieldsV1"))
        .isEqualTo(Json.parse("{\"f:data\":{\".\":{},\"f:a\":{}},\"f:type\":{}}"));
  }

  @Test
  void anAppliedConfigurationIsOfTheRightKind() {
    var body = object("{'apiVersion':'v2','kind':'ConfigMap','metadata':{'name':'a'}}");

    var refused =
        refusal(() ->
            server.api.patch(
                ADMIN,
                CONFIG_MAPS,
                inDefault("a"),
                "",
                new Patch(Patch.Form.APPLY, body.json(), "x", false),
                WIRE));

    assertThat(refused)
        .hasMessage(
            "Incorrect version specified in apply patch. Specified patch version: v2, expected:"
                + " v1");
  }
}
