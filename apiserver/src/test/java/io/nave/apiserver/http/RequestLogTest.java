package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.apiserver.Api;
import io.nave.apiserver.audit.AuditPolicy;
import io.nave.apiserver.audit.AuditSink;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What stands in the audit events of requests.
class RequestLogTest {
  private static final Service.Peer PEER = new Service.Peer(List.of(), "10.0.0.9:1234");
  private static final String EVERYTHING =
      "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: %s}]}";

  private final List<ObjectNode> events = new ArrayList<>();
  private final List<Api.Attributes> authorized = new ArrayList<>();
  private final StillHost host = new StillHost();
  private AuditPolicy policy = AuditPolicy.DEFAULT;

  private final class Recorder implements AuditSink {
    @Override
    public AuditPolicy policy() {
      return policy;
    }

    @Override
    public void record(ObjectNode event) {
      events.add(event);
    }
  }

  private Service.Reply ask(
      String method, String target, Map<String, String> headers, String body) {
    var all = new java.util.TreeMap<>(headers);
    all.putIfAbsent("authorization", "Bearer admin-token");
    all.put("content-type", "application/json");
    all.put("user-agent", "kubectl/1");
    var api = new FakeApi(host);
    api.onAuthorize = authorized::add;
    var door =
        Door.open(
            new FrontDoor.Settings("v1.31.0+nave", 100, 3),
            Health.good(),
            api,
            host,
            new Recorder());
    var reply =
        door.handle(
            new Transport.Request(method, target, all, body.getBytes(StandardCharsets.UTF_8)),
            PEER);
    if (reply instanceof Service.Reply.Streaming stream) {
      stream.feed().close();
    }
    return reply;
  }

  private void all(String level) {
    policy = AuditPolicy.parse(EVERYTHING.formatted(level));
  }

  @Test
  void aWriteIsOneEventOfItsMetadata() {
    ask("POST", "/api/v1/namespaces", Map.of(), "{\"metadata\":{\"name\":\"east\"}}");

    var event = events.getFirst();
    assertThat(events).hasSize(1);
    event.remove(List.of("auditID", "requestReceivedTimestamp", "stageTimestamp"));
    assertThat(Json.text(event))
        .isEqualTo(
            Json.text(
                Json.parse(
                    """
                    {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata",
                     "stage": "ResponseComplete", "requestURI": "/api/v1/namespaces",
                     "verb": "create",
                     "user": {"username": "admin",
                       "groups": ["system:masters", "system:authenticated"]},
                     "sourceIPs": ["10.0.0.9"], "userAgent": "kubectl/1",
                     "objectRef": {"resource": "namespaces", "name": "east", "apiVersion": "v1"},
                     "responseStatus": {"code": 201, "metadata": {}},
                     "annotations": {"authorization.k8s.io/decision": "allow",
                       "authorization.k8s.io/reason": ""}}\
                    """)));
  }

  @Test
  void readsAndLeaseRenewalsLeaveNoTraceByDefault() {
    ask("GET", "/api/v1/namespaces", Map.of(), "");
    ask("GET", "/healthz", Map.of(), "");
    assertThat(events).isEmpty();
  }

  @Test
  void whoActsAsAnotherIsRecordedBesideThem() {
    ask("DELETE", "/api/v1/namespaces/x", Map.of("impersonate-user", "anna"), "");
    assertThat(events.getFirst().at("/user/username").asString()).isEqualTo("admin");
    assertThat(events.getFirst().at("/impersonatedUser/username").asString()).isEqualTo("anna");
    assertThat(events.getFirst().at("/responseStatus/code").asInt()).isEqualTo(404);
  }

  @Test
  void whoIsNotLetInIsRecordedAsNobody() {
    ask("POST", "/api/v1/namespaces", Map.of("authorization", "Bearer wrong"), "{}");
    assertThat(events.getFirst().at("/user/username").asString()).isEqualTo("system:anonymous");
    assertThat(events.getFirst().at("/responseStatus/code").asInt()).isEqualTo(401);
    assertThat(Json.text(events.getFirst())).doesNotContain("wrong");
  }

  @Test
  void bodiesAreRecordedWhereThePolicyAsks() {
    all("RequestResponse");
    ask("POST", "/api/v1/namespaces", Map.of(), "{\"metadata\":{\"name\":\"east\"}}");
    var complete = events.getLast();
    assertThat(complete.at("/requestObject/metadata/name").asString()).isEqualTo("east");
    assertThat(complete.at("/responseObject/kind").asString()).isEqualTo("Namespace");
    all("Metadata");
    ask("POST", "/api/v1/namespaces", Map.of(), "{\"metadata\":{\"name\":\"west\"}}");
    assertThat(events.getLast().has("requestObject")).isFalse();
  }

  @Test
  void aRefusalIsRecordedInItsWords() {
    ask("DELETE", "/api/v1/namespaces/x", Map.of(), "");
    var status = events.getFirst().path("responseStatus");
    assertThat(status.path("status").asString()).isEqualTo("Failure");
    assertThat(status.path("reason").asString()).isEqualTo("NotFound");
    assertThat(status.path("message").asString()).isEqualTo("namespaces \"x\" not found");
    assertThat(status.at("/details/name").asString()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', true",
    "'omitManagedFields: true,', '', false",
    "'', ', omitManagedFields: true', false",
    "'omitManagedFields: true,', ', omitManagedFields: false', true",
  })
  void ownersOfFieldsAreLeftOutWhereThePolicyAsks(String all, String rule, boolean shown) {
    policy =
        AuditPolicy.parse(
            "{apiVersion: audit.k8s.io/v1, kind: Policy, %s rules: [{level: RequestResponse%s}]}"
                .formatted(all, rule));
    var owned = "{\"metadata\":{\"name\":\"east\",\"managedFields\":[{\"manager\":\"me\"}]}}";
    ask("POST", "/api/v1/namespaces", Map.of(), owned);
    var event = events.getLast();
    assertThat(event.at("/requestObject/metadata").has("managedFields")).isEqualTo(shown);
    assertThat(event.at("/responseObject/metadata").has("managedFields")).isEqualTo(shown);
    assertThat(event.at("/responseObject/metadata/name").asString()).isEqualTo("east");
  }

  @Test
  void theExtraOfAUserIsRecorded() {
    ask(
        "DELETE",
        "/api/v1/namespaces/x",
        Map.of("impersonate-user", "anna", "impersonate-extra-scopes", "a,b"),
        "");
    assertThat(Json.text(events.getFirst().at("/impersonatedUser/extra")))
        .isEqualTo("{\"scopes\":[\"a\",\"b\"]}");
  }

  @Test
  void documentsPassTheSameStages() {
    all("Metadata");
    ask("GET", "/apis", Map.of(), "");
    assertThat(events)
        .extracting(event -> event.path("stage").asString())
        .containsExactly("RequestReceived", "ResponseComplete");
  }

  @Test
  void theStagesOfARequestShareAnId() {
    all("Metadata");
    ask("GET", "/api/v1/namespaces?watch=true", Map.of(), "");
    assertThat(events)
        .extracting(event -> event.path("stage").asString())
        .containsExactly("RequestReceived", "ResponseStarted", "ResponseComplete");
    assertThat(events.stream().map(event -> event.path("auditID").asString()).distinct())
        .hasSize(1);
    assertThat(events.get(0).has("annotations")).as("before anything was decided").isFalse();
    assertThat(events.get(1).at("/annotations/authorization.k8s.io~1decision").asString())
        .isEqualTo("allow");
  }

  private static String idOf(Service.Reply reply) {
    return Door.headers(reply).getOrDefault("audit-id", "");
  }

  @Test
  void theAnswerTellsTheIdOfItsEvents() {
    var reply = ask("POST", "/api/v1/namespaces", Map.of(), "{\"metadata\":{\"name\":\"east\"}}");
    assertThat(idOf(reply)).hasSize(36).isEqualTo(events.getFirst().path("auditID").asString());
    var watch = ask("GET", "/api/v1/namespaces?watch=true", Map.of(), "");
    var refused = ask("GET", "/apis", Map.of("authorization", "Bearer wrong"), "");
    assertThat(List.of(idOf(watch), idOf(refused), idOf(ask("GET", "/livez", Map.of(), ""))))
        .allSatisfy(id -> assertThat(id).hasSize(36));
  }

  @ParameterizedTest
  @CsvSource({"from-a-proxy.1, true", "two words, false", "ümlaut, false", "'', false"})
  void whoBringsAnIdIsKnownByIt(String brought, boolean taken) {
    var reply = ask("DELETE", "/api/v1/namespaces/x", Map.of("audit-id", brought), "");
    assertThat(idOf(reply)).isEqualTo(events.getFirst().path("auditID").asString());
    assertThat(idOf(reply).equals(brought)).isEqualTo(taken);
  }

  @Test
  void anIdWithoutEndIsNotTaken() {
    var long128 = "a".repeat(128);
    assertThat(idOf(ask("GET", "/livez", Map.of("audit-id", long128), ""))).isEqualTo(long128);
    assertThat(idOf(ask("GET", "/livez", Map.of("audit-id", long128 + "a"), ""))).hasSize(36);
  }

  @Test
  void aRefusalIsRecordedWithItsReason() {
    all("Metadata");
    var stranger = Map.of("authorization", "Bearer stranger-token");
    ask("GET", "/metrics", stranger, "");
    var annotations = events.getLast().path("annotations");
    assertThat(annotations.path("authorization.k8s.io/decision").asString()).isEqualTo("forbid");
    assertThat(annotations.path("authorization.k8s.io/reason").asString()).isEqualTo("no rule");
    ask("GET", "/metrics", Map.of("authorization", "Bearer wrong"), "");
    assertThat(events.getLast().has("annotations")).as("nobody was let in").isFalse();
  }

  /// - Goal: what the event says was decided is about the very object that the verb asks for.
  @Test
  void aSelectedNameIsWhatIsDecidedAbout() {
    all("Metadata");
    for (var target :
        List.of(
            "/api/v1/namespaces/x",
            "/api/v1/namespaces?fieldSelector=metadata.name%3Dx",
            "/api/v1/namespaces?labelSelector=%3D%3D")) {
      ask("GET", target, Map.of(), "");
      assertThat(events.getLast().at("/annotations/authorization.k8s.io~1decision").asString())
          .as(target)
          .isEqualTo("allow");
    }
    assertThat(authorized)
        .extracting(asked -> asked.namespace() + "/" + asked.name())
        .containsExactly("x/x", "x/x", "/");
  }
}
