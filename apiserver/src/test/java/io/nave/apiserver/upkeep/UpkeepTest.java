package io.nave.apiserver.upkeep;

import static io.nave.apiserver.TestServer.CONFIG_MAPS;
import static io.nave.apiserver.TestServer.NAMESPACES;
import static io.nave.apiserver.TestServer.WIDGETS;
import static io.nave.apiserver.TestServer.configMap;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.widget;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.apiserver.Api;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.admission.Admission;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class UpkeepTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final TestServer server = TestServer.start();
  private final Upkeep upkeep = Upkeep.start(server.host, server.store, server.api, server.meters);

  @AfterEach
  void close() {
    upkeep.close();
    assertThat(server.world.taskFailures()).isEmpty();
    server.close();
  }

  private static ApiObject owned(ApiObject object, ApiObject... owners) {
    return object.editMeta(meta -> {
      var references = meta.putArray("ownerReferences");
      for (var owner : owners) {
        references
            .addObject()
            .put("apiVersion", owner.apiVersion())
            .put("kind", owner.kind())
            .put("name", owner.name())
            .put("uid", owner.uid());
      }
    });
  }

  private boolean there(String configMap) {
    return server.client.find(CONFIG_MAPS, inDefault(configMap)).isPresent();
  }

  @Test
  void aDeletedNamespaceIsEmptiedAndGoes() {
    server.client.create(NAMESPACES, object("{'metadata':{'name':'old'}}"));
    server.client.create(CONFIG_MAPS, configMap("old", "a"));
    var held = configMap("old", "b").editMeta(m -> m.putArray("finalizers").add("example.io/x"));
    server.client.create(CONFIG_MAPS, held);
    server.client.delete(NAMESPACES, Key.of("old"), null);
    server.world.runUntil(
        () -> server.client.find(CONFIG_MAPS, Key.of("old", "a")).isEmpty(), SOON);
    server.world.run(SOON);
    var waiting = server.client.get(NAMESPACES, Key.of("old"));
    assertThat(waiting.at("/status/phase").asString()).isEqualTo("Terminating");
    assertThat(conditions(waiting))
        .containsExactly(
            "NamespaceDeletionDiscoveryFailure=False ResourcesDiscovered: All resources successfully"
                + " discovered",
            "NamespaceDeletionGroupVersionParsingFailure=False ParsedGroupVersions: All legacy kube"
                + " types successfully parsed",
            "NamespaceDeletionContentFailure=False ContentDeleted: All content successfully"
                + " deleted, may be waiting on finalization",
            "NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining:"
                + " configmaps. has 1 resource instances",
            "NamespaceFinalizersRemaining=True SomeFinalizersRemain: Some content in the namespace"
                + " has finalizers remaining: example.io/x in 1 resource instances");
    assertThat(waiting.at("/status/conditions/3/lastTransitionTime").asString()).isNotEmpty();
    server.client.patch(
        CONFIG_MAPS, Key.of("old", "b"), "", merge("{'metadata':{'finalizers':null}}"));
    server.world.runUntil(() -> server.client.find(NAMESPACES, Key.of("old")).isEmpty(), SOON);
  }

  private static List<String> conditions(ApiObject namespace) {
    return namespace
        .at("/status/conditions")
        .valueStream()
        .map(one ->
            "%s=%s %s: %s"
                .formatted(
                    one.path("type").asString(""),
                    one.path("status").asString(""),
                    one.path("reason").asString(""),
                    one.path("message").asString("")))
        .toList();
  }

  /// - Goal: what somebody refuses to delete holds up nothing else, and the namespace says so.
  @Test
  void whatMayNotGoIsToldAndStopsNoOtherKind() {
    var stubborn = new AtomicBoolean(true);
    Admission admission =
        request -> {
          if (stubborn.get()
              && request.operation() == Admission.Operation.DELETE
              && request.isAbout("", "configmaps")) {
            throw ApiError.forbidden(request.type(), request.object().name(), "keep it");
          }
          return request.object();
        };
    try (var other = TestServer.start(admission);
        var _ = Upkeep.start(other.host, other.store, other.api, other.meters)) {
      other.client.create(NAMESPACES, object("{'metadata':{'name':'old'}}"));
      other.client.create(CONFIG_MAPS, configMap("old", "a"));
      other.client.create(WIDGETS, widget("w", 1).editMeta(meta -> meta.put("namespace", "old")));
      other.client.delete(NAMESPACES, Key.of("old"), null);
      other.world.runUntil(() -> other.client.find(WIDGETS, Key.of("old", "w")).isEmpty(), SOON);
      other.world.run(SOON);
      assertThat(conditions(other.client.get(NAMESPACES, Key.of("old"))))
          .contains(
              "NamespaceDeletionContentFailure=True ContentDeletionFailed: Failed to delete all"
                  + " resource types, 1 remaining: configmaps \"a\" is forbidden: keep it",
              "NamespaceFinalizersRemaining=False ContentHasNoFinalizers: All content-preserving"
                  + " finalizers finished");
      stubborn.set(false);
      other.world.runUntil(() -> other.client.find(NAMESPACES, Key.of("old")).isEmpty(), SOON);
    }
  }

  @Test
  void objectsGoWithTheirOwner() {
    var owner = server.create(widget("owner", 1));
    var child = server.client.create(CONFIG_MAPS, owned(configMap("default", "child"), owner));
    server.client.create(CONFIG_MAPS, owned(configMap("default", "grandchild"), child));
    server.client.create(CONFIG_MAPS, configMap("default", "stranger"));
    server.world.run(SOON);
    assertThat(there("child")).isTrue();
    server.client.delete(WIDGETS, inDefault("owner"), null);
    server.world.runUntil(() -> !there("child") && !there("grandchild"), SOON);
    assertThat(there("stranger")).isTrue();
  }

  @Test
  void anObjectWithAnotherOwnerStaysAndForgetsTheOneThatWent() {
    var first = server.create(widget("first", 1));
    var second = server.create(widget("second", 1));
    server.client.create(CONFIG_MAPS, owned(configMap("default", "child"), first, second));
    server.client.delete(WIDGETS, inDefault("first"), null);
    server.world.runUntil(
        () -> server.client.get(CONFIG_MAPS, inDefault("child")).owners().size() == 1, SOON);
    assertThat(server.client.get(CONFIG_MAPS, inDefault("child")).owners().getFirst().name())
        .isEqualTo("second");
  }

  private void delete(String widget, Api.Propagation propagation) {
    var options = Api.Options.DEFAULT.with(propagation);
    var key = inDefault(widget);
    server.api.delete(TestServer.ADMIN, WIDGETS, key, Api.Preconditions.NONE, options);
  }

  private boolean widgetThere(String name) {
    return server.client.find(WIDGETS, inDefault(name)).isPresent();
  }

  @Test
  void orphansStayAndForgetTheirOwner() {
    var owner = server.create(widget("owner", 1));
    var other = server.create(widget("other", 1));
    server.client.create(CONFIG_MAPS, owned(configMap("default", "child"), owner));
    server.client.create(CONFIG_MAPS, owned(configMap("default", "shared"), owner, other));
    delete("owner", Api.Propagation.ORPHAN);
    server.world.runUntil(() -> !widgetThere("owner"), SOON);
    server.world.run(SOON);
    assertThat(server.client.get(CONFIG_MAPS, inDefault("child")).owners()).isEmpty();
    assertThat(server.client.get(CONFIG_MAPS, inDefault("shared")).owners())
        .extracting(reference -> reference.name())
        .containsExactly("other");
  }

  @Test
  void inTheForegroundAnOwnerWaitsForWhatBlocksIt() {
    var owner = server.create(widget("owner", 1));
    var blocker =
        owned(configMap("default", "blocker"), owner)
            .editMeta(meta -> {
              ((ObjectNode) meta.at("/ownerReferences/0")).put("blockOwnerDeletion", true);
              meta.putArray("finalizers").add("example.io/x");
            });
    var free =
        owned(configMap("default", "free"), owner)
            .editMeta(meta -> meta.putArray("finalizers").add("example.io/x"));
    server.client.create(CONFIG_MAPS, blocker);
    server.client.create(CONFIG_MAPS, free);
    delete("owner", Api.Propagation.FOREGROUND);
    server.world.run(SOON);
    assertThat(server.client.get(WIDGETS, inDefault("owner")).finalizers())
        .containsExactly("foregroundDeletion");
    assertThat(server.client.get(CONFIG_MAPS, inDefault("blocker")).deleting()).isTrue();
    var letGo = merge("{'metadata':{'finalizers':null}}");
    server.client.patch(CONFIG_MAPS, inDefault("blocker"), "", letGo);
    server.world.runUntil(() -> !widgetThere("owner"), SOON);
    assertThat(there("blocker")).isFalse();
    assertThat(server.client.get(CONFIG_MAPS, inDefault("free")).deleting()).isTrue();
  }

  /// A config map that holds up the deletion of its owner.
  private static ApiObject blocking(String name, ApiObject owner) {
    return owned(configMap("default", name), owner)
        .editMeta(
            meta -> ((ObjectNode) meta.at("/ownerReferences/0")).put("blockOwnerDeletion", true));
  }

  @Test
  void inTheForegroundTheLastOfAChainGoesFirst() {
    var owner = server.create(widget("owner", 1));
    var child = server.client.create(CONFIG_MAPS, blocking("child", owner));
    server.client.create(
        CONFIG_MAPS,
        blocking("grandchild", child)
            .editMeta(meta -> meta.putArray("finalizers").add("example.io/x")));
    server.world.run(SOON);
    delete("owner", Api.Propagation.FOREGROUND);
    server.world.run(SOON);
    var waiting = server.client.get(CONFIG_MAPS, inDefault("child"));
    assertThat(waiting.deleting()).isTrue();
    assertThat(waiting.finalizers()).containsExactly("foregroundDeletion");
    assertThat(server.client.get(CONFIG_MAPS, inDefault("grandchild")).deleting()).isTrue();
    assertThat(widgetThere("owner")).isTrue();
    server.client.patch(
        CONFIG_MAPS, inDefault("grandchild"), "", merge("{'metadata':{'finalizers':null}}"));
    server.world.runUntil(() -> !widgetThere("owner"), SOON);
    assertThat(there("child")).isFalse();
  }

  @Test
  void whatOwnsEachOtherGoesAllTheSame() {
    var owner = server.create(widget("owner", 1));
    var child = server.client.create(CONFIG_MAPS, blocking("child", owner));
    server.client.patch(
        WIDGETS,
        inDefault("owner"),
        "",
        merge(
            """
            {'metadata':{'ownerReferences':[{'apiVersion':'v1','kind':'ConfigMap','name':'child',
              'uid':'%s','blockOwnerDeletion':true}]}}
            """
                .formatted(child.uid())));
    server.world.run(SOON);
    delete("owner", Api.Propagation.FOREGROUND);
    server.world.runUntil(() -> !widgetThere("owner") && !there("child"), SOON);
  }

  @Test
  void aLaterDeleteMayChangeItsMind() {
    var owner = server.create(widget("owner", 1));
    var held = owned(configMap("default", "child"), owner);
    server.client.create(
        CONFIG_MAPS,
        held.editMeta(meta -> {
          ((ObjectNode) meta.at("/ownerReferences/0")).put("blockOwnerDeletion", true);
          meta.putArray("finalizers").add("example.io/x");
        }));
    delete("owner", Api.Propagation.FOREGROUND);
    server.world.run(SOON);
    assertThat(widgetThere("owner")).isTrue();
    delete("owner", Api.Propagation.BACKGROUND);
    assertThat(widgetThere("owner")).isFalse();
  }

  @Test
  void anObjectBornWithAnOwnerThatWentFollowsIt() {
    var owner = server.create(widget("owner", 1));
    server.client.delete(WIDGETS, inDefault("owner"), null);
    server.create(widget("owner", 2)); // another of the same name is another
    server.world.run(SOON);
    server.client.create(CONFIG_MAPS, owned(configMap("default", "late"), owner));
    server.world.runUntil(() -> !there("late"), SOON);
  }

  @Test
  void anOwnerOfAnUnknownKindCountsAsThere() {
    var alien =
        object("{'apiVersion':'mars.io/v1','kind':'Alien','metadata':{'name':'x','uid':'u-1'}}");
    server.client.create(CONFIG_MAPS, owned(configMap("default", "child"), alien));
    server.world.run(SOON);
    assertThat(there("child")).isTrue();
  }

  @Test
  void eventsGoAnHourAfterTheyWereLastSeen() {
    var events = io.nave.apiserver.kinds.CoreKinds.EVENTS;
    var begun = server.host.now().toString();
    for (var name : new String[] {"once", "again"}) {
      server.client.create(
          events,
          object(
              "{'metadata':{'name':'%s','namespace':'default'},'lastTimestamp':'%s','reason':'X','involvedObject':{'kind':'W'}}"
                  .formatted(name, begun)));
    }
    server.world.run(Duration.ofMinutes(50));
    var seen = merge("{'lastTimestamp':'%s'}".formatted(server.host.now()));
    server.client.patch(events, inDefault("again"), "", seen);
    server.world.run(Duration.ofMinutes(25));
    assertThat(server.client.find(events, inDefault("once"))).isEmpty();
    assertThat(server.client.find(events, inDefault("again"))).isPresent();
    server.world.run(Duration.ofMinutes(60));
    assertThat(server.client.find(events, inDefault("again"))).isEmpty();
  }

  @Test
  void startingAgainChangesNothing() {
    var before = server.store.view().revision();
    Bootstrap.run(server.client, Bootstrap.HUB_NAMESPACES);
    assertThat(server.store.view().revision()).isEqualTo(before);
  }
}
