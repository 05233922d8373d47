package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.apiserver.server.Security;
import io.nave.certs.Authority;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.certs.Succession;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import io.nave.registration.hub.HubAuthority;
import io.nave.registration.hub.RegistrationPolicy;
import io.nave.runtime.RealHost;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import io.nave.store.EmbeddedStore;
import io.nave.store.Limits;
import io.nave.store.MemoryEngine;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: nobody has a work applied in the name of someone they may not act as, nor with the
///   agents' own rights where the hub asks for an executor (`nave hub --require-executor`), whether
///   they write the work or the replica set that makes it (spec/ocm-behaviour.md §7.1 step 3).
/// - Method: two hubs but for their sockets, with and without that switch; Jane may write works and
///   sets, and execute as `shop:deployer` in the namespace `east`; Otto may execute as it anywhere
///   and without an executor too.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecutorAdmissionIT {
  private static final String RIGHTS =
      """
      kind: ClusterRole
      metadata: {name: writer}
      rules:
      - {apiGroups: [work.open-cluster-management.io], resources: [manifestworks, manifestworkreplicasets], verbs: [create]}
      - {apiGroups: [core.oam.dev], resources: [applications], verbs: [create]}
      ---
      kind: ClusterRole
      metadata: {name: deployer}
      rules:
      - {apiGroups: [work.open-cluster-management.io], resources: [manifestworks], verbs: [execute-as], resourceNames: ['system:serviceaccount:shop:deployer']}
      ---
      kind: ClusterRole
      metadata: {name: agent}
      rules:
      - {apiGroups: [work.open-cluster-management.io], resources: [manifestworks], verbs: [execute-as], resourceNames: ['system:serviceaccount::klusterlet-work-sa']}
      ---
      kind: ClusterRoleBinding
      metadata: {name: writers}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: writer}
      subjects: [{kind: User, name: jane}, {kind: User, name: otto}]
      ---
      kind: ClusterRoleBinding
      metadata: {name: otto-deploys}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: deployer}
      subjects: [{kind: User, name: otto}]
      ---
      kind: ClusterRoleBinding
      metadata: {name: otto-needs-none}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: agent}
      subjects: [{kind: User, name: otto}]
      ---
      kind: RoleBinding
      metadata: {name: jane-deploys, namespace: east}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: deployer}
      subjects: [{kind: User, name: jane}]
      """;

  private final RealHost host = RealHost.start("hub");
  private final KeyPair keys = KeyPairs.generate(host.secureRandom());
  private final Authority authority = Authority.create(host, "test", Duration.ofDays(1));
  private final HubCore open = hub(false);
  private final HubCore strict = hub(true);
  private int written;

  private HubCore hub(boolean executorRequired) {
    var bundle = authority.bundle();
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return new HubCore(
        host,
        EmbeddedStore.open(host, new MemoryEngine(), Limits.defaults(), metrics),
        null,
        HubAuthority.fixed(Succession.of(authority)),
        () -> bundle,
        RegistrationPolicy.usual(),
        HubConfig.GIT_VERSION,
        Security.plain(host),
        executorRequired,
        metrics);
  }

  @BeforeAll
  void giveRights() {
    for (var hub : List.of(open, strict)) {
      var admin = hub.client("test");
      for (var name : List.of("east", "west", "shop")) {
        admin.create(HubKinds.NAMESPACE, ApiObject.named(HubKinds.NAMESPACE, "", name));
      }
      Yaml.parseAll(RIGHTS).forEach(each -> create(admin, each));
    }
  }

  private static void create(ApiClient admin, ObjectNode tree) {
    var type =
        switch (tree.path("kind").asString("")) {
          case "ClusterRole" -> HubKinds.CLUSTER_ROLE;
          case "ClusterRoleBinding" -> HubKinds.CLUSTER_ROLE_BINDING;
          default -> HubKinds.ROLE_BINDING;
        };
    admin.create(type, ApiObject.of(tree.put("apiVersion", type.apiVersion())));
  }

  @AfterAll
  void stop() {
    open.close();
    strict.close();
    host.close();
  }

  @ParameterizedTest(name = "{0} hub, {1}: {2} in {3} as {4}: {5}")
  @CsvSource(
      delimiter = '|',
      value = {
        // in someone's name: asked for in the namespace of the work
        "open   | jane | manifestworks           | east | deployer | 201",
        "open   | jane | manifestworks           | west | deployer | 400",
        "open   | jane | manifestworks           | east | root     | 400",
        "open   | otto | manifestworks           | west | deployer | 201",
        "strict | jane | manifestworks           | east | deployer | 201",
        "strict | jane | manifestworks           | west | deployer | 400",
        // with the agent's own rights
        "open   | jane | manifestworks           | east | -        | 201",
        "strict | jane | manifestworks           | east | -        | 400",
        "strict | otto | manifestworks           | east | -        | 201",
        // a set makes works in any cluster
        "open   | jane | manifestworkreplicasets | shop | deployer | 400",
        "open   | otto | manifestworkreplicasets | shop | deployer | 201",
        "open   | jane | manifestworkreplicasets | shop | -        | 201",
        "strict | jane | manifestworkreplicasets | shop | -        | 400",
        "strict | otto | manifestworkreplicasets | shop | -        | 201",
      })
  void whoeverWritesMustBeAllowedToExecuteAs(
      String hub, String user, String resource, String namespace, String executor, int status) {
    var answer = write(hub.equals("open") ? open : strict, user, resource, namespace, executor);
    assertThat(answer.status()).as(text(answer)).isEqualTo(status);
    if (status == 400) {
      assertThat(text(answer))
          .contains("user " + user + " cannot manipulate the Manifestwork with executor");
    }
  }

  /// One that names an account may only do less than the agents, so an open hub asks nobody.
  @ParameterizedTest(name = "{0} hub, {1} as {2}: {3}")
  @CsvSource({
    "open, jane, -, 201",
    "strict, jane, -, 400",
    "strict, otto, -, 201",
    "open, jane, root, 201",
    "strict, jane, deployer, 400",
    "strict, otto, deployer, 201",
    "strict, otto, root, 400",
    "open, jane, 'no name', 422",
  })
  void whoeverWritesAnApplicationMustBeAllowedToActAsWhoItNames(
      String hub, String user, String account, int status) {
    var application = Json.object();
    var meta = application.putObject("metadata").put("name", "a" + written++);
    if (!account.equals("-")) {
      meta.putObject("annotations").put("app.oam.dev/service-account-name", account);
    }
    var component = application.putObject("spec").putArray("components").addObject();
    component.put("name", "web").put("type", "webservice");
    component.putObject("properties").put("image", "nginx");
    var answer =
        post(
            hub.equals("open") ? open : strict,
            user,
            "/apis/core.oam.dev/v1beta1/namespaces/shop/applications",
            Json.text(application));
    assertThat(answer.status()).as(text(answer)).isEqualTo(status);
    if (status == 400) {
      assertThat(text(answer)).contains("execute-as manifestworks system:serviceaccount:");
    }
  }

  private Transport.Response write(
      HubCore hub, String user, String resource, String namespace, String executor) {
    var manifest =
        Json.parse("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"}}");
    var spec = Json.object();
    spec.putObject("workload").putArray("manifests").add(manifest);
    if (!executor.equals("-")) {
      spec.putObject("executor")
          .putObject("subject")
          .put("type", "ServiceAccount")
          .putObject("serviceAccount")
          .put("namespace", "shop")
          .put("name", executor);
    }
    var body = Json.object();
    body.putObject("metadata").put("name", "w" + written++);
    if (resource.equals("manifestworks")) {
      body.set("spec", spec);
    } else {
      var set = body.putObject("spec");
      set.set("manifestWorkTemplate", spec);
      set.putArray("placementRefs").addObject().put("name", "all");
    }
    var version = resource.equals("manifestworks") ? "v1" : "v1alpha1";
    var target =
        "/apis/work.open-cluster-management.io/%s/namespaces/%s/%s"
            .formatted(version, namespace, resource);
    return post(hub, user, target, Json.text(body));
  }

  private Transport.Response post(HubCore hub, String user, String target, String body) {
    var credential =
        authority.issueClient(new Identity(user, List.of()), keys, Duration.ofHours(1));
    var peer = new Service.Peer(credential.chain(), "test");
    var request =
        new Transport.Request(
            "POST",
            target,
            Map.of("content-type", "application/json"),
            body.getBytes(StandardCharsets.UTF_8));
    return ((Service.Reply.Full) hub.door().handle(request, peer)).response();
  }

  private static String text(Transport.Response answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
