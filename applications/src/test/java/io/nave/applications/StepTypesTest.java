package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.applications.api.Policy;
import io.nave.work.ManifestIdentity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the types of steps do beside `deploy`, pass by pass.
class StepTypesTest {
  private static FakeHub hub(String components, String policies, String steps, String... clusters) {
    var spec =
        "components:\n"
            + components
            + "policies:\n"
            + policies
            + "workflow:\n  steps:\n"
            + steps.indent(2);
    return new FakeHub(Samples.web(spec), Samples.fleet(clusters));
  }

  private static final String TWO =
      """
      - {name: web, type: webservice, properties: {image: nginx}}
      - {name: job, type: worker, properties: {image: busybox}}
      """;

  private static final String WHERE =
      """
      - {name: where, type: topology, properties: {clusters: [east]}}
      """;

  @Test
  void appliesTheWholeApplicationAndWaits() {
    var hub = hub(TWO, WHERE, "- {name: all, type: apply-application}\n", "east").settle();
    assertThat(hub.names("east")).containsExactly("Deployment/web", "Deployment/job");
    assertThat(hub.phase()).isEqualTo("runningWorkflow");
    assertThat(hub.report().phase()).isEqualTo("running");
  }

  @Test
  void appliesInParallelWithoutWaiting() {
    var steps = "- {name: all, type: apply-application-in-parallel}\n";
    var hub = hub(TWO, WHERE, steps, "east").settle();
    assertThat(hub.step("all")).startsWith("succeeded");
    assertThat(hub.names("east")).containsExactly("Deployment/web", "Deployment/job");
  }

  @Test
  void appliesWhatRemains() {
    var steps =
        """
        - {name: first, type: apply-component, properties: {component: web, cluster: east}}
        - {name: rest, type: apply-remaining}
        """;
    var hub = hub(TWO, WHERE, steps, "east").settle();
    assertThat(hub.names("east")).containsExactly("Deployment/web");
    hub.report();
    assertThat(hub.names("east")).containsExactly("Deployment/web", "Deployment/job");
    assertThat(hub.report().phase()).isEqualTo("running");
  }

  @Test
  void appliesAComponentAfterThoseItDependsOn() {
    var components =
        """
        - {name: web, type: webservice, properties: {image: nginx}, dependsOn: [db]}
        - {name: db, type: webservice, properties: {image: postgres}}
        """;
    var steps =
        """
        - name: all
          type: step-group
          subSteps:
          - {name: first, type: apply-component, properties: {component: web, cluster: east}}
          - {name: second, type: apply-component, properties: {component: db, cluster: east}}
        """;
    var hub = hub(components, WHERE, steps, "east").settle();
    assertThat(hub.names("east")).containsExactly("Deployment/db");
    assertThat(hub.step("first")).isEqualTo("pending: Pending on DependsOn: second");
    hub.report();
    assertThat(hub.names("east")).containsExactlyInAnyOrder("Deployment/db", "Deployment/web");
    assertThat(hub.report().phase()).isEqualTo("running");
  }

  @Test
  void leavesOutWhatIsExcepted() {
    var steps = "- {name: rest, type: apply-remaining, properties: {exceptions: [web]}}\n";
    var hub = hub(TWO, WHERE, steps, "east").settle();
    assertThat(hub.names("east")).containsExactly("Deployment/job");
  }

  private static final String EXPOSED =
      """
      - name: web
        type: webservice
        properties: {image: nginx}
        traits: [{type: expose, properties: {ports: [{port: 80}], type: %s}}]
      """;

  private static final String COLLECT =
      """
      - {name: put, type: deploy, properties: {policies: [where]}}
      - name: where-is-it
        type: collect-service-endpoints
        properties: {%s}
        outputs: [{name: url, valueFrom: value.url}]
      - {name: say, type: print-message-in-status, inputs: [{from: url, parameterKey: message}]}
      """;

  @Test
  void collectsWhereAServiceIsReachedInsideItsCluster() {
    var hub = hub(EXPOSED.formatted("ClusterIP"), WHERE, COLLECT.formatted(""), "east").settle();
    hub.report().report();
    assertThat(hub.step("say")).isEqualTo("succeeded: http://web.shop:80");
    assertThat(hub.phase()).isEqualTo("running");
  }

  @Test
  void collectsWhatALoadBalancerSaysWhenItSaysIt() {
    var hub =
        hub(
                EXPOSED.formatted("LoadBalancer"),
                WHERE,
                COLLECT.formatted("outer: true, protocal: https, port: 80"),
                "east")
            .settle();
    for (var round = 0; round < 4; round++) {
      hub.report(StepTypesTest::balanced, _ -> null);
    }
    assertThat(hub.step("say")).isEqualTo("succeeded: https://192.0.2.7:80");
    assertThat(hub.report(StepTypesTest::balanced, _ -> null).phase()).isEqualTo("running");
  }

  private static ObjectNode balanced(ObjectNode live) {
    if (live.path("kind").asString("").equals("Service")) {
      live.withObjectProperty("status")
          .putObject("loadBalancer")
          .putArray("ingress")
          .addObject()
          .put("ip", "192.0.2.7");
    }
    return FakeAgent.rolledOut(live);
  }

  @Test
  void waitsForAnEndpointThatIsMeant() {
    var hub =
        hub(EXPOSED.formatted("ClusterIP"), WHERE, COLLECT.formatted("outer: true"), "east")
            .settle();
    hub.report().report();
    assertThat(hub.step("where-is-it")).isEqualTo("running: no endpoint is known yet");
  }

  @Test
  void collectsOfNoOtherApplication() {
    var hub =
        hub(EXPOSED.formatted("ClusterIP"), WHERE, COLLECT.formatted("name: other"), "east")
            .settle();
    hub.report().report();
    assertThat(hub.step("where-is-it")).contains("only endpoints of the application itself");
  }

  private static final String ENVIRONMENTS =
      """
      - name: envs
        type: env-binding
        properties:
          envs:
          - {name: test, placement: {clusterSelector: {name: east}}, selector: {components: [job]}}
          - name: prod
            placement: {clusterSelector: {labels: {env: prod}}, namespaceSelector: {name: live}}
            patch: {components: [{name: web, type: webservice, properties: {image: 'nginx:2'}}]}
      """;

  @Test
  void deliversToOldEnvironments() {
    var steps =
        """
        - {name: test, type: deploy2env, properties: {policy: envs, env: test}}
        - {name: prod, type: deploy2env, properties: {env: prod}}
        """;
    var hub = hub(TWO, ENVIRONMENTS, steps, "east", "west").settle();
    assertThat(hub.names("east")).containsExactly("Deployment/job");
    assertThat(hub.clusters()).containsExactly("east");
    hub.report();
    assertThat(hub.images("west")).containsExactly("nginx:2", "busybox");
    assertThat(hub.report().phase()).isEqualTo("running");
    assertThat(hub.application.status().services())
        .extracting(service -> service.cluster() + " " + service.env())
        .contains("east test", "west prod");
  }

  @Test
  void deliversToOldEnvironmentsWithoutAWorkflow() {
    var spec = "components:\n" + TWO + "policies:\n" + ENVIRONMENTS;
    var hub = new FakeHub(Samples.web(spec), Samples.fleet("east", "west")).settle();
    assertThat(hub.clusters()).containsExactly("east", "west");
  }

  @Test
  void saysWhichEnvironmentsThereAre() {
    var steps = "- {name: qa, type: deploy2env, properties: {env: qa}}\n";
    var hub = hub(TWO, ENVIRONMENTS, steps, "east").settle();
    assertThat(hub.step("qa"))
        .isEqualTo(
            "failed: env: no env-binding policy has an environment \"qa\"; they have [test, prod]");
  }

  @Test
  void deliversToClustersByName() {
    var steps = "- {name: all, type: deploy2runtime, properties: {clusters: [west]}}\n";
    var hub = hub(TWO, WHERE, steps, "east", "west").settle();
    assertThat(hub.clusters()).containsExactly("west");
  }

  @Test
  void goesToTheClusterCalledLocalWhenNoneIsNamed() {
    var hub =
        new FakeHub(Samples.web("components:\n" + TWO), Samples.fleet("east", "local")).settle();
    assertThat(hub.clusters()).containsExactly("local");
  }

  private static Policy policy(String name, String type, String properties) {
    return Codec.decode(
        Yaml.parseAll(
                "metadata: {name: %s}\ntype: %s\nproperties: %s\n"
                    .formatted(name, type, properties))
            .getFirst(),
        Policy.class);
  }

  private static FakeHub besideHub() {
    var steps = "- {name: all, type: deploy, properties: {policies: [fleet, small]}}\n";
    var hub = hub(TWO, "[]\n".indent(2), steps, "east", "west");
    hub.policies.put("fleet", policy("fleet", "topology", "{clusters: [east]}"));
    hub.policies.put("small", policy("small", "override", "{selector: [job]}"));
    return hub;
  }

  @Test
  void deliversByPolicyObjectsThatStepsName() {
    var hub = besideHub().settle().report();
    assertThat(hub.names("east")).containsExactly("Deployment/job");
    hub.policies.put("fleet", policy("fleet", "topology", "{clusters: [west]}"));
    hub.settle().report();
    assertThat(hub.clusters()).containsExactly("west");
    assertThat(hub.revisions).hasSize(2);
    hub.policies.remove("small");
    hub.settle();
    assertThat(Samples.condition(hub.application.status(), "Workflow").message())
        .contains("there is no policy \"small\"", "no Policy object of the namespace");
  }

  @Test
  void whatIsPublishedKeepsItsPolicyObjects() {
    var hub = besideHub().annotate("app.oam.dev/publishVersion", "a").settle().report();
    hub.policies.put("fleet", policy("fleet", "topology", "{clusters: [west]}"));
    assertThat(hub.settle().clusters()).containsExactly("east");
    hub.annotate("app.oam.dev/publishVersion", "b").settle().report();
    assertThat(hub.clusters()).containsExactly("west");
  }

  @Test
  void makesAConnectionFromASecretWithoutReadingIt() {
    var steps =
        """
        - name: jdbc
          type: generate-jdbc-connection
          properties: {name: db-conn}
          outputs: [{name: env, valueFrom: env}]
        - name: apply
          type: apply-component
          inputs: [{from: env, parameterKey: env}]
          properties: {component: web, cluster: east}
        """;
    var hub =
        hub(
                """
                - name: web
                  type: webservice
                  properties: {image: nginx}
                """,
                WHERE,
                steps,
                "east")
            .settle();
    assertThat(hub.step("jdbc")).startsWith("succeeded");
    assertThat(hub.application.status().workflow()).isNotNull();
    assertThat(hub.application.status().workflow().outputs().get("env").toString())
        .contains("jdbc://$(DB_HOST):$(DB_PORT)/$(DB_NAME)?characterEncoding=utf8&useSSL=false")
        .contains(
            "{\"name\":\"password\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"db-conn\",\"key\":\"DB_PASSWORD\"}}}");
  }

  private static String read(String where) {
    return """
    - name: look
      type: read-object
      properties: {apiVersion: v1, kind: ConfigMap, name: size, %s}
      outputs:
      - {name: image, valueFrom: 'output.$returns.value.data["image"]'}
    - name: apply
      type: apply-object
      inputs: [{from: image, parameterKey: value.data.image}]
      properties:
        cluster: east
        value: {apiVersion: v1, kind: ConfigMap, metadata: {name: copy}}
    """
        .formatted(where);
  }

  @Test
  void readsAnObjectOfTheHub() {
    var hub = hub(TWO, WHERE, read("namespace: shop"), "east");
    hub.objects.put(
        "configmaps size", Yaml.parseAll("{kind: ConfigMap, data: {image: nginx}}").getFirst());
    hub.settle();
    assertThat(manifest(hub, "copy").at("/data/image").asString("")).isEqualTo("nginx");
  }

  @Test
  void readsNoObjectOfAnotherNamespaceOfTheHub() {
    var hub = hub(TWO, WHERE, read("namespace: other"), "east").settle();
    assertThat(hub.step("look")).contains("in the application's own namespace, shop, only");
  }

  @Test
  void readsAnObjectOfAClusterByLookingAtIt() {
    var hub = hub(TWO, WHERE, read("namespace: shop, cluster: east"), "east").settle();
    var work = hub.works.values().iterator().next();
    assertThat(hub.names("east")).containsExactly("ConfigMap/size");
    assertThat(Json.tree(work.spec().manifestConfigs()).toString())
        .contains("ReadOnly", "data.image")
        .doesNotContain("namespaces"); // none is made for what is only looked at
    hub.report(
        live -> {
          live.putObject("data").put("image", "nginx:live");
          return live;
        },
        _ -> null);
    assertThat(manifest(hub, "copy").at("/data/image").asString("")).isEqualTo("nginx:live");
  }

  private static JsonNode manifest(FakeHub hub, String name) {
    return hub.works.values().stream()
        .flatMap(work -> Works.manifests(work).stream())
        .filter(manifest -> ManifestIdentity.of(manifest).name().equals(name))
        .findFirst()
        .orElse(Json.object());
  }

  /// However the kind is spelled: the hub finds the resource by it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind: Secret, name: x, cluster: east",
        "kind: Secret, name: x, namespace: shop",
        "kind: secret, name: x, namespace: shop",
        "kind: SECRET, name: x, namespace: shop"
      })
  void readsNoSecrets(String object) {
    var steps =
        "- {name: look, type: read-object, properties: {apiVersion: v1, %s}}\n".formatted(object);
    assertThat(hub(TWO, WHERE, steps, "east").settle().step("look"))
        .contains("Secrets are not read");
  }

  private static final String HOOK =
      """
      - name: tell
        type: notification
        properties:
          slack: {url: {secretRef: {name: hooks, key: slack}}, message: {text: hello}}
      """;

  @Test
  void takesAUrlFromASecretAndNeverShowsIt() {
    var hub = hub(TWO, WHERE, HOOK, "east").settle();
    assertThat(hub.step("tell"))
        .startsWith("failed: slack.url: Secret hooks in namespace shop has no key \"slack\"");
    hub.secrets.put("hooks/slack", "https://hooks.example/T0KEN");
    hub.answer = 500;
    hub.after(java.time.Duration.ofMinutes(1));
    assertThat(hub.questions).last().satisfies(q -> assertThat(q.url()).endsWith("T0KEN"));
    assertThat(hub.step("tell"))
        .isEqualTo("failed: POST the URL in key slack of Secret hooks answered with status 500");
    assertThat(hub.questions.getLast().toString()).doesNotContain("T0KEN");
    assertThat(Json.tree(hub.application.status()).toString()).doesNotContain("T0KEN");
  }

  @Test
  void sendsHeaders() {
    var steps =
        """
        - name: ask
          type: request
          properties: {url: 'http://svc/x', header: {X-Team: blue, Authorization: Bearer x}}
        """;
    var hub = hub(TWO, WHERE, steps, "east").settle();
    assertThat(hub.questions.getLast().headers())
        .isEqualTo(Map.of("x-team", "blue", "authorization", "Bearer x"));
    assertThat(hub.step("ask")).startsWith("succeeded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{Host: x}", "{'a b': x}", "{X-A: \"a\\r\\nHost: y\"}"})
  void refusesHeadersThatAreNone(String header) {
    var steps =
        """
        - {name: ask, type: request, properties: {url: 'http://svc/x', header: %s}}
        """
            .formatted(header);
    var hub = hub(TWO, WHERE, steps, "east").settle();
    assertThat(hub.step("ask")).startsWith("failed: header: ");
    assertThat(hub.questions).isEmpty();
  }

  @Test
  void saysWhyATypeOfTheCoreChartIsNotExecuted() {
    for (var type : List.of("clean-jobs", "vela-cli", "build-push-image", "create-config")) {
      var faults =
          Steps.faults(
              hub(TWO, WHERE, "- {name: x, type: %s}\n".formatted(type), "east").application,
              Samples.DEFINITIONS);
      assertThat(faults)
          .singleElement()
          .satisfies(fault -> assertThat(fault.message()).contains(type, "; "));
    }
  }
}
