package io.nave.apiserver.registry;

import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.CONFIG_MAPS;
import static io.nave.apiserver.TestServer.WIDGETS;
import static io.nave.apiserver.TestServer.configMap;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.TestServer.widget;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError.Reason;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.apiserver.Api;
import io.nave.apiserver.TestServer;
import io.nave.controllers.ApiClient.Write;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RegistryWriteTest {
  private final TestServer server = TestServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aNewObjectGetsItsIdentityFromTheServer() {
    var sent =
        object(
            """
            {'metadata':{'name':'a','namespace':'default','uid':'mine','generation':9,
             'creationTimestamp':'2001-01-01T00:00:00Z','selfLink':'/x','labels':{}},
             'spec':{'size':1},'status':{'phase':'Made up'}}\
            """);
    var made = server.create(sent);
    assertThat(made.uid())
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(made.metadata().path("creationTimestamp").asString())
        .matches("2026-01-01T00:0\\d:\\d\\dZ");
    assertThat(made.generation()).isEqualTo(1);
    assertThat(made.apiVersion()).isEqualTo("example.io/v1");
    assertThat(made.kind()).isEqualTo("Widget");
    assertThat(made.json().has("status")).isFalse();
    assertThat(made.metadata().has("selfLink")).isFalse();
    assertThat(made.metadata().has("labels")).isFalse();
    assertThat(made.at("/spec/colour").asString()).as("default").isEqualTo("red");
    assertThat(server.client.get(WIDGETS, inDefault("a"))).isEqualTo(made);
  }

  @Test
  void aGeneratedNameEndsInFiveCharacters() {
    var sent = object("{'metadata':{'generateName':'a-','namespace':'default'},'spec':{'size':1}}");
    var first = server.create(sent).name();
    assertThat(first).matches("a-[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(server.create(sent).name()).isNotEqualTo(first);
  }

  @Test
  void aNameIsNeededAndChecked() {
    var nameless =
        refusal(
            () -> server.create(object("{'metadata':{'namespace':'default'},'spec':{'size':1}}")));
    assertThat(nameless)
        .hasMessage(
            "Widget.example.io \"\" is invalid: metadata.name: Required value: name or generateName"
                + " is required");
    var shouting = refusal(() -> server.create(widget("LOUD", 1)));
    assertThat(shouting.reason()).isEqualTo(Reason.INVALID);
    assertThat(shouting)
        .hasMessageStartingWith(
            "Widget.example.io \"LOUD\" is invalid: metadata.name: Invalid value: \"LOUD\": a"
                + " lowercase RFC 1123 subdomain must consist of");
  }

  @Test
  void theSecondOfANameIsRefused() {
    server.create(widget("a", 1));
    var refusal = refusal(() -> server.create(widget("a", 2)));
    assertThat(refusal.reason()).isEqualTo(Reason.ALREADY_EXISTS);
    assertThat(refusal).hasMessage("widgets.example.io \"a\" already exists");
  }

  @Test
  void anObjectNeedsANamespaceThatIsThereAndStays() {
    var missing = refusal(() -> server.client.create(CONFIG_MAPS, configMap("nowhere", "a")));
    assertThat(missing.code()).isEqualTo(404);
    assertThat(missing).hasMessage("namespaces \"nowhere\" not found");
    server.client.create(TestServer.NAMESPACES, object("{'metadata':{'name':'old'}}"));
    server.client.delete(TestServer.NAMESPACES, Key.of("old"), null);
    var leaving = refusal(() -> server.client.create(CONFIG_MAPS, configMap("old", "a")));
    assertThat(leaving.code()).isEqualTo(403);
    assertThat(leaving)
        .hasMessage(
            "configmaps \"a\" is forbidden: unable to create new content in namespace old because"
                + " it is being terminated");
  }

  @Test
  void theGenerationCountsChangesOfTheWishOnly() {
    server.create(widget("a", 1));
    assertThat(server.patch("a", "", "{'spec':{'size':2}}").generation()).isEqualTo(2);
    assertThat(server.patch("a", "", "{'metadata':{'labels':{'x':'y'}}}").generation())
        .isEqualTo(2);
    assertThat(server.patch("a", "status", "{'status':{'phase':'Up'}}").generation()).isEqualTo(2);
    server.patch("a", "", "{'metadata':{'finalizers':['example.io/hold']}}");
    server.client.delete(WIDGETS, inDefault("a"), null);
    assertThat(server.client.get(WIDGETS, inDefault("a")).generation()).isEqualTo(3);
  }

  @Test
  void statusAndTheRestAreWrittenApart() {
    server.create(widget("a", 1));
    var status =
        server.patch(
            "a",
            "status",
            "{'status':{'phase':'Up'},'spec':{'size':5},'metadata':{'labels':{'x':'y'}}}");
    assertThat(status.at("/status/phase").asString()).isEqualTo("Up");
    assertThat(status.at("/spec/size").asInt()).isEqualTo(1);
    assertThat(status.labels()).isEmpty();
    var main = server.patch("a", "", "{'status':{'phase':'Down'},'spec':{'size':5}}");
    assertThat(main.at("/status/phase").asString()).isEqualTo("Up");
    assertThat(main.at("/spec/size").asInt()).isEqualTo(5);
  }

  @Test
  void aWriteThatChangesNothingIsNone() {
    var made = server.create(widget("a", 1));
    assertThat(server.patch("a", "", "{'spec':{'size':1}}")).isEqualTo(made);
    assertThat(server.client.update(WIDGETS, made, "")).isEqualTo(made);
    assertThat(server.store.view().revision()).isEqualTo(made.revision());
  }

  @Test
  void anUpdateCannotChangeWhoTheObjectIs() {
    var made = server.create(widget("a", 1));
    var next =
        server.client.update(
            WIDGETS,
            made.edit(tree -> {
              tree.withObjectProperty("spec").put("size", 2);
              tree.withObjectProperty("metadata")
                  .put("creationTimestamp", "1999-01-01T00:00:00Z")
                  .put("generation", 77);
            }),
            "");
    assertThat(next.uid()).isEqualTo(made.uid());
    assertThat(next.creationTimestamp()).isEqualTo(made.creationTimestamp());
    assertThat(next.generation()).isEqualTo(2);
    var other = made.editMeta(meta -> meta.put("uid", "another").remove("resourceVersion"));
    assertThat(refusal(() -> server.client.update(WIDGETS, other, "")))
        .hasMessage(
            "Operation cannot be fulfilled on widgets.example.io \"a\": Precondition failed: UID in"
                + " precondition: another, UID in object meta: "
                + made.uid());
  }

  @Test
  void aStaleUpdateOrPatchIsAConflict() {
    var made = server.create(widget("a", 1));
    server.patch("a", "", "{'spec':{'size':2}}");
    var message =
        "Operation cannot be fulfilled on widgets.example.io \"a\": the object has been modified;"
            + " please apply your changes to the latest version and try again";
    var update = refusal(() -> server.client.update(WIDGETS, made, ""));
    assertThat(update.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(update).hasMessage(message);
    var stale =
        "{'metadata':{'resourceVersion':'%s'},'spec':{'size':3}}".formatted(made.resourceVersion());
    assertThat(refusal(() -> server.patch("a", "", stale))).hasMessage(message);
    var stranger = "{'metadata':{'uid':'no'},'spec':{'size':3}}";
    assertThat(refusal(() -> server.patch("a", "", stranger)).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(server.client.get(WIDGETS, inDefault("a")).at("/spec/size").asInt()).isEqualTo(2);
  }

  @Test
  void patchesThatRaceAreAllTakenIn() {
    server.create(widget("a", 0));
    for (var i = 0; i < 4; i++) {
      var label = "k" + i;
      server.host.start(
          "patch-" + i,
          () -> server.patch("a", "", "{'metadata':{'labels':{'%s':'x'}}}".formatted(label)));
    }
    server.world.run(java.time.Duration.ofSeconds(1));
    assertThat(server.world.taskFailures()).isEmpty();
    assertThat(server.client.get(WIDGETS, inDefault("a")).labels())
        .containsOnlyKeys("k0", "k1", "k2", "k3");
  }

  @Test
  void faultsAreToldTogetherFieldByField() {
    var refusal =
        refusal(() ->
            server.create(
                object(
                    """
                    {'metadata':{'name':'a','namespace':'default','labels':{'-x':'ok'}},
                     'spec':{'colour':'green'}}\
                    """)));
    assertThat(refusal.code()).isEqualTo(422);
    assertThat(refusal.causes())
        .extracting(cause -> cause.field() + " " + cause.reason())
        .containsExactlyInAnyOrder(
            "metadata.labels FieldValueInvalid",
            "spec.size FieldValueRequired",
            "spec.colour FieldValueNotSupported");
  }

  @Test
  void unknownFieldsArePrunedToldOrRefused() {
    var odd = object("{'metadata':{'name':'a','namespace':'default'},'spec':{'size':1,'sizze':2}}");
    var strict = new Api.Options(true, "Strict", "");
    assertThat(refusal(() -> server.api.create(ADMIN, WIDGETS, odd, "", strict)))
        .hasMessage(
            "Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: unknown"
                + " field \"spec.sizze\"");
    var warn = new Api.Options(true, "Warn", "");
    assertThat(server.api.create(ADMIN, WIDGETS, odd, "", warn).warnings())
        .containsExactly("unknown field \"spec.sizze\"");
    assertThat(server.create(odd).at("/spec").has("sizze")).isFalse();
  }

  @Test
  void unknownMetadataAreNotKeptEither() {
    var odd =
        object(
            "{'metadata':{'name':'a','namespace':'default','nam':'b','managedFields':[]},'spec':{'size':1}}");
    var strict = new Api.Options(true, "Strict", "");
    assertThat(refusal(() -> server.api.create(ADMIN, WIDGETS, odd, "", strict)))
        .hasMessageEndingWith("strict decoding error: unknown field \"metadata.nam\"");
    assertThat(server.create(odd).metadata().has("nam")).isFalse();
  }

  @Test
  void anObjectOnItsWayOutTakesNoNewFinalizer() {
    server.create(widget("a", 1).editMeta(m -> m.putArray("finalizers").add("example.io/x")));
    server.client.delete(WIDGETS, inDefault("a"), null);
    var more = "{'metadata':{'finalizers':['example.io/x','example.io/y']}}";
    assertThat(refusal(() -> server.patch("a", "", more)))
        .hasMessageContaining("no new finalizers can be added if the object is being deleted");
  }

  @Test
  void aDryRunDoesEverythingButStore() {
    var before = server.store.view().revision();
    var dry = new Api.Options(true, "Ignore", "");
    assertThat(server.api.create(ADMIN, WIDGETS, widget("a", 1), "", dry).object().uid())
        .isNotEmpty();
    assertThat(server.store.view().revision()).isEqualTo(before);
    server.create(widget("a", 1));
    var patched =
        server.api.patch(ADMIN, WIDGETS, inDefault("a"), "", merge("{'spec':{'size':9}}"), dry);
    assertThat(patched.object().at("/spec/size").asInt()).isEqualTo(9);
    assertThat(server.client.get(WIDGETS, inDefault("a")).at("/spec/size").asInt()).isEqualTo(1);
  }

  @Test
  void anObjectGoesWhenItsLastFinalizerDoes() {
    var sent =
        object(
            """
            {'metadata':{'name':'a','namespace':'default','finalizers':['example.io/x','example.io/y']},
             'spec':{'size':1}}\
            """);
    server.create(sent);
    server.client.delete(WIDGETS, inDefault("a"), null);
    var marked = server.client.get(WIDGETS, inDefault("a"));
    assertThat(marked.deleting()).isTrue();
    assertThat(marked.metadata().path("deletionGracePeriodSeconds").asInt(-1)).isZero();
    server.client.delete(WIDGETS, inDefault("a"), null);
    assertThat(server.client.get(WIDGETS, inDefault("a"))).as("again").isEqualTo(marked);
    server.patch("a", "", "{'metadata':{'finalizers':['example.io/y']}}");
    assertThat(server.client.find(WIDGETS, inDefault("a"))).isPresent();
    server.patch("a", "", "{'metadata':{'finalizers':null}}");
    assertThat(server.client.find(WIDGETS, inDefault("a"))).isEmpty();
  }

  @Test
  void aDeleteOnlyMeetsTheObjectItMeans() {
    var made = server.create(widget("a", 1));
    var refusal = refusal(() -> server.client.delete(WIDGETS, inDefault("a"), "another"));
    assertThat(refusal.reason()).isEqualTo(Reason.CONFLICT);
    var stale = new Api.Preconditions(null, "1");
    assertThat(
            refusal(() ->
                    server.api.delete(ADMIN, WIDGETS, inDefault("a"), stale, Api.Options.DEFAULT))
                .reason())
        .isEqualTo(Reason.CONFLICT);
    server.client.delete(WIDGETS, inDefault("a"), made.uid());
    assertThat(refusal(() -> server.client.delete(WIDGETS, inDefault("a"), null)))
        .hasMessage("widgets.example.io \"a\" not found");
  }

  @Test
  void deletingACollectionTakesTheSelectedOnly() {
    server.create(widget("a", 1));
    server.create(widget("b", 1).editMeta(m -> m.putObject("labels").put("go", "yes")));
    var gone =
        server.api.deleteAll(
            ADMIN,
            WIDGETS,
            "default",
            io.nave.api.Selection.labelled("go", "yes"),
            Api.Paging.ALL,
            Api.Preconditions.NONE,
            Api.Options.DEFAULT);
    assertThat(gone.items()).extracting(ApiObject::name).containsExactly("b");
    assertThat(server.client.find(WIDGETS, inDefault("a"))).isPresent();
    assertThat(server.client.find(WIDGETS, inDefault("b"))).isEmpty();
  }

  @Test
  void deletingAPageOfACollectionLeavesTheRest() {
    for (var name : List.of("a", "b", "c")) {
      server.create(widget(name, 1));
    }
    var first = deleted(new Api.Paging(2, ""));
    assertThat(first.items()).extracting(ApiObject::name).containsExactly("a", "b");
    assertThat(server.client.find(WIDGETS, inDefault("c"))).isPresent();
    var rest = deleted(new Api.Paging(2, first.next()));
    assertThat(rest.items()).extracting(ApiObject::name).containsExactly("c");
    assertThat(rest.next()).isEmpty();
    assertThat(server.client.find(WIDGETS, inDefault("c"))).isEmpty();
  }

  private Api.Page deleted(Api.Paging paging) {
    var all = io.nave.api.Selection.all();
    return server.api.deleteAll(
        ADMIN, WIDGETS, "default", all, paging, Api.Preconditions.NONE, Api.Options.DEFAULT);
  }

  /// - Goal: what must hold for a delete must hold for each object of a collection, in order.
  @Test
  void deletingACollectionEndsAtTheFirstThatIsNotMeant() {
    var first = server.create(widget("a", 1));
    server.create(widget("b", 1));
    server.create(widget("c", 1));
    var refusal =
        refusal(() ->
            server.api.deleteAll(
                ADMIN,
                WIDGETS,
                "default",
                io.nave.api.Selection.all(),
                Api.Paging.ALL,
                new Api.Preconditions(first.uid(), null),
                Api.Options.DEFAULT));
    assertThat(refusal.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(refusal).hasMessageContaining("\"b\"").hasMessageContaining(first.uid());
    assertThat(server.client.find(WIDGETS, inDefault("a"))).isEmpty();
    assertThat(server.client.find(WIDGETS, inDefault("b"))).isPresent();
    assertThat(server.client.find(WIDGETS, inDefault("c"))).isPresent();
  }

  @Test
  void aSeriesOfWritesIsAllOrNothing() {
    var before = server.store.view().revision();
    var refusal =
        refusal(() ->
            server.client.commit(
                List.of(
                    new Write.Create(WIDGETS, widget("a", 1)),
                    new Write.Create(WIDGETS, widget("BAD", 1)))));
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(server.store.view().revision()).isEqualTo(before);
  }

  @Test
  void aSeriesOfWritesSeesItsOwnAndBecomesVisibleAtOnce() {
    server.create(widget("old", 1));
    var results =
        server.client.commit(
            List.of(
                new Write.Create(TestServer.NAMESPACES, object("{'metadata':{'name':'fresh'}}")),
                new Write.Create(CONFIG_MAPS, configMap("fresh", "inside")),
                new Write.Create(WIDGETS, widget("a", 1)),
                new Write.Change(WIDGETS, inDefault("a"), "", merge("{'spec':{'size':4}}")),
                new Write.Delete(WIDGETS, inDefault("old"), null),
                new Write.Delete(WIDGETS, inDefault("never"), null)));
    assertThat(results).hasSize(6);
    assertThat(results.get(5)).isEmpty();
    assertThat(results.get(3).orElseThrow().at("/spec/size").asInt()).isEqualTo(4);
    assertThat(results.get(3).orElseThrow().resourceVersion()).isNotEmpty();
    assertThat(server.client.find(WIDGETS, inDefault("old"))).isEmpty();
    assertThat(server.client.find(CONFIG_MAPS, Key.of("fresh", "inside"))).isPresent();
  }

  @Test
  void whatIsOfAnotherKindOrScopeIsRefused() {
    var wrong = widget("a", 1).edit(tree -> tree.put("kind", "Gadget"));
    assertThat(refusal(() -> server.create(wrong)).code()).isEqualTo(400);
    var nowhere = object("{'metadata':{'name':'a'},'spec':{'size':1}}");
    assertThat(refusal(() -> server.create(nowhere)))
        .hasMessage("an empty namespace may not be set during creation");
    assertThat(refusal(() -> server.create(server.create(widget("b", 1)))))
        .hasMessage("resourceVersion should not be set on objects to be created");
    assertThat(refusal(() -> server.patch("b", "scale", "{}")).code()).isEqualTo(404);
  }

  @Test
  void admissionChangesAndRefuses() {
    io.nave.apiserver.admission.Admission admission =
        request -> {
          if (request.object().name().equals("forbidden")) {
            throw io.nave.api.ApiError.forbidden(request.type(), "forbidden", "not that one");
          }
          return request.isAbout("example.io", "widgets")
              ? request.object().editMeta(m -> m.putObject("labels").put("seen", "yes"))
              : request.object();
        };
    try (var strict = TestServer.start(admission)) {
      assertThat(strict.create(widget("a", 1)).labels()).containsEntry("seen", "yes");
      assertThat(refusal(() -> strict.create(widget("forbidden", 1))))
          .hasMessage("widgets.example.io \"forbidden\" is forbidden: not that one");
    }
  }
}
