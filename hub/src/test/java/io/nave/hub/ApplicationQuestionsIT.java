package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.applications.api.ComponentDefinition;
import io.nave.registration.api.ManagedCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// - Goal: what would become of an application is told by the types its namespace has, and only to
///   those who may read what the answer shows.
/// - Method: a whole hub but for its socket; a cluster without an agent.
class ApplicationQuestionsIT {
  private static WholeHub hub;

  @BeforeAll
  static void start() {
    hub = WholeHub.start("tester");
    hub.create(
        ResourceType.of(ManagedCluster.class),
        "{metadata: {name: east}, spec: {hubAcceptsClient: true}}");
    hub.create(
        ResourceType.of(ComponentDefinition.class),
        """
        {metadata: {namespace: default, name: note}, spec: {
          workload: {definition: {apiVersion: v1, kind: ConfigMap}},
          schematic: {nave: {output: {apiVersion: v1, kind: ConfigMap,
            metadata: {name: "${context.name}"}, data: {says: hello}}}}}}
        """);
    hub.create(
        ResourceType.of("", "v1", "Secret", "secrets", true),
        "{metadata: {namespace: default, name: password}, stringData: {text: open sesame}}");
    hub.create(
        ResourceType.of("rbac.authorization.k8s.io", "v1", "Role", "roles", true),
        """
        {metadata: {namespace: default, name: asks}, rules: [
          {apiGroups: [nave.io], resources: [applicationpreviews], verbs: [create]}]}
        """);
    hub.create(
        ResourceType.of("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true),
        """
        {metadata: {namespace: default, name: asks},
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: asks},
          subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: anna}]}
        """);
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static ApiObject ask(String user, String component) {
    var question =
        WholeHub.object(
            ApplicationPreviews.TYPE,
            """
            {metadata: {namespace: default}, spec: {application: {
              metadata: {name: shop}, spec: {components: [%s], policies: [
                {name: where, type: topology, properties: {clusters: [east]}}]}}}}
            """
                .formatted(component));
    return hub.core()
        .api()
        .create(
            Caller.of(user, "system:authenticated"),
            ApplicationPreviews.TYPE,
            question,
            "",
            Api.Options.DEFAULT)
        .object();
  }

  @Test
  void aTypeOfTheNamespaceIsKnown() {
    var answer = ask("anna", "{name: first, type: note}");

    assertThat(answer.at("/status/objects").toString()).contains("hello");
  }

  @Test
  void anUnknownTypeIsNamed() {
    var error =
        catchThrowableOfType(ApiError.class, () -> ask("anna", "{name: first, type: notes}"));

    assertThat(error).hasMessageContaining("notes").hasMessageContaining("note");
  }

  @Test
  void whatSheMayNotReadIsNotShownToHer() {
    var error =
        catchThrowableOfType(
            ApiError.class,
            () ->
                ask(
                    "anna",
                    "{name: copy, type: ref-objects, properties: {objects: [{apiVersion: v1, kind:"
                        + " Secret, resource: secrets, name: password}]}}"));

    assertThat(error.is(ApiError.Reason.FORBIDDEN)).isTrue();
    assertThat(error)
        .hasMessageContaining("anna may not get secrets")
        .hasMessageNotContaining("open");
  }
}
