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

import io.nave.apiserver.Api;
import io.nave.apiserver.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Kubernetes' `ValidateObjectMeta` says, in its words.
final class MetadataRulesTest {
  private final TestServer server = TestServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      textBlock =
          """
          'ownerReferences':[{'apiVersion':'v1','kind':'A','name':'a','uid':'1','controller':true},{'apiVersion':'v1','kind':'B','name':'b','uid':'2','controller':true}] | Only one reference can have Controller set to true. Found "true" in references for A/a and B/b
          'ownerReferences':[{'apiVersion':'apps/','kind':'A','name':'a','uid':'1'}] | metadata.ownerReferences[0].apiVersion: Invalid value: "apps/": version must not be empty
          'ownerReferences':[{'apiVersion':'v1','kind':'A','name':'a'}] | metadata.ownerReferences[0].uid: Invalid value: "": uid must not be empty
          'ownerReferences':[{'apiVersion':'v1','kind':'Event','name':'a','uid':'1'}] | /v1, Kind=Event is disallowed from being an owner
          'finalizers':['orphan','foregroundDeletion'] | finalizer orphan and foregroundDeletion cannot be both set
          'finalizers':['mine'] | metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified
          'finalizers':['a b/c'] | metadata.finalizers: Invalid value: "a b/c"
          """)
  void whatMetadataMayNotHoldIsRefused(String meta, String said) {
    var map = object("{'metadata':{'name':'a','namespace':'default',%s}}".formatted(meta));
    var refusal = refusal(() -> server.client.create(CONFIG_MAPS, map));
    assertThat(refusal.code()).isEqualTo(422);
    assertThat(refusal).hasMessageContaining(said);
  }

  @ParameterizedTest
  @CsvSource({"ok-, true", "ok, true", "a.b-, true", "Bad-, false", "-x, false", "., false"})
  void aBaseOfNamesMayEndInADash(String base, boolean good) {
    var map = object("{'metadata':{'generateName':'%s','namespace':'default'}}".formatted(base));
    if (good) {
      assertThat(server.client.create(CONFIG_MAPS, map).name()).startsWith(base);
    } else {
      assertThat(refusal(() -> server.client.create(CONFIG_MAPS, map)))
          .hasMessageContaining("metadata.generateName: Invalid value: \"" + base + "\"");
    }
  }

  @Test
  void finalizersWithoutADomainAreWarnedOfWhereKindsAreNotKubernetesOwn() {
    var options = new Api.Options(false, "Warn", "me");
    var made =
        widget("a", 1).editMeta(meta -> meta.putArray("finalizers").add("mine").add("ex.io/mine"));
    assertThat(server.api.create(ADMIN, WIDGETS, made, "", options).warnings())
        .containsExactly(
            "metadata.finalizers: \"mine\": prefer a domain-qualified finalizer name including a"
                + " path (/) to avoid accidental conflicts with other finalizer writers");
    var later = merge("{'spec':{'size':2}}");
    assertThat(server.api.patch(ADMIN, WIDGETS, inDefault("a"), "", later, options).warnings())
        .as("told when it is added")
        .isEmpty();
  }

  @Test
  void whatGoesTakesNoNewFinalizers() {
    server.create(widget("a", 1).editMeta(meta -> meta.putArray("finalizers").add("ex.io/a")));
    server.client.delete(WIDGETS, inDefault("a"), null);
    var more = "{'metadata':{'finalizers':['ex.io/a','ex.io/c','ex.io/b']}}";
    assertThat(refusal(() -> server.patch("a", "", more)))
        .hasMessageContaining("found new finalizers []string{\"ex.io/b\", \"ex.io/c\"}");
  }
}
