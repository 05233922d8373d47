package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.ComponentDefinition;
import io.nave.applications.api.DefinitionRevision;
import io.nave.work.ManifestWork;
import java.util.List;
import org.junit.jupiter.api.Test;

/// - Goal: applications follow the definitions they use, go back to those they were delivered by,
///   and are held up by none but their own.
/// - Method: simulated time; agents are played by the test.
class ApplicationDefinitionsSimTest extends ApplicationsOnHub {
  /// - Goal: a template that explodes stops its own application, with the reason, and no other.
  @Test
  void aTemplateThatExplodesHoldsUpNobodyElse() {
    var bomb = "x";
    for (var level = 0; level < 5; level++) {
      bomb =
          "{forEach: '${[1,2,3,4,5,6,7,8,9,0]}', as: v%d, key: 'k${v%d}', template: %s}"
              .formatted(level, level, bomb);
    }
    create(
        ResourceType.of(ComponentDefinition.class),
        """
        metadata: {name: bomb, namespace: default}
        spec: {schematic: {nave: {output: {apiVersion: v1, kind: ConfigMap, data: %s}}}}
        """
            .formatted(bomb));
    create(
        APPLICATION,
        """
        metadata: {name: bomb, namespace: default}
        spec:
          components: [{name: bomb, type: bomb}]
          policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """);
    createWeb("{clusters: [east]}");
    world.runUntil(() -> clusters().contains("east"), SOON);
    report();
    awaitPhase("running");
    var stopped =
        Codec.decode(client.get(APPLICATION, Key.of("default", "bomb")), Application.class);
    assertThat(Samples.condition(stopped.status(), "Render").message())
        .contains("component \"bomb\"", "produces more than 50000 values");
  }

  private static String config(String namespace, String value) {
    return """
    metadata: {name: config, namespace: %s}
    spec:
      schematic:
        nave:
          parameter: {required: [text], properties: {text: {type: string}}}
          output: {apiVersion: v1, kind: ConfigMap, data: {text: '${parameter.text}', by: %s}}
    """
        .formatted(namespace, value);
  }

  /// - Goal: who changes a definition sees the applications that use it follow, and no others; what
  ///   it was is kept as a revision.
  @Test
  void applicationsFollowTheDefinitionsTheyUse() {
    var type = ResourceType.of(ComponentDefinition.class);
    create(
        APPLICATION,
        """
        metadata: {name: web, namespace: default}
        spec:
          components: [{name: note, type: config, properties: {text: hello}}]
          policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """);
    awaitPhase("rendering"); // its type is not there yet
    create(type, config("vela-system", "system"));
    world.runUntil(() -> by().equals("system"), SOON);
    assertThat(by()).isEqualTo("system");
    create(type, config("default", "own"));
    world.runUntil(() -> by().equals("own"), SOON);
    assertThat(by()).isEqualTo("own");
    client.patch(
        type,
        Key.of("default", "config"),
        "",
        Patch.merge(body ->
            body.putObject("spec")
                .putObject("schematic")
                .putObject("nave")
                .putObject("output")
                .putObject("data")
                .put("by", "changed")));
    world.runUntil(() -> by().equals("changed"), SOON);
    assertThat(by()).isEqualTo("changed");
    var revisions =
        client
            .list(ResourceType.of(DefinitionRevision.class), "default", Selection.all())
            .items()
            .stream()
            .map(ApiObject::name)
            .toList();
    assertThat(revisions).containsExactly("config-v1", "config-v2");
  }

  private void createNote(String version) {
    create(
        APPLICATION,
        """
        metadata: {name: web, namespace: default, annotations: {%s}}
        spec:
          components: [{name: note, type: config, properties: {text: hello}}]
          policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """
            .formatted(version));
  }

  private void changeDefinition(String value) {
    merge(
        ResourceType.of(ComponentDefinition.class),
        Key.of("vela-system", "config"),
        "{spec: {schematic: {nave: {output: {data: {by: %s}}}}}}".formatted(value));
    world.run(SOON);
  }

  /// - Goal: what is published is rendered by the definitions it was published with, however often
  ///   they change, until another version is published.
  @Test
  void whatIsPublishedKeepsItsDefinitions() {
    create(ResourceType.of(ComponentDefinition.class), config("vela-system", "first"));
    world.run(SOON);
    createNote("app.oam.dev/publishVersion: a");
    world.runUntil(() -> by().equals("first"), SOON);
    for (var value : List.of("second", "third", "fourth", "fifth")) {
      changeDefinition(value);
    }
    client.delete(
        ResourceType.of(ManifestWork.class), works().getFirst().key(), null); // is written anew
    world.run(SOON);
    assertThat(by()).isEqualTo("first");
    var revision =
        Codec.decode(
            client.get(ResourceType.of(ApplicationRevision.class), Key.of("default", "web-v1")),
            ApplicationRevision.class);
    assertThat(revision.spec().definitions())
        .filteredOn(used -> used.name().equals("config"))
        .singleElement()
        .satisfies(used -> {
          assertThat(used.revision()).isEqualTo("vela-system/config-v1");
          assertThat(used.definition()).isNull();
        });
    merge(
        APPLICATION,
        Key.of("default", "web"),
        "{metadata: {annotations: {app.oam.dev/publishVersion: b}}}");
    world.runUntil(() -> by().equals("fifth"), SOON);
    assertThat(by()).isEqualTo("fifth");
  }

  /// - Goal: an application that goes back to a revision has what it had then.
  @Test
  void goingBackToARevisionGoesBackToItsDefinitions() {
    create(ResourceType.of(ComponentDefinition.class), config("vela-system", "first"));
    world.run(SOON);
    createNote("");
    world.runUntil(() -> by().equals("first"), SOON);
    merge(
        APPLICATION,
        Key.of("default", "web"),
        "{spec: {components: [{name: note, type: config, properties: {text: changed}}]}}");
    changeDefinition("second");
    assertThat(by()).isEqualTo("second");
    client.patch(
        APPLICATION,
        Key.of("default", "web"),
        "",
        Codec.decode(
                client.get(ResourceType.of(ApplicationRevision.class), Key.of("default", "web-v1")),
                ApplicationRevision.class)
            .rollback());
    world.run(SOON);
    assertThat(by()).isEqualTo("first");
    changeDefinition("third");
    assertThat(by()).isEqualTo("first");
  }

  /// - Goal: one can go back to a revision whose definition was deleted; what nobody holds on to
  ///   goes with its definition.
  @Test
  void aRevisionOutlivesTheDefinitionsItHolds() {
    create(ResourceType.of(ComponentDefinition.class), config("vela-system", "first"));
    create(
        ResourceType.of(ComponentDefinition.class),
        config("vela-system", "unused").replace("name: config,", "name: unused,"));
    world.run(SOON);
    createNote("");
    world.runUntil(() -> by().equals("first"), SOON);
    merge(
        APPLICATION,
        WEB,
        "{spec: {components: [{name: note, type: k8s-objects, properties: {objects: [{apiVersion: v1,"
            + " kind: ConfigMap, metadata: {name: other}, data: {by: nobody}}]}}]}}");
    rollOut();
    assertThat(by()).isEqualTo("nobody");
    for (var name : List.of("config", "unused")) {
      client.delete(ResourceType.of(ComponentDefinition.class), Key.of("vela-system", name), null);
    }
    world.run(SOON);
    assertThat(definitionRevisions()).containsExactly("config-v1");
    client.patch(
        APPLICATION,
        WEB,
        "",
        Codec.decode(
                client.get(ResourceType.of(ApplicationRevision.class), Key.of("default", "web-v1")),
                ApplicationRevision.class)
            .rollback());
    rollOut();
    assertThat(by()).isEqualTo("first");
    // The last to hold on to it goes.
    client.delete(APPLICATION, WEB, null);
    for (var name : List.of("web-v1", "web-v2")) {
      client.delete(ResourceType.of(ApplicationRevision.class), Key.of("default", name), null);
    }
    world.run(DefinitionReconciler.LEFT_LOOK.multipliedBy(2));
    assertThat(definitionRevisions()).isEmpty();
  }

  private List<String> definitionRevisions() {
    return client
        .list(ResourceType.of(DefinitionRevision.class), "vela-system", Selection.all())
        .items()
        .stream()
        .map(ApiObject::name)
        .toList();
  }

  @Test
  void servesItsKindByItsOwnSchema() {
    var error =
        catchThrowableOfType(
            ApiError.class,
            () ->
                create(
                    APPLICATION,
                    "{metadata: {name: x, namespace: default}, spec: {components: [{name: a}]}}"));
    assertThat(error.reason()).isEqualTo(ApiError.Reason.INVALID);
    assertThat(Json.text(error.toStatus())).contains("spec.components[0].type");
  }
}
