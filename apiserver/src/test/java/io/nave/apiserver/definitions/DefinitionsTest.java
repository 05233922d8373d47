package io.nave.apiserver.definitions;

import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.definitions.Crd.CRONTABS;
import static io.nave.apiserver.definitions.Crd.crontab;
import static io.nave.apiserver.definitions.Crd.tab;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.Caller;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.upkeep.Upkeep;
import io.nave.controllers.ApiClient.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// A kind's life: defined, used, changed, deleted.
final class DefinitionsTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Key CRD = Key.of("crontabs.stable.example.com");

  private final TestServer server = TestServer.start();
  private final Upkeep upkeep = Upkeep.start(server.host, server.store, server.api, server.meters);

  @AfterEach
  void close() {
    upkeep.close();
    assertThat(server.world.taskFailures()).isEmpty();
    server.close();
  }

  private ApiObject define(ApiObject crd) {
    return server.client.create(Crd.TYPE, crd);
  }

  private static String condition(ApiObject crd, String type) {
    for (var condition : crd.at("/status/conditions")) {
      if (condition.path("type").asString().equals(type)) {
        return "%s %s: %s"
            .formatted(
                condition.path("status").asString(),
                condition.path("reason").asString(),
                condition.path("message").asString());
      }
    }
    return "";
  }

  @Test
  void aKindIsServedAsSoonAsItsDefinitionIsAnswered() {
    assertThat(refusal(() -> server.client.create(CRONTABS, tab("a", "{}"))).getMessage())
        .isEqualTo("the server could not find the requested resource");
    var crd = define(crontab());
    assertThat(condition(crd, "NamesAccepted")).isEqualTo("True NoConflicts: no conflicts found");
    assertThat(condition(crd, "Established"))
        .isEqualTo("True InitialNamesAccepted: the initial names have been accepted");
    assertThat(crd.at("/status/storedVersions/0").asString()).isEqualTo("v1");
    assertThat(crd.at("/status/acceptedNames/listKind").asString()).isEqualTo("CronTabList");
    assertThat(crd.at("/spec/conversion/strategy").asString()).isEqualTo("None");
    var made =
        server.client.create(CRONTABS, tab("a", "{'image':'i','replicas':2,'colour':'red'}"));
    assertThat(made.json().toString()).contains("\"replicas\":2").doesNotContain("colour");
    assertThat(made.generation()).isEqualTo(1);
    assertThat(server.api.types()).contains(typeOf(server));
  }

  private static ResourceType typeOf(TestServer server) {
    return server.api.type("stable.example.com", "v1", "crontabs").orElseThrow();
  }

  @Test
  void aDeletedKindTakesItsObjectsAndWatchesWithIt() {
    define(crontab());
    server.client.create(CRONTABS, tab("a", "{}"));
    var held =
        server.client.create(
            CRONTABS,
            tab("b", "{}").editMeta(meta -> meta.putArray("finalizers").add("example.com/x")));
    server.client.delete(Crd.TYPE, CRD, null);
    var going = server.client.get(Crd.TYPE, CRD);
    assertThat(going.finalizers()).containsExactly(CustomResourceDefinition.CLEANUP);
    assertThat(condition(going, "Terminating"))
        .isEqualTo(
            "True InstanceDeletionPending: CustomResourceDefinition marked for deletion;"
                + " CustomResource deletion will begin soon");
    assertThat(refusal(() -> server.client.create(CRONTABS, tab("c", "{}"))).getMessage())
        .isEqualTo("create not allowed while custom resource definition is terminating");
    server.world.run(SOON);
    assertThat(condition(server.client.get(Crd.TYPE, CRD), "Terminating"))
        .isEqualTo("True InstanceDeletionInProgress: CustomResource deletion is in progress");
    assertThat(server.client.find(CRONTABS, inDefault("a"))).isEmpty();
    var watch = server.client.watch(CRONTABS, "", Selection.all(), held.resourceVersion());
    server.client.patch(CRONTABS, inDefault("b"), "", merge("{'metadata':{'finalizers':null}}"));
    server.world.runUntil(() -> server.client.find(Crd.TYPE, CRD).isEmpty(), SOON);
    assertThat(events(watch)).endsWith("DELETED b");
    assertThat(watch.ended()).isTrue();
    assertThat(server.api.type("stable.example.com", "v1", "crontabs")).isEmpty();
    define(crontab());
    assertThat(server.client.list(CRONTABS, "", Selection.all()).items()).isEmpty();
  }

  private static List<String> events(Watch watch) {
    var seen = new ArrayList<String>();
    for (var event = watch.next(Duration.ZERO); event != null; event = watch.next(Duration.ZERO)) {
      seen.add(event.kind() + " " + event.object().name());
    }
    return seen;
  }

  @Test
  void aNameBelongsToWhoHadItFirst() {
    define(crontab());
    var second =
        define(
            crontab(crd -> {
              ((ObjectNode) crd.path("metadata")).put("name", "cuts.stable.example.com");
              var names = ((ObjectNode) crd.path("spec")).putObject("names");
              names.put("plural", "cuts").put("kind", "CronTab");
              names.putArray("shortNames").add("ct");
            }));
    assertThat(condition(second, "NamesAccepted"))
        .isEqualTo(
            "False ListKindConflict: \"crontab\" is already in use, \"ct\" is already in use,"
                + " \"CronTab\" is already in use, \"CronTabList\" is already in use");
    assertThat(condition(second, "Established"))
        .isEqualTo("False NotAccepted: not all names are accepted");
    assertThat(server.api.type("stable.example.com", "v1", "cuts")).isEmpty();
    server.client.delete(Crd.TYPE, CRD, null);
    server.world.runUntil(
        () -> server.api.type("stable.example.com", "v1", "cuts").isPresent(), SOON);
    assertThat(condition(server.client.get(Crd.TYPE, second.key()), "NamesAccepted"))
        .isEqualTo("True NoConflicts: no conflicts found");
  }

  @Test
  void newDefaultsShowInObjectsThatWereStoredBefore() {
    define(crontab());
    server.client.create(CRONTABS, tab("a", "{'image':'i'}"));
    var crd = server.client.get(Crd.TYPE, CRD);
    var changed =
        crd.edit(tree -> {
          var fields =
              (ObjectNode)
                  Crd.version(tree).at("/schema/openAPIV3Schema/properties/spec/properties");
          fields.remove("image");
          fields.withObjectProperty("replicas").put("default", 3);
        });
    server.client.update(Crd.TYPE, changed, "");
    assertThat(server.client.get(CRONTABS, inDefault("a")).spec().toString())
        .isEqualTo("{\"replicas\":3}");
    assertThat(server.client.list(CRONTABS, "", Selection.all()).items().getFirst().spec())
        .hasToString("{\"replicas\":3}");
  }

  @Test
  void versionsShowTheSameObject() {
    define(
        crontab(crd -> {
          var versions = (tools.jackson.databind.node.ArrayNode) crd.at("/spec/versions");
          var beta = ((ObjectNode) versions.get(0).deepCopy()).put("name", "v1beta1");
          beta.put("storage", false).put("deprecated", true);
          versions.add(beta);
        }));
    server.client.create(CRONTABS, tab("a", "{'image':'i'}"));
    var beta = server.api.type("stable.example.com", "v1beta1", "crontabs").orElseThrow();
    var shown = server.client.get(beta, inDefault("a"));
    assertThat(shown.apiVersion()).isEqualTo("stable.example.com/v1beta1");
    server.client.update(beta, shown.edit(tree -> tree.putObject("spec").put("image", "j")), "");
    var stored = server.client.get(CRONTABS, inDefault("a"));
    assertThat(stored.apiVersion()).isEqualTo("stable.example.com/v1");
    assertThat(stored.at("/spec/image").asString()).isEqualTo("j");
    var created =
        server.api.create(
            TestServer.ADMIN, beta, tab("b", "{}"), "", io.nave.apiserver.Api.Options.DEFAULT);
    assertThat(created.warnings())
        .containsExactly("stable.example.com/v1beta1 CronTab is deprecated");
    assertThat(server.api.types().stream().filter(t -> t.plural().equals("crontabs")))
        .extracting(ResourceType::version)
        .containsExactly("v1", "v1beta1");
  }

  @Test
  void objectsOfAnOlderStoredVersionAreShownInTheNewOne() {
    define(crontab());
    server.client.create(CRONTABS, tab("a", "{'image':'i'}"));
    var moved =
        server
            .client
            .get(Crd.TYPE, CRD)
            .edit(crd -> {
              var versions = (tools.jackson.databind.node.ArrayNode) crd.at("/spec/versions");
              versions.add(((ObjectNode) versions.get(0).deepCopy()).put("name", "v2"));
              Crd.version(crd).put("storage", false).put("served", false);
            });
    var crd = server.client.update(Crd.TYPE, moved, "");
    assertThat(crd.at("/status/storedVersions").toString()).isEqualTo("[\"v1\",\"v2\"]");
    var v2 = server.api.type("stable.example.com", "v2", "crontabs").orElseThrow();
    assertThat(server.client.get(v2, inDefault("a")).apiVersion())
        .isEqualTo("stable.example.com/v2");
    var patched = server.client.patch(v2, inDefault("a"), "", merge("{'spec':{'replicas':1}}"));
    assertThat(patched.spec()).hasToString("{\"image\":\"i\",\"replicas\":1}");
    assertThat(
            refusal(() -> server.client.get(CRONTABS, inDefault("a")))
                .is(ApiError.Reason.NOT_FOUND))
        .isTrue();
  }

  @Test
  void anotherReplicaFollows() {
    var rbac = new io.nave.apiserver.rbac.Rbac(server.host, server.store);
    var definitions = Definitions.of(List.of());
    var types = new ArrayList<>(io.nave.apiserver.kinds.CoreKinds.all(rbac));
    types.add(definitions.kind());
    var other =
        new io.nave.apiserver.registry.Registry(server.host, server.store, types, rbac, List.of());
    try (var _ = definitions.start(server.host, server.store, other)) {
      define(crontab());
      server.world.runUntil(
          () -> other.type("stable.example.com", "v1", "crontabs").isPresent(), SOON);
      assertThat(
              other
                  .list(
                      Caller.system("x"),
                      CRONTABS,
                      "",
                      Selection.all(),
                      io.nave.apiserver.Api.Paging.ALL)
                  .items())
          .isEmpty();
    }
  }
}
