package io.nave.apiserver.definitions;

import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.TestServer.widget;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.api.Selection;
import io.nave.api.schema.Crds;
import io.nave.apiserver.Api;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.Widget;
import io.nave.apiserver.kinds.CoreKinds;
import io.nave.apiserver.rbac.Rbac;
import io.nave.apiserver.registry.Registry;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.runtime.sim.SimWorld;
import io.nave.store.EmbeddedStore;
import io.nave.store.Limits;
import io.nave.store.MemoryEngine;
import io.nave.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The kinds of the program itself, over several lives of it.
final class OwnKindsTest {
  private static final Key WIDGETS = Key.of("widgets.example.io");

  private final SimWorld world = new SimWorld(3);
  private final io.nave.runtime.sim.SimHost host = world.host("hub");
  private final Store store =
      EmbeddedStore.open(
          host,
          new MemoryEngine(),
          Limits.defaults(),
          new io.micrometer.core.instrument.simple.SimpleMeterRegistry());

  @AfterEach
  void close() {
    store.close();
    world.close();
  }

  private Definitions run(java.util.function.Consumer<LocalClient> life) {
    var rbac = new Rbac(host, store);
    var definitions = Definitions.of(List.of(ServedType.of(Widget.class)));
    var types = new ArrayList<>(CoreKinds.all(rbac));
    types.add(definitions.kind());
    var api = new Registry(host, store, types, rbac, List.of(definitions.admission()));
    try (var started = definitions.start(host, store, api)) {
      Bootstrap.run(new LocalClient(api, ADMIN), Bootstrap.HUB_NAMESPACES);
      life.accept(new LocalClient(api, ADMIN));
      return started;
    }
  }

  @Test
  void aRecordBecomesADefinitionAndServesItsObjects() {
    run(client -> {
      assertThat(client.get(Crd.TYPE, WIDGETS).at("/spec/group").asString())
          .isEqualTo("example.io");
      var made = client.create(TestServer.WIDGETS, widget("a", 1));
      assertThat(made.at("/spec/colour").asString()).isEqualTo("red");
    });
  }

  @Test
  void nobodyDeletesOrChangesIt() {
    run(client -> {
      assertThat(refusal(() -> client.delete(Crd.TYPE, WIDGETS, null)).getMessage())
          .isEqualTo(
              "customresourcedefinitions.apiextensions.k8s.io \"widgets.example.io\" is forbidden:"
                  + " this kind belongs to the program itself and cannot be deleted while it runs");
      assertThat(
              refusal(() ->
                      client.patch(
                          Crd.TYPE, WIDGETS, "", merge("{'spec':{'names':{'shortNames':['w']}}}")))
                  .getMessage())
          .contains("its definition changes with a new release only");
      var labelled =
          client.patch(Crd.TYPE, WIDGETS, "", merge("{'metadata':{'labels':{'a':'b'}}}"));
      assertThat(labelled.labels()).containsEntry("a", "b");
    });
  }

  @Test
  void aNewReleaseReplacesWhatAnOlderOneLeft() {
    var older = Crds.json(Widget.class);
    ((ObjectNode) older.at("/spec/versions/0")).put("name", "v1alpha1");
    ((ObjectNode) older.at("/spec/names")).putArray("shortNames").add("old");
    var rbac = new Rbac(host, store);
    var plain = Definitions.of(List.of());
    var types = new ArrayList<>(CoreKinds.all(rbac));
    types.add(plain.kind());
    var api = new Registry(host, store, types, rbac, List.of());
    try (var _ = plain.start(host, store, api)) {
      var client = new LocalClient(api, ADMIN);
      Bootstrap.run(client, Bootstrap.HUB_NAMESPACES);
      client.create(Crd.TYPE, io.nave.api.ApiObject.of(older));
      var alpha = api.type("example.io", "v1alpha1", "widgets").orElseThrow();
      api.create(ADMIN, alpha, widget("a", 1), "", Api.Options.DEFAULT);
    }
    run(client -> {
      var crd = client.get(Crd.TYPE, WIDGETS);
      assertThat(crd.at("/spec/names/shortNames").isMissingNode()).isTrue();
      assertThat(crd.at("/status/storedVersions").toString()).isEqualTo("[\"v1alpha1\",\"v1\"]");
      assertThat(client.list(TestServer.WIDGETS, "", Selection.all()).items())
          .singleElement()
          .satisfies(one -> assertThat(one.apiVersion()).isEqualTo("example.io/v1"));
    });
    var revision = store.view().revision();
    run(_ -> {});
    assertThat(store.view().revision()).as("a start that changes nothing").isEqualTo(revision);
  }
}
