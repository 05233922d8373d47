package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.certs.Authority;
import io.nave.certs.CertificateRequest;
import io.nave.certs.Credential;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.RealHost;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import io.nave.store.MemoryEngine;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// - Goal: an agent gets what is its own and nothing else; what a person gets wrong is said.
/// - Method: a whole hub but for its socket; requests with certificates of its own authority.
class HubCoreIT {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final Duration LIFETIME = Duration.ofDays(1);

  private static RealHost host;
  private static Authority authority;
  private static HubCore hub;

  @BeforeAll
  static void startWithTwoAcceptedClustersAndOneThatIsNot() {
    host = RealHost.start("hub");
    authority = Authority.create(host, "test", LIFETIME);
    hub =
        HubCore.start(
            host,
            new MemoryEngine(),
            authority,
            HubConfig.GIT_VERSION,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    var admin = hub.client("test");
    for (var name : List.of("east", "west", "unaccepted")) {
      admin.create(CLUSTER, ApiObject.named(CLUSTER, "", name));
    }
    for (var name : List.of("east", "west")) {
      admin.patch(
          CLUSTER,
          Key.of(name),
          "",
          Patch.merge(body -> body.putObject("spec").put("hubAcceptsClient", true)));
      await(name);
    }
  }

  private static void await(String cluster) {
    for (var i = 0; i < 6000; i++) {
      var conditions = hub.client("test").get(CLUSTER, Key.of(cluster)).status().path("conditions");
      if (conditions.valueStream().anyMatch(c -> c.path("status").asString("").equals("True"))) {
        return;
      }
      host.sleep(Duration.ofMillis(10));
    }
    throw new AssertionError("cluster " + cluster + " was not accepted in a minute");
  }

  @AfterAll
  static void stop() {
    hub.close();
    host.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "east       | GET | /apis/cluster.open-cluster-management.io/v1/managedclusters/east | 200",
        "east       | GET | /apis/cluster.open-cluster-management.io/v1/managedclusters/west | 403",
        "east       | GET | /apis/cluster.open-cluster-management.io/v1/managedclusters | 403",
        "east       | GET | /apis/work.open-cluster-management.io/v1/namespaces/east/manifestworks | 200",
        "east       | GET | /apis/work.open-cluster-management.io/v1/namespaces/west/manifestworks | 403",
        "east       | GET | /apis/work.open-cluster-management.io/v1/manifestworks | 403",
        "east       | GET | /apis/certificates.k8s.io/v1/certificatesigningrequests | 200",
        "east       | GET | /apis/certificates.k8s.io/v1/certificatesigningrequests?labelSelector=open-cluster-management.io%2Fcluster-name%3Deast | 200",
        "east       | GET | /apis/certificates.k8s.io/v1/certificatesigningrequests?labelSelector=open-cluster-management.io%2Fcluster-name%3Dwest | 403",
        "east       | GET | /apis/coordination.k8s.io/v1/namespaces/east/leases/managed-cluster-lease | 200",
        "east       | GET | /apis/coordination.k8s.io/v1/namespaces/west/leases/managed-cluster-lease | 403",
        "east       | GET | /api/v1/namespaces/east/secrets | 403",
        "east       | GET | /api/v1/namespaces/kube-system/secrets | 403",
        "east       | DELETE | /apis/cluster.open-cluster-management.io/v1/managedclusters/east | 403",
        "east       | DELETE | /apis/work.open-cluster-management.io/v1/namespaces/east/manifestworks/x | 403",
        "unaccepted | GET | /apis/cluster.open-cluster-management.io/v1/managedclusters/unaccepted | 403",
        "unaccepted | GET | /apis/work.open-cluster-management.io/v1/namespaces/unaccepted/manifestworks | 403",
        "unaccepted | GET | /api/v1/namespaces | 403",
        "unaccepted | GET | /apis/cluster.open-cluster-management.io/v1/managedclusters/east | 403",
      })
  void anAgentGetsItsOwnAndNothingElse(String agent, String method, String target, int status) {
    assertThat(request(agentOf(agent), method, target, "").status()).isEqualTo(status);
  }

  /// - Goal: agent A's certificate against every verb and kind of agent B: nothing allowed.
  /// - Method: all kinds the hub serves, in B's namespace and about B's cluster-wide objects, with
  ///   every verb of HTTP; no answer is a success, and no body holds anything of B.
  @Test
  void noVerbOnNoKindOfAnotherAgentIsAllowed() {
    var west = agentOf("west");
    var asked = 0;
    for (var type : hub.api().types()) {
      var base = type.group().isEmpty() ? "/api/" : "/apis/" + type.group() + "/";
      var collection =
          base + type.version() + (type.namespaced() ? "/namespaces/east/" : "/") + type.plural();
      var name = nameOfEast(type.plural());
      var body = "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{}}";
      for (var target :
          List.of(
              collection,
              collection + "?watch=true&timeoutSeconds=1",
              collection + "?labelSelector=open-cluster-management.io%2Fcluster-name%3Deast",
              collection + "?fieldSelector=metadata.name%3D" + name,
              collection + "/" + name,
              collection + "/" + name + "/status",
              collection + "/" + name + "/approval",
              collection + "/" + name + "/token",
              collection + "/" + name + "/scale",
              collection + "/" + name + "/explain")) {
        for (var method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
          if (isAPublicQuestion(type.plural(), method, target, collection)
              || isAListOfOnesOwn(type.plural(), method, target)) {
            continue;
          }
          var status = statusOf(west, method, target, body);
          assertThat(status).as("%s %s", method, target).isGreaterThanOrEqualTo(400);
          asked++;
        }
      }
    }
    assertThat(asked).isGreaterThan(400);
  }

  /// Asking what oneself may do is everybody's right, and a request made out to another cluster is
  /// denied by what it says (`NamePairsTest`).
  private static boolean isAPublicQuestion(
      String plural, String method, String target, String collection) {
    return method.equals("POST")
        && target.startsWith(collection)
        && !target.substring(collection.length()).startsWith("/")
        && (plural.startsWith("selfsubject") || plural.equals("certificatesigningrequests"));
  }

  /// Whoever names no cluster is shown the certificate requests it made itself; that these are all
  /// is for [#whoNamesNoClusterIsShownItsOwnRequestsOnly].
  private static boolean isAListOfOnesOwn(String plural, String method, String target) {
    return plural.equals("certificatesigningrequests")
        && method.equals("GET")
        && target.startsWith(REQUESTS)
        && !target.startsWith(REQUESTS + "/")
        && !target.contains("labelSelector");
  }

  @Test
  void whoNamesNoClusterIsShownItsOwnRequestsOnly() {
    var keys = KeyPairs.generate(host.secureRandom());
    var identity = identityOf("east");
    var pem =
        CertificateRequest.create(keys, identity.commonName(), identity.organisations()).toPem();
    var body = Json.object().put("apiVersion", "certificates.k8s.io/v1");
    body.put("kind", "CertificateSigningRequest");
    body.putObject("metadata")
        .put("name", "east-again")
        .putObject("labels")
        .put(ManagedCluster.NAME_LABEL, "east");
    var spec = body.putObject("spec");
    spec.put("signerName", "kubernetes.io/kube-apiserver-client");
    spec.putArray("usages").add("digital signature").add("key encipherment").add("client auth");
    spec.put("request", Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8)));
    var made = request(agentOf("east"), "POST", REQUESTS, Json.text(body));
    assertThat(made.status()).as(text(made)).isEqualTo(201);

    for (var fields : List.of("", "?fieldSelector=metadata.name%3Deast-again")) {
      assertThat(text(request(agentOf("east"), "GET", REQUESTS + fields, "")))
          .contains("east-again");
      var others = request(agentOf("west"), "GET", REQUESTS + fields, "");
      assertThat(others.status()).isEqualTo(200);
      assertThat(text(others)).doesNotContain("east");
    }
    var asEast =
        REQUESTS + "?fieldSelector=spec.username%3D" + identity.commonName().replace(":", "%3A");
    assertThat(text(request(agentOf("west"), "GET", asEast, ""))).doesNotContain("east");
  }

  private static int statusOf(Service.Peer peer, String method, String target, String body) {
    var type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    var request =
        new Transport.Request(
            method, target, Map.of("content-type", type), body.getBytes(StandardCharsets.UTF_8));
    return switch (hub.door().handle(request, peer)) {
      case Service.Reply.Full full -> full.response().status();
      default -> 200; // a stream was opened
    };
  }

  private static String nameOfEast(String plural) {
    return switch (plural) {
      case "clusterroles", "clusterrolebindings" -> "open-cluster-management:managedcluster:east";
      case "rolebindings" -> "open-cluster-management:managedcluster:east:work";
      case "leases" -> "managed-cluster-lease";
      default -> "east";
    };
  }

  @Test
  void anAgentComesBackAfterItsCertificateEndedAndMayOnlyAskForANewOne() {
    var identity = identityOf("east");
    var keys = KeyPairs.generate(host.secureRandom());
    var gone = new Service.Peer(ended(authority, identity, keys).chain(), "test");
    var requests =
        "/apis/certificates.k8s.io/v1/certificatesigningrequests?labelSelector=open-cluster-management.io%2Fcluster-name%3D";

    assertThat(request(gone, "GET", requests + "east", "").status()).isEqualTo(200);
    assertThat(request(gone, "GET", requests + "west", "").status()).isEqualTo(403);
    for (var target :
        List.of(
            "/apis/cluster.open-cluster-management.io/v1/managedclusters/east",
            "/apis/work.open-cluster-management.io/v1/namespaces/east/manifestworks",
            "/apis/coordination.k8s.io/v1/namespaces/east/leases/managed-cluster-lease")) {
      assertThat(request(gone, "GET", target, "").status()).as(target).isEqualTo(403);
    }
    var stranger = Authority.create(host, "test", LIFETIME);
    var forged = new Service.Peer(ended(stranger, identity, keys).chain(), "test");
    assertThat(request(forged, "GET", requests + "east", "").status()).isEqualTo(401);
    var other =
        new Service.Peer(
            ended(authority, new Identity("admin", List.of("system:masters")), keys).chain(),
            "test");
    assertThat(request(other, "GET", requests + "east", "").status()).isEqualTo(401);
  }

  /// A certificate that was good for a moment; the hub's clock is the real one.
  private static Credential ended(Authority by, Identity identity, KeyPair keys) {
    var credential = by.issueClient(identity, keys, Duration.ofMillis(1));
    host.sleep(Duration.ofMillis(1100)); // X.509 counts in seconds
    return credential;
  }

  @Test
  void withoutACredentialThereIsOnlyHealthAndVersion() {
    var nobody = new Service.Peer(List.of(), "test");

    assertThat(request(nobody, "GET", "/healthz", "").status()).isEqualTo(200);
    assertThat(request(nobody, "GET", "/readyz", "").status()).isEqualTo(200);
    assertThat(request(nobody, "GET", "/version", "").status()).isEqualTo(200);
    assertThat(request(nobody, "GET", "/metrics", "").status()).isEqualTo(401);
    assertThat(request(nobody, "GET", "/api/v1/namespaces", "").status()).isEqualTo(401);
  }

  @Test
  void metricsOfEveryPartAreThere() {
    assertThat(text(request(administrator(), "GET", "/metrics", "")))
        .contains(
            "hub_api_requests_total", "hub_store_commits_total", "hub_controller_reconciles_total");
  }

  @Test
  void anApplicationOfAnUnknownTypeIsRefusedWithThePath() {
    var answer =
        request(
            administrator(),
            "POST",
            "/apis/core.oam.dev/v1beta1/namespaces/default/applications",
            """
            {"apiVersion":"core.oam.dev/v1beta1","kind":"Application","metadata":{"name":"a"},
             "spec":{"components":[{"name":"web","type":"webservce"}]}}
            """);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(text(answer))
        .contains("spec.components[0].type", "webservce", "is unknown; did you mean webservice?");
  }

  /// - Goal: a wrong definition is not stored; a good one is what applications can name at once.
  @Test
  void definitionsAreCheckedAndThenKnown() {
    var definitions = "/apis/core.oam.dev/v1beta1/namespaces/default/componentdefinitions";
    var definition =
        """
        {"apiVersion":"core.oam.dev/v1beta1","kind":"ComponentDefinition","metadata":{"name":"note"},
         "spec":{"schematic":{"nave":{"output":{"apiVersion":"v1","kind":"ConfigMap",
           "data":{"from":"${%s.appName}"}}}}}}
        """;
    var wrong = request(administrator(), "POST", definitions, definition.formatted("contxt"));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(text(wrong))
        .contains("spec.schematic.nave.output.data.from", "undeclared reference to 'contxt'");

    var good = request(administrator(), "POST", definitions, definition.formatted("context"));
    assertThat(good.status()).isEqualTo(201);
    var application =
        request(
            administrator(),
            "POST",
            "/apis/core.oam.dev/v1beta1/namespaces/default/applications",
            """
            {"apiVersion":"core.oam.dev/v1beta1","kind":"Application","metadata":{"name":"noted"},
             "spec":{"components":[{"name":"note","type":"note"}]}}
            """);
    assertThat(application.status()).isEqualTo(201);
  }

  @Test
  void aWorkWithTheSameObjectTwiceIsRefused() {
    var manifest = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}";
    var answer =
        request(
            administrator(),
            "POST",
            "/apis/work.open-cluster-management.io/v1/namespaces/east/manifestworks",
            "{\"metadata\":{\"name\":\"w\"},\"spec\":{\"workload\":{\"manifests\":["
                + manifest
                + ","
                + manifest
                + "]}}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(text(answer)).contains("duplicate manifest for resource");
  }

  @Test
  void aBindingIsNamedLikeItsSet() {
    var answer =
        request(
            administrator(),
            "POST",
            "/apis/cluster.open-cluster-management.io/v1beta2/namespaces/default/managedclustersetbindings",
            "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"clusterSet\":\"default\"}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(text(answer)).contains("spec.clusterSet: must be the name of the binding (b)");
  }

  @Test
  void acceptingNeedsTheRightToAccept() {
    // An agent may update its own ManagedCluster, but not let itself in.
    var answer =
        request(
            agentOf("unaccepted"),
            "PATCH",
            "/apis/cluster.open-cluster-management.io/v1/managedclusters/unaccepted",
            "{\"spec\":{\"hubAcceptsClient\":true}}");

    assertThat(answer.status()).isEqualTo(403);
  }

  private static Service.Peer agentOf(String cluster) {
    return peer(identityOf(cluster));
  }

  private static Identity identityOf(String cluster) {
    return new Identity(
        "system:open-cluster-management:" + cluster + ":agent",
        List.of(
            "system:open-cluster-management:" + cluster,
            "system:open-cluster-management:managed-clusters"));
  }

  private static Service.Peer administrator() {
    return peer(new Identity("admin", List.of("system:masters")));
  }

  private static Service.Peer peer(Identity identity) {
    var keys = KeyPairs.generate(host.secureRandom());
    return new Service.Peer(authority.issueClient(identity, keys, LIFETIME).chain(), "test");
  }

  private static Transport.Response request(
      Service.Peer peer, String method, String target, String body) {
    var type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    var request =
        new Transport.Request(
            method, target, Map.of("content-type", type), body.getBytes(StandardCharsets.UTF_8));
    return ((Service.Reply.Full) hub.door().handle(request, peer)).response();
  }

  private static String text(Transport.Response answer) {
    var text = new String(answer.body(), StandardCharsets.UTF_8);
    return answer.status() >= 400 ? Json.parse(text).path("message").asString("") : text;
  }
}
