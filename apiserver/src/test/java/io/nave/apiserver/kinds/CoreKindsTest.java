package io.nave.apiserver.kinds;

import static io.nave.apiserver.TestServer.CONFIG_MAPS;
import static io.nave.apiserver.TestServer.NAMESPACES;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.TestServer;
import io.nave.controllers.ApiClient.Watch;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CoreKindsTest {
  private static final ResourceType SECRETS = ResourceType.of(Secret.class);
  private static final ResourceType LEASES = ResourceType.of(Lease.class);

  private final TestServer server = TestServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  private List<Object> cells(ResourceType type, ApiObject object) {
    return server.api.columns(type).orElseThrow().cells(object);
  }

  private ResourceType type(String group, String plural) {
    return server.api.type(group, "v1", plural).orElseThrow();
  }

  @Test
  void aNamespaceIsBornActive() {
    var made = server.client.create(NAMESPACES, object("{'metadata':{'name':'a'}}"));
    assertThat(made.at("/status/phase").asString()).isEqualTo("Active");
    assertThat(made.at("/spec/finalizers/0").asString()).isEqualTo("kubernetes");
    assertThat(made.labels()).containsEntry("kubernetes.io/metadata.name", "a");
    assertThat(made.metadata().has("generation")).isFalse();
  }

  @Test
  void aDeletedNamespaceWaitsForItsFinalizer() {
    server.client.create(NAMESPACES, object("{'metadata':{'name':'a'}}"));
    server.client.delete(NAMESPACES, Key.of("a"), null);
    assertThat(server.client.get(NAMESPACES, Key.of("a")).at("/status/phase").asString())
        .isEqualTo("Terminating");
    var none = merge("{'spec':{'finalizers':[]}}");
    server.client.patch(NAMESPACES, Key.of("a"), "", none);
    assertThat(server.client.find(NAMESPACES, Key.of("a"))).as("not that way").isPresent();
    server.client.patch(NAMESPACES, Key.of("a"), "finalize", none);
    assertThat(server.client.find(NAMESPACES, Key.of("a"))).isEmpty();
  }

  @Test
  void someNamespacesNeverGo() {
    assertThat(refusal(() -> server.client.delete(NAMESPACES, Key.of("default"), null)))
        .hasMessage("namespaces \"default\" is forbidden: this namespace may not be deleted");
  }

  @Test
  void textsOfASecretAreFoldedIntoItsData() {
    var made =
        server.client.create(
            SECRETS,
            object(
                """
                {'metadata':{'name':'a','namespace':'default'},
                 'data':{'old':'b2xk'},'stringData':{'key':'value','old':'new'}}\
                """));
    assertThat(made.json().has("stringData")).isFalse();
    assertThat(made.at("/type").asString()).isEqualTo("Opaque");
    assertThat(made.at("/data/key").asString()).isEqualTo("dmFsdWU=");
    assertThat(made.at("/data/old").asString()).isEqualTo("bmV3");
    assertThat(cells(SECRETS, made)).containsExactly(2L);
    var type = merge("{'type':'other'}");
    assertThat(refusal(() -> server.client.patch(SECRETS, inDefault("a"), "", type)))
        .hasMessageEndingWith("type: Invalid value: \"other\": field is immutable");
  }

  /// As `kubectl get events` prints it: the name comes last, and wide only.
  @Test
  void theTableOfEventsIsThatOfKubernetes() {
    var event =
        object(
            """
            {'metadata':{'name':'e','namespace':'default'},'message':'m','reason':'R','type':'Normal',
             'involvedObject':{'kind':'Node'},'source':{'component':'c','host':'h'},
             'firstTimestamp':'2026-01-01T00:00:00Z','lastTimestamp':'2026-01-01T00:00:09Z',
             'count':3}\
            """);
    assertThat(cells(type("", "events"), event))
        .containsExactly("2026-01-01T00:00:09Z", "node", "c, h", "2026-01-01T00:00:00Z", 3L, "e");
    assertThat(type("", "events").columns())
        .extracting(column -> column.name() + column.priority())
        .containsExactly(
            "Last Seen0",
            "Type0",
            "Reason0",
            "Object0",
            "Subobject1",
            "Source1",
            "Message0",
            "First Seen1",
            "Count1",
            "Name1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "kubernetes.io/tls | {'tls.crt':''} | data[tls.key]: Required value",
        "kubernetes.io/tls | {'tls.crt':'','tls.key':''} | -",
        "kubernetes.io/basic-auth | {'x':''} | data[username]: Required value",
        "kubernetes.io/basic-auth | {'password':''} | -",
        "kubernetes.io/ssh-auth | {'ssh-privatekey':''} | data[ssh-privatekey]: Required value",
        "kubernetes.io/ssh-auth | {'ssh-privatekey':'YQ=='} | -",
        "kubernetes.io/dockerconfigjson | {} | data[.dockerconfigjson]: Required value",
        "kubernetes.io/dockerconfigjson | {'.dockerconfigjson':'YQ=='} | <secret contents redacted>",
        "kubernetes.io/dockerconfigjson | {'.dockerconfigjson':'e30='} | -",
        "kubernetes.io/service-account-token | {} | metadata.annotations[kubernetes.io/service-account.name]: Required value",
        "example.io/own | {} | -",
      })
  void aSecretHoldsWhatItsTypeSays(String type, String data, String said) {
    var secret =
        object(
            "{'metadata':{'name':'t','namespace':'default'},'type':'%s','data':%s}"
                .formatted(type, data.replace('"', '\'')));
    if (said == null) {
      assertThat(server.client.create(SECRETS, secret).at("/type").asString()).isEqualTo(type);
    } else {
      assertThat(refusal(() -> server.client.create(SECRETS, secret))).hasMessageContaining(said);
    }
  }

  @Test
  void aRefusedSecretIsNotRepeated() {
    var refusal =
        refusal(() ->
            server.client.create(
                SECRETS,
                object(
                    "{'metadata':{'name':'a','namespace':'default'},'data':{'key':'hunter2 !'}}")));
    assertThat(refusal).hasMessageContaining("data[key]").hasMessageNotContaining("hunter2");
  }

  @Test
  void configMapsHoldTextsUnderGoodNames() {
    var made =
        server.client.create(
            CONFIG_MAPS,
            object("{'metadata':{'name':'a','namespace':'default'},'data':{'x.y':'1','z':'2'}}"));
    assertThat(cells(CONFIG_MAPS, made)).containsExactly(2L);
    var number = merge("{'data':{'z':3}}");
    assertThat(refusal(() -> server.client.patch(CONFIG_MAPS, inDefault("a"), "", number)).code())
        .isEqualTo(422);
    var name = merge("{'data':{'a/b':'3'}}");
    assertThat(refusal(() -> server.client.patch(CONFIG_MAPS, inDefault("a"), "", name)).causes())
        .extracting(cause -> cause.field())
        .containsExactly("data[a/b]");
    server.client.patch(CONFIG_MAPS, inDefault("a"), "", merge("{'immutable':true}"));
    assertThat(
            refusal(() ->
                server.client.patch(CONFIG_MAPS, inDefault("a"), "", merge("{'data':{'z':'3'}}"))))
        .hasMessageEndingWith("data: Forbidden: field is immutable when `immutable` is set");
  }

  @Test
  void leasesHaveNoGenerationAndASchema() {
    var made =
        server.client.create(
            LEASES,
            object(
                """
                {'metadata':{'name':'a','namespace':'default'},
                 'spec':{'holderIdentity':'me','leaseDurationSeconds':60,
                  'renewTime':'2026-01-01T00:00:00.000000Z'}}\
                """));
    assertThat(made.metadata().has("generation")).isFalse();
    assertThat(made.at("/spec/renewTime").asString()).isEqualTo("2026-01-01T00:00:00.000000Z");
    var zero = merge("{'spec':{'leaseDurationSeconds':0}}");
    assertThat(refusal(() -> server.client.patch(LEASES, inDefault("a"), "", zero)).code())
        .isEqualTo(422);
  }

  @Test
  void eventsAreTheSameObjectsInBothGroups() {
    var newer = type("events.k8s.io", "events");
    var older = type("", "events");
    try (var watch = server.client.watch(older, "default", Selection.all(), "")) {
      var made =
          server.client.create(
              newer,
              object(
                  """
                  {'metadata':{'name':'a','namespace':'default'},'note':'It works','reason':'Works',
                   'regarding':{'kind':'Widget','name':'w','namespace':'default'},
                   'reportingController':'nave','eventTime':'2026-01-01T00:00:00.000000Z',
                   'type':'Normal','action':'Test'}\
                  """));
      assertThat(made.apiVersion()).isEqualTo("events.k8s.io/v1");
      assertThat(made.at("/note").asString()).isEqualTo("It works");
      var seen = Objects.requireNonNull(watch.next(Duration.ZERO));
      assertThat(seen.kind()).isEqualTo(Watch.Kind.ADDED);
      assertThat(seen.object().apiVersion()).isEqualTo("v1");
      assertThat(seen.object().at("/message").asString()).isEqualTo("It works");
      var time = "2026-01-01T00:00:00.000000Z";
      assertThat(cells(older, seen.object()))
          .containsExactly(time, "widget/w", "nave", time, 1L, "a");
      assertThat(cells(newer, made)).containsExactly(time, "widget/w", "nave", time, 1L, "a");
    }
    server.client.patch(newer, inDefault("a"), "", merge("{'note':'Still','series':{'count':2}}"));
    var byObject = Selection.parse("", "involvedObject.name=w");
    var found = server.client.list(older, "default", byObject).items();
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().at("/message").asString()).isEqualTo("Still");
    assertThat(found.getFirst().at("/series/count").asInt()).isEqualTo(2);
    server.client.delete(older, inDefault("a"), null);
    assertThat(server.client.find(newer, inDefault("a"))).isEmpty();
  }

  @Test
  void questionsAreAnsweredAndNotKept() {
    var before = server.store.view().revision();
    var reviews = type("authorization.k8s.io", "subjectaccessreviews");
    var answer =
        server.client.create(
            reviews,
            object(
                """
                {'spec':{'user':'root','groups':['system:masters'],
                 'resourceAttributes':{'verb':'delete','resource':'namespaces'}}}\
                """));
    assertThat(answer.at("/status/allowed").asBoolean()).isTrue();
    assertThat(answer.at("/kind").asString()).isEqualTo("SubjectAccessReview");
    assertThat(server.store.view().revision()).isEqualTo(before);
    assertThat(server.api.verbs(reviews, "")).containsExactly("create");
    assertThat(refusal(() -> server.client.list(reviews, "", Selection.all())).code())
        .isEqualTo(405);
    assertThat(refusal(() -> server.client.create(reviews, object("{'spec':{}}"))).code())
        .isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource({
    "90,90s",
    "600,10m",
    "150,2m30s",
    "3600,60m",
    "86400,24h",
    "31536000,365d",
    "18000,5h"
  })
  void durationsReadAsKubectlWritesThem(long seconds, String text) {
    assertThat(Durations.human(seconds)).isEqualTo(text);
  }
}
