package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Events;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.server.Security;
import io.nave.certs.Authority;
import io.nave.certs.CertificateRequest;
import io.nave.certs.Certificates;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.certs.Succession;
import io.nave.controllers.ApiClient;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.registration.hub.BootstrapTokens;
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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: an unmodified Go agent of Open Cluster Management joins and runs: every row of the
///   conformance checklist (spec §15) is a step here.
/// - Method: the requests that client-go 0.35 sends (spec §10): its headers and parameters,
///   built-in kinds in protobuf, merge patches with uid and resourceVersion; to a whole hub but for
///   its socket, by a bootstrap token first and by the certificate it got for it afterwards.
///
/// | row of spec §15 | step | elsewhere |
/// | --- | --- | --- |
/// | 1 client certificates and tokens; CN and O | `row01…`, and every step after `row02And05…` | on a real TLS socket: `HubIT` |
/// | 2 protobuf: CSR, Lease, Event, SSAR, TokenRequest | `row02And05…`, `row08…`, `row02AccessReviews…`, `row02Events…`, `row02Tokens…` | all kinds: `ProtobufBodyTest` |
/// | 3 WatchList | `row03…` | |
/// | 4 create and read a ManagedCluster, its defaults | `row04…` (twice) | |
/// | 5 request to certificate, watched by label | `row02And05…`, `row03…` | its refusals: `RequestCheckTest`, `NamePairsTest` |
/// | 6 what acceptance makes | `row06…` | `AcceptancePlanTest` |
/// | 7 status patch with uid and resourceVersion | `row07…` | |
/// | 8 lease | `row08…` | |
/// | 9 Unknown after 5 leases, taint, no decision | `row09…` | `AvailabilityDecisionTest` |
/// | 10 add-ons where there are none | `row10…` (and where there is one) | |
/// | 11 work: finalizer, status, feedback | `row11And12…` | |
/// | 12 a deleted work waits for its agent | `row11And12…` | |
/// | 13 denied: 403 but for its own cluster | `row13…` | any other agent's: `HubCoreIT` |
/// | 14 renewal by itself | `row14…` | `RequestApprovalDecisionTest` |
/// | 15 410, rising numbers, 409, generation | `row15…`, `row07…` | `RegistryReadTest` |
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpstreamAgentIT {
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
  private static final String CLUSTERS =
      "/apis/cluster.open-cluster-management.io/v1/managedclusters";
  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/c1/leases/managed-cluster-lease";
  private static final String WORKS =
      "/apis/work.open-cluster-management.io/v1/namespaces/c1/manifestworks";
  private static final String ADD_ONS =
      "/apis/addon.open-cluster-management.io/v1beta1/namespaces/c1/managedclusteraddons";
  private static final String WATCH_LIST =
      "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
          + "&timeoutSeconds=361&timeout=6m1s";
  private static final String FEEDBACK =
      """
      {'resourceMeta': {'ordinal': 0, 'version': 'v1', 'kind': 'ConfigMap', 'resource': 'configmaps',
        'namespace': 'default', 'name': 'a'},
       'conditions': [{'type': 'Applied', 'status': 'True', 'reason': 'AppliedManifestComplete',
         'message': '', 'lastTransitionTime': '2026-01-01T00:00:00Z'}],
       'statusFeedback': {'values': [{'name': 'n',
         'fieldValue': {'type': 'Integer', 'integer': 3}}]}}
      """;

  /// So short that a test can make an agent fall behind it.
  private static final int CHANGES_REMEMBERED = 1_000;

  private static final Limits SHORT_MEMORY =
      Limits.defaults().withHistory(CHANGES_REMEMBERED, 64 << 20);

  private static final ResourceType BINDING = ResourceType.of(ManagedClusterSetBinding.class);
  private static final ResourceType PLACEMENT = ResourceType.of(Placement.class);
  private static final ResourceType DECISION = ResourceType.of(PlacementDecision.class);
  private static final Service.Peer NO_CERTIFICATE = new Service.Peer(List.of(), "agent");
  private static final AgentIdentity AGENT = new AgentIdentity("c1", "a1");

  private final RealHost host = RealHost.start("hub");
  private final KeyPair keys = KeyPairs.generate(host.secureRandom());
  private HubCore hub;
  private ApiClient admin;
  private Authority authority;
  private String token = "";
  private Service.Peer agent = NO_CERTIFICATE;

  @BeforeAll
  void start() {
    authority = Authority.create(host, "test", Duration.ofDays(1));
    var bundle = authority.bundle();
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    hub =
        new HubCore(
            host,
            EmbeddedStore.open(host, new MemoryEngine(), SHORT_MEMORY, metrics),
            null,
            HubAuthority.fixed(Succession.of(authority)),
            () -> bundle,
            RegistrationPolicy.usual(),
            HubConfig.GIT_VERSION,
            Security.plain(host),
            false,
            metrics);
    hub.begin(null);
    admin = hub.client("test");
    var made = BootstrapTokens.create(host, Duration.ofHours(1), "test");
    admin.create(HubKinds.SECRET, made.secret());
    token = made.token();
    until("the bootstrap role", () -> send("GET", CLUSTERS + "/c1", "", null).status() == 404);
  }

  @AfterAll
  void stop() {
    hub.close();
    host.close();
  }

  @Test
  @Order(1)
  void row01TokensAndCertificatesSayWhoAsks() {
    assertThat(send("GET", CLUSTERS + "/c1", "", null).status()).isEqualTo(404);
    var stranger = Map.of("authorization", "Bearer abcdef.0123456789abcdef");
    assertThat(raw(NO_CERTIFICATE, "GET", CLUSTERS + "/c1", stranger, new byte[0]).status())
        .isEqualTo(401);
  }

  @Test
  @Order(4)
  void row04AClusterIsCreatedWithItsDefaults() {
    var made =
        send(
            "POST",
            CLUSTERS,
            "application/json",
            "{\"kind\":\"ManagedCluster\",\"apiVersion\":\"cluster.open-cluster-management.io/v1\",\"metadata\":{\"name\":\"c1\"},\"spec\":{\"hubAcceptsClient\":false},\"status\":{\"conditions\":null,\"version\":{}}}");
    assertThat(made.status()).isEqualTo(201);
    var cluster = json(send("GET", CLUSTERS + "/c1", "", null));
    assertThat(cluster.at("/spec/leaseDurationSeconds").asInt(0)).isEqualTo(60);
    var again = send("POST", CLUSTERS, "application/json", "{\"metadata\":{\"name\":\"c1\"}}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(json(again).at("/reason").asString("")).isEqualTo("AlreadyExists");
  }

  @Test
  @Order(5)
  void row03WatchListsEndTheirBeginning() {
    var first = watch(CLUSTERS + "?fieldSelector=metadata.name%3Dc1&" + WATCH_LIST);
    assertThat(first).hasSizeGreaterThanOrEqualTo(2);
    assertThat(first.getFirst().at("/type").asString("")).isEqualTo("ADDED");
    assertThat(first.getFirst().at("/object/metadata/name").asString("")).isEqualTo("c1");
    var mark = first.get(1);
    assertThat(mark.at("/type").asString("")).isEqualTo("BOOKMARK");
    assertThat(mark.at("/object/kind").asString("")).isEqualTo("ManagedCluster");
    assertThat(mark.at("/object/metadata/annotations/k8s.io~1initial-events-end").asString(""))
        .isEqualTo("true");
    assertThat(mark.at("/object/metadata/resourceVersion").asString("")).matches("[0-9]+");
    var requests =
        watch(
            REQUESTS
                + "?labelSelector=open-cluster-management.io%2Fcluster-name%3Dc1&"
                + WATCH_LIST);
    assertThat(requests.getFirst().at("/type").asString("")).isEqualTo("BOOKMARK");
  }

  @Test
  @Order(6)
  void row02And05ARequestInProtobufIsApprovedAndSigned() {
    var name = ask();
    assertThat(status(name).path("certificate").asString("")).isEmpty();
    // Agents of 2024 look for it without a label.
    var seen = json(send("GET", REQUESTS + "?limit=500&resourceVersion=0", "", null));
    assertThat(seen.at("/items/0/metadata/name").asString("")).isEqualTo(name);
    admin.patch(
        ResourceType.of(ManagedCluster.class),
        Key.of("c1"),
        "",
        Patch.merge(body -> body.putObject("spec").put("hubAcceptsClient", true)));
    agent = certified(name);
    assertThat(agent.certificates().getFirst().getSubjectX500Principal().getName())
        .contains("system:open-cluster-management:c1:a1");
  }

  @Test
  @Order(7)
  void row06AcceptanceMakesNamespaceRightsConditionAndLease() {
    until(
        "the acceptance", // which a certificate need not wait for
        () ->
            condition(json(send("GET", CLUSTERS + "/c1", "", null)), "HubAcceptedManagedCluster")
                .equals("True"));
    assertThat(admin.get(HubKinds.NAMESPACE, Key.of("c1")).labels())
        .containsEntry("open-cluster-management.io/cluster-name", "c1");
    var lease = json(send("GET", LEASE, "", null));
    assertThat(lease.at("/spec/holderIdentity").asString("")).isEqualTo("managed-cluster-lease");
    assertThat(lease.at("/metadata/labels/open-cluster-management.io~1cluster-name").asString(""))
        .isEqualTo("c1");
  }

  @Test
  @Order(8)
  void row07TheStatusIsPatchedWithUidAndResourceVersion() {
    var told = new AtomicReference<>(tellStatus());
    until(
        "the status to be taken", // the hub writes taints, too
        () -> {
          var taken = told.get().answer().status() != 409;
          if (!taken) {
            told.set(tellStatus());
          }
          return taken;
        });
    var answer = told.get().answer();
    assertThat(answer.status()).as("%s", text(answer)).isEqualTo(200);
    assertThat(condition(json(answer), "ManagedClusterJoined")).isEqualTo("True");
    assertThat(json(answer).at("/metadata/generation").asLong(0))
        .as("generation counts changes of the spec")
        .isEqualTo(told.get().before().at("/metadata/generation").asLong(-1));

    var body = told.get().body();
    var stale =
        send("PATCH", CLUSTERS + "/c1/status", "application/merge-patch+json", Json.text(body));
    assertThat(stale.status()).isEqualTo(409);
    assertThat(json(stale).at("/reason").asString("")).isEqualTo("Conflict");
    body.withObjectProperty("metadata").put("uid", "another").remove("resourceVersion");
    assertThat(
            send("PATCH", CLUSTERS + "/c1/status", "application/merge-patch+json", Json.text(body))
                .status())
        .isEqualTo(409);
  }

  /// What an agent sent on the ground of what it had read, and what came back.
  private record Told(JsonNode before, ObjectNode body, Transport.Response answer) {}

  private Told tellStatus() {
    var cluster = json(send("GET", CLUSTERS + "/c1", "", null));
    var conditions = cluster.at("/status/conditions").deepCopy().asArray();
    for (var type : List.of("ManagedClusterJoined", "ManagedClusterConditionAvailable")) {
      conditions
          .addObject()
          .put("type", type)
          .put("status", "True")
          .put("reason", "ManagedClusterJoined")
          .put("message", "")
          .put("lastTransitionTime", "2026-01-01T00:00:00Z");
    }
    var body = (ObjectNode) Json.parse(patchOf(cluster));
    body.putObject("status").set("conditions", conditions);
    var text = Json.text(body);
    return new Told(
        cluster,
        body,
        send("PATCH", CLUSTERS + "/c1/status", "application/merge-patch+json", text));
  }

  @Test
  @Order(9)
  void row08TheLeaseIsRenewedInProtobuf() {
    var lease = json(send("GET", LEASE, "", null));
    var now = Meta.MicroTime.newBuilder().setSeconds(host.now().getEpochSecond()).setNanos(5000);
    var message =
        V1Coordination.Lease.newBuilder()
            .setMetadata(
                Meta.ObjectMeta.newBuilder()
                    .setName("managed-cluster-lease")
                    .setNamespace("c1")
                    .setUid(lease.at("/metadata/uid").asString(""))
                    .setResourceVersion(lease.at("/metadata/resourceVersion").asString("")))
            .setSpec(
                V1Coordination.LeaseSpec.newBuilder()
                    .setHolderIdentity("managed-cluster-lease")
                    .setRenewTime(now))
            .build();
    var answer = send("PUT", LEASE, frame("coordination.k8s.io/v1", "Lease", message));
    assertThat(answer.status()).as("%s", text(answer)).isEqualTo(200);
    assertThat(json(answer).at("/spec/renewTime").asString("")).endsWith(".000005Z");
  }

  /// The 24 questions by which the klusterlet operator judges the agent's connection (spec §9.1).
  @ParameterizedTest
  @CsvSource({
    "certificates.k8s.io, certificatesigningrequests, '', '', '', get list watch",
    "cluster.open-cluster-management.io, managedclusters, '', '', c1, get list update watch",
    "cluster.open-cluster-management.io, managedclusters, status, '', c1, patch update",
    "register.open-cluster-management.io, managedclusters, clientcertificates, '', '', renew",
    "coordination.k8s.io, leases, '', c1, managed-cluster-lease, get update",
    "'', events, '', c1, '', create patch update",
    "events.k8s.io, events, '', c1, '', create patch update",
    "work.open-cluster-management.io, manifestworks, '', c1, '', get list watch update",
    "work.open-cluster-management.io, manifestworks, status, c1, '', patch update",
  })
  @Order(10)
  void row02AccessReviewsAreAnsweredInProtobufToo(
      String group,
      String resource,
      String subresource,
      String namespace,
      String name,
      String verbs) {
    for (var verb : verbs.split(" ")) {
      var message =
          V1Authorization.SelfSubjectAccessReview.newBuilder()
              .setSpec(
                  V1Authorization.SelfSubjectAccessReviewSpec.newBuilder()
                      .setResourceAttributes(
                          V1Authorization.ResourceAttributes.newBuilder()
                              .setVerb(verb)
                              .setGroup(group)
                              .setResource(resource)
                              .setSubresource(subresource)
                              .setNamespace(namespace)
                              .setName(name)))
              .build();
      var answer =
          send(
              "POST",
              "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
              frame("authorization.k8s.io/v1", "SelfSubjectAccessReview", message));
      assertThat(answer.status()).isEqualTo(201);
      assertThat(json(answer).at("/status/allowed").asBoolean(false)).as(verb).isTrue();
    }
  }

  @Test
  @Order(10)
  void row02EventsAreTakenInProtobufToo() {
    var now = Meta.MicroTime.newBuilder().setSeconds(host.now().getEpochSecond());
    var message =
        V1Events.Event.newBuilder()
            .setMetadata(Meta.ObjectMeta.newBuilder().setName("c1.available").setNamespace("c1"))
            .setEventTime(now)
            .setReportingController("registration-agent")
            .setReportingInstance("a1")
            .setAction("Available")
            .setReason("Available")
            .setType("Normal")
            .setNote("The managed cluster (c1) is available now.")
            .setRegarding(
                V1.ObjectReference.newBuilder()
                    .setApiVersion("cluster.open-cluster-management.io/v1")
                    .setKind("ManagedCluster")
                    .setName("c1"))
            .build();
    var answer =
        send(
            "POST",
            "/apis/events.k8s.io/v1/namespaces/c1/events",
            frame("events.k8s.io/v1", "Event", message));
    assertThat(answer.status()).as("%s", text(answer)).isEqualTo(201);
    assertThat(json(answer).at("/note").asString("")).startsWith("The managed cluster");
  }

  @Test
  @Order(11)
  void row02ARepeatedEventIsCountedByAStrategicMergePatch() {
    var answer =
        send(
            "PATCH",
            "/apis/events.k8s.io/v1/namespaces/c1/events/c1.available",
            "application/strategic-merge-patch+json",
            "{\"series\":{\"count\":2,\"lastObservedTime\":\"2026-01-01T00:00:00.000000Z\"}}");
    assertThat(answer.status()).as("%s", text(answer)).isEqualTo(200);
    assertThat(json(answer).at("/series/count").asInt(0)).isEqualTo(2);
  }

  @Test
  @Order(11)
  void row04AnAgentPutsTheUrlsOfItsCluster() {
    until(
        "the urls to be put",
        () -> {
          var cluster = (ObjectNode) json(send("GET", CLUSTERS + "/c1", "", null));
          cluster
              .withObjectProperty("spec")
              .putArray("managedClusterClientConfigs")
              .addObject()
              .put("url", "https://c1.example:6443");
          var put = send("PUT", CLUSTERS + "/c1", "application/json", Json.text(cluster));
          assertThat(put.status()).as("%s", text(put)).isIn(200, 409); // the hub writes taints, too
          return put.status() == 200;
        });
    assertThat(
            json(send("GET", CLUSTERS + "/c1", "", null))
                .at("/spec/managedClusterClientConfigs/0/url")
                .asString(""))
        .isEqualTo("https://c1.example:6443");
  }

  @Test
  @Order(12)
  void row10TheStatusOfAnAddOnIsPatchedByItsAgent() {
    admin.create(
        HubKinds.ADD_ON,
        ApiObject.named(HubKinds.ADD_ON, "c1", "search").edit(tree -> tree.putObject("spec")));
    var body = (ObjectNode) Json.parse(patchOf(json(send("GET", ADD_ONS + "/search", "", null))));
    body.putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Available")
        .put("status", "True")
        .put("reason", "ManagedClusterAddOnLeaseUpdated")
        .put("message", "search add-on is available.")
        .put("lastTransitionTime", "2026-01-01T00:00:00Z");
    var answer =
        send("PATCH", ADD_ONS + "/search/status", "application/merge-patch+json", Json.text(body));
    assertThat(answer.status()).as("%s", text(answer)).isEqualTo(200);
    var label = "/metadata/labels/feature.open-cluster-management.io~1addon-search";
    until(
        "the label of the add-on",
        () ->
            json(send("GET", CLUSTERS + "/c1", "", null))
                .at(label)
                .asString("")
                .equals("available"));
  }

  /// As `clusteradm get token` asks, and what its token is good for.
  @Test
  @Order(10)
  void row02TokensOfTheBootstrapAccountAreAskedForInProtobufToo() {
    var message =
        V1Authentication.TokenRequest.newBuilder()
            .setSpec(V1Authentication.TokenRequestSpec.newBuilder().setExpirationSeconds(3600))
            .build();
    var person = new Identity("jane", List.of("system:masters"));
    var peer =
        new Service.Peer(authority.issueClient(person, keys, Duration.ofHours(1)).chain(), "jane");
    var answer =
        raw(
            peer,
            "POST",
            "/api/v1/namespaces/open-cluster-management/serviceaccounts/agent-registration-bootstrap/token",
            Map.of("content-type", PROTOBUF, "accept", PROTOBUF + ",application/json"),
            frame("authentication.k8s.io/v1", "TokenRequest", message));
    assertThat(answer.status()).isEqualTo(201);
    var made = json(answer).at("/status/token").asString("");
    var bearer = Map.of("authorization", "Bearer " + made);
    var none = new byte[0];
    assertThat(raw(NO_CERTIFICATE, "GET", CLUSTERS + "/c1", bearer, none).status()).isEqualTo(200);
    assertThat(raw(NO_CERTIFICATE, "GET", CLUSTERS, bearer, none).status()).isEqualTo(403);
    assertThat(raw(NO_CERTIFICATE, "GET", LEASE, bearer, none).status()).isEqualTo(403);
  }

  @Test
  @Order(11)
  void row10AddOnsAreListedAndWatchedWhereThereAreNone() {
    var list = json(send("GET", ADD_ONS + "?limit=500&resourceVersion=0", "", null));
    assertThat(list.at("/kind").asString("")).isEqualTo("ManagedClusterAddOnList");
    assertThat(watch(ADD_ONS + "?" + WATCH_LIST).getFirst().at("/type").asString(""))
        .isEqualTo("BOOKMARK");
  }

  @Test
  @Order(12)
  void row11And12AWorkIsHeldByItsAgentUntilItLetsGo() {
    admin.create(
        HubKinds.WORK,
        ApiObject.parse(
            Json.encode(
                Json.parse(
                    "{\"metadata\":{\"name\":\"w\",\"namespace\":\"c1\"},\"spec\":{\"workload\":{\"manifests\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}}]}}}"))));
    var work = json(send("GET", WORKS + "/w", "", null));
    var held = (ObjectNode) Json.parse(patchOf(work));
    held.withObjectProperty("metadata")
        .putArray("finalizers")
        .add("cluster.open-cluster-management.io/manifest-work-cleanup");
    var answer = send("PATCH", WORKS + "/w", "application/merge-patch+json", Json.text(held));
    assertThat(answer.status()).isEqualTo(200);
    var told = (ObjectNode) Json.parse(patchOf(json(answer)));
    told.putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Applied")
        .put("status", "True")
        .put("reason", "AppliedManifestWorkComplete")
        .put("message", "Apply manifest work complete")
        .put("observedGeneration", 1)
        .put("lastTransitionTime", "2026-01-01T00:00:00Z");
    told.withObjectProperty("status")
        .putObject("resourceStatus")
        .putArray("manifests")
        .add(Json.parse(FEEDBACK.replace('\'', '"')));
    assertThat(
            send("PATCH", WORKS + "/w/status", "application/merge-patch+json", Json.text(told))
                .status())
        .isEqualTo(200);
    var fed = admin.get(HubKinds.WORK, Key.of("c1", "w"));
    assertThat(fed.generation()).isEqualTo(1);
    assertThat(
            fed.at("/status/resourceStatus/manifests/0/statusFeedback/values/0/fieldValue/integer")
                .asInt(0))
        .isEqualTo(3);

    admin.delete(HubKinds.WORK, Key.of("c1", "w"), null);
    var leaving = json(send("GET", WORKS + "/w", "", null));
    assertThat(leaving.at("/metadata/deletionTimestamp").asString("")).isNotEmpty();
    var free = (ObjectNode) Json.parse(patchOf(leaving));
    free.withObjectProperty("metadata").putNull("finalizers");
    send("PATCH", WORKS + "/w", "application/merge-patch+json", Json.text(free));
    assertThat(send("GET", WORKS + "/w", "", null).status()).isEqualTo(404);
  }

  @Test
  @Order(13)
  void row14ARenewalIsApprovedByTheHubItself() {
    var before = agent.certificates().getFirst().getSerialNumber();
    agent = certified(ask());
    assertThat(agent.certificates().getFirst().getSerialNumber()).isNotEqualTo(before);
  }

  @Test
  @Order(14)
  void row09AClusterThatFallsSilentIsUnknownTaintedAndChosenNoMore() {
    admin.create(
        BINDING,
        ApiObject.named(BINDING, "default", "default")
            .edit(tree -> tree.putObject("spec").put("clusterSet", "default")));
    admin.create(
        PLACEMENT,
        ApiObject.named(PLACEMENT, "default", "all").edit(tree -> tree.putObject("spec")));
    until("c1 to be chosen", () -> chosen().equals(List.of("c1")));
    admin.patch(
        ResourceType.of(ManagedCluster.class),
        Key.of("c1"),
        "",
        Patch.merge(body -> body.putObject("spec").put("leaseDurationSeconds", 1)));
    until(
        "the cluster to be Unknown and tainted",
        () -> {
          var cluster = json(send("GET", CLUSTERS + "/c1", "", null));
          return condition(cluster, "ManagedClusterConditionAvailable").equals("Unknown")
              && cluster
                  .at("/spec/taints/0/key")
                  .asString("")
                  .equals("cluster.open-cluster-management.io/unreachable");
        });
    until("c1 to be chosen no more", () -> chosen().isEmpty());
  }

  private List<String> chosen() {
    return admin.list(DECISION, "default", Selection.all()).items().stream()
        .flatMap(decision -> decision.status().path("decisions").valueStream())
        .map(each -> each.path("clusterName").asString(""))
        .toList();
  }

  @Test
  @Order(15)
  void row15AnAgentThatFellBehindIsToldToListAnew() {
    var list = json(send("GET", WORKS, "", null));
    var version = list.at("/metadata/resourceVersion").asString("");
    var note = ApiObject.named(HubKinds.CONFIG_MAP, "default", "note");
    var present = admin.create(HubKinds.CONFIG_MAP, note);
    for (var i = 0; i <= CHANGES_REMEMBERED; i++) {
      var text = Integer.toString(i);
      present =
          admin.update(
              HubKinds.CONFIG_MAP,
              present.edit(tree -> tree.withObjectProperty("data").put("i", text)),
              "");
    }

    var behind = WORKS + "?watch=true&allowWatchBookmarks=true&resourceVersion=" + version;
    var gone = send("GET", behind, "", null);
    assertThat(gone.status()).isEqualTo(410);
    assertThat(json(gone).at("/reason").asString("")).isEqualTo("Expired");
    var exact = WORKS + "?resourceVersionMatch=Exact&resourceVersion=" + version;
    var old = send("GET", exact, "", null);
    assertThat(old.status()).isEqualTo(410);
    assertThat(json(old).at("/reason").asString("")).isEqualTo("Expired");
    assertThat(watch(WORKS + "?" + WATCH_LIST).getFirst().at("/type").asString(""))
        .as("a streaming list begins anew")
        .isEqualTo("BOOKMARK");
  }

  @Test
  @Order(15)
  void row15VersionsAreNumbersThatRise() {
    var list = json(send("GET", CLUSTERS + "?fieldSelector=metadata.name%3Dc1", "", null));
    var version = Long.parseLong(list.at("/metadata/resourceVersion").asString(""));
    assertThat(version)
        .isGreaterThanOrEqualTo(
            Long.parseLong(list.at("/items/0/metadata/resourceVersion").asString("")));
  }

  @Test
  @Order(16)
  void row13ADeniedAgentReadsItsOwnClusterAndNothingElse() {
    admin.patch(
        ResourceType.of(ManagedCluster.class),
        Key.of("c1"),
        "",
        Patch.merge(body -> body.putObject("spec").put("hubAcceptsClient", false)));
    until("the denial", () -> send("GET", LEASE, "", null).status() == 403);
    assertThat(send("GET", CLUSTERS + "/c1", "", null).status()).isEqualTo(200);
    for (var target : List.of(LEASE, WORKS, ADD_ONS, CLUSTERS, REQUESTS)) {
      assertThat(send("GET", target, "", null).status()).as(target).isEqualTo(403);
    }
    assertThat(
            send("PATCH", CLUSTERS + "/c1/status", "application/merge-patch+json", "{}").status())
        .isEqualTo(403);
  }

  /// Posts a request as upstream's agents do: in protobuf, with a generated name.
  private String ask() {
    var pem =
        CertificateRequest.create(keys, AGENT.user(), AGENT.certificate().organisations()).toPem();
    var message =
        V1Certificates.CertificateSigningRequest.newBuilder()
            .setMetadata(
                Meta.ObjectMeta.newBuilder()
                    .setGenerateName("c1-")
                    .putLabels("open-cluster-management.io/cluster-name", "c1"))
            .setSpec(
                V1Certificates.CertificateSigningRequestSpec.newBuilder()
                    .setRequest(ByteString.copyFromUtf8(pem))
                    .setSignerName("kubernetes.io/kube-apiserver-client")
                    .addAllUsages(List.of("digital signature", "key encipherment", "client auth")))
            .build();
    var answer =
        send(
            "POST",
            REQUESTS,
            frame("certificates.k8s.io/v1", "CertificateSigningRequest", message));
    assertThat(answer.status()).as("%s", text(answer)).isEqualTo(201);
    return json(answer).at("/metadata/name").asString("");
  }

  private Service.Peer certified(String request) {
    until("a certificate", () -> !status(request).path("certificate").asString("").isEmpty());
    var pem = Base64.getDecoder().decode(status(request).path("certificate").asString(""));
    var chain = Certificates.parse(new String(pem, StandardCharsets.US_ASCII));
    return new Service.Peer(chain, "agent");
  }

  private JsonNode status(String request) {
    return json(send("GET", REQUESTS + "/" + request, "", null)).path("status");
  }

  private static String patchOf(JsonNode object) {
    var body = Json.object();
    body.putObject("metadata")
        .put("uid", object.at("/metadata/uid").asString(""))
        .put("resourceVersion", object.at("/metadata/resourceVersion").asString(""));
    return Json.text(body);
  }

  private static String condition(JsonNode cluster, String type) {
    return cluster
        .at("/status/conditions")
        .valueStream()
        .filter(each -> each.path("type").asString("").equals(type))
        .map(each -> each.path("status").asString(""))
        .findFirst()
        .orElse("");
  }

  private static byte[] frame(String apiVersion, String kind, Message message) {
    var type = Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind);
    var unknown =
        Runtime.Unknown.newBuilder().setTypeMeta(type).setRaw(message.toByteString()).build();
    return ByteString.copyFrom(new byte[] {'k', '8', 's', 0})
        .concat(unknown.toByteString())
        .toByteArray();
  }

  private Transport.Response send(String method, String target, byte[] protobuf) {
    var accept = PROTOBUF + ",application/json";
    return raw(agent, method, target, Map.of("content-type", PROTOBUF, "accept", accept), protobuf);
  }

  private Transport.Response send(
      String method,
      String target,
      String contentType,
      @org.jspecify.annotations.Nullable String body) {
    var bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    return raw(agent, method, target, Map.of("content-type", contentType), bytes);
  }

  private Transport.Response raw(
      Service.Peer peer, String method, String target, Map<String, String> more, byte[] body) {
    return switch (hub.door().handle(request(peer, method, target, more, body), peer)) {
      case Service.Reply.Full(var response) -> response;
      case Service.Reply.Streaming(var status, var headers, var feed) -> {
        feed.close();
        yield new Transport.Response(status, headers, new byte[0]);
      }
    };
  }

  private Transport.Request request(
      Service.Peer peer, String method, String target, Map<String, String> more, byte[] body) {
    var headers = new TreeMap<String, String>();
    headers.put("accept", "application/json, */*");
    headers.put("accept-encoding", "gzip");
    headers.put("user-agent", "registration/v0.0.0 (linux/amd64) kubernetes/$Format");
    if (peer.certificates().isEmpty()) {
      headers.put("authorization", "Bearer " + token);
    }
    headers.putAll(more);
    return new Transport.Request(method, target, headers, body);
  }

  /// The first frames of a watch, up to the bookmark that ends what was there.
  private List<JsonNode> watch(String target) {
    var reply = hub.door().handle(request(agent, "GET", target, Map.of(), new byte[0]), agent);
    assertThat(reply).isInstanceOf(Service.Reply.Streaming.class);
    var feed = ((Service.Reply.Streaming) reply).feed();
    var text = new StringBuilder();
    while (!text.toString().contains("k8s.io/initial-events-end")) {
      var bytes = feed.next(Duration.ofSeconds(30));
      assertThat(bytes).as("after %s", text).isNotNull();
      text.append(new String(bytes, StandardCharsets.UTF_8));
    }
    feed.close();
    return text.toString().lines().filter(line -> !line.isBlank()).map(Json::parse).toList();
  }

  private static JsonNode json(Transport.Response answer) {
    return Json.parse(text(answer));
  }

  private static String text(Transport.Response answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private void until(String what, Supplier<Boolean> holds) {
    for (var i = 0; i < 3000; i++) {
      if (holds.get()) {
        return;
      }
      host.sleep(Duration.ofMillis(20));
    }
    throw new AssertionError("waited a minute for " + what);
  }
}
