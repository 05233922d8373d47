package io.nave.apiserver.webhooks;

import static io.nave.apiserver.FakeWebhooks.allowed;
import static io.nave.apiserver.FakeWebhooks.denied;
import static io.nave.apiserver.FakeWebhooks.patching;
import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.CONFIG_MAPS;
import static io.nave.apiserver.TestServer.WIDGETS;
import static io.nave.apiserver.TestServer.configMap;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.TestServer.widget;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ApiError.Reason;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.FakeWebhooks;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.kinds.CoreKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class WebhookAdmissionTest {
  private static final ResourceType MUTATING = ResourceType.of(MutatingWebhookConfiguration.class);
  private static final ResourceType VALIDATING =
      ResourceType.of(ValidatingWebhookConfiguration.class);

  private final TestServer server = TestServer.start();
  private final FakeWebhooks hooks = new FakeWebhooks();

  WebhookAdmissionTest() {
    server.dialer = hooks;
  }

  @AfterEach
  void close() {
    server.close();
  }

  /// A configuration of one webhook about widgets and config maps.
  ///
  /// @param more further fields, JSON with single quotes, each with a comma before it
  private static ApiObject about(String name, String more) {
    return object(
        """
        {'metadata':{'name':'%s'},'webhooks':[{'name':'%s.hook.example','sideEffects':'None',
          'admissionReviewVersions':['v1'],'clientConfig':{'url':'https://hooks.example/%s'},
          'rules':[{'operations':['*'],'apiGroups':['*'],'apiVersions':['*'],
                    'resources':['widgets','configmaps','namespaces']}]%s}]}\
        """
            .formatted(name, name, name, more));
  }

  private void register(ResourceType kind, String name, String more) {
    server.client.create(kind, about(name, more));
  }

  private ApiObject create(ApiObject widget) {
    return server.onTask(() -> server.create(widget));
  }

  private void delete(ResourceType type, Key key) {
    server.onTask(() -> {
      server.client.delete(type, key, null);
      return key;
    });
  }

  @Test
  void aValidatingWebhookIsToldTheRequestAsKubernetesTellsIt() {
    register(VALIDATING, "v", "");
    hooks.on("/v", request -> allowed());
    create(widget("a", 1));
    assertThat(hooks.asked).hasSize(1);
    var review = hooks.asked.getFirst();
    assertThat(review.path("kind").asString()).isEqualTo("AdmissionReview");
    assertThat(review.path("apiVersion").asString()).isEqualTo("admission.k8s.io/v1");
    assertThat(review.path("target").asString()).isEqualTo("/v?timeout=10s");
    var request = review.path("request");
    assertThat(request.path("uid").asString()).hasSize(36);
    assertThat(Json.text(request.path("kind")))
        .isEqualTo("{\"group\":\"example.io\",\"version\":\"v1\",\"kind\":\"Widget\"}");
    assertThat(request.path("resource").path("resource").asString()).isEqualTo("widgets");
    assertThat(request.path("requestKind")).isEqualTo(request.path("kind"));
    assertThat(request.path("name").asString()).isEqualTo("a");
    assertThat(request.path("namespace").asString()).isEqualTo("default");
    assertThat(request.path("operation").asString()).isEqualTo("CREATE");
    assertThat(request.path("userInfo").path("username").asString()).isEqualTo("admin");
    assertThat(request.path("dryRun").asBoolean(true)).isFalse();
    assertThat(request.path("options").path("kind").asString()).isEqualTo("CreateOptions");
    assertThat(request.path("oldObject").isNull()).isTrue();
    assertThat(request.at("/object/spec/colour").asString()).as("with defaults").isEqualTo("red");
  }

  @Test
  void aDeleteTellsTheOldObjectOnly() {
    create(widget("a", 1));
    register(VALIDATING, "v", "");
    hooks.on("/v", request -> allowed());
    delete(WIDGETS, inDefault("a"));
    var request = hooks.asked.getFirst().path("request");
    assertThat(request.path("operation").asString()).isEqualTo("DELETE");
    assertThat(request.path("object").isNull()).isTrue();
    assertThat(request.at("/oldObject/metadata/name").asString()).isEqualTo("a");
  }

  @Test
  void whatItRefusesIsRefusedInItsWords() {
    register(VALIDATING, "v", "");
    hooks.on("/v", request -> denied("no widgets today"));
    var refusal = refusal(() -> create(widget("a", 1)));
    assertThat(refusal.code()).isEqualTo(403);
    assertThat(refusal.reason()).isEqualTo(Reason.FORBIDDEN);
    assertThat(refusal)
        .hasMessage("admission webhook \"v.hook.example\" denied the request: no widgets today");
    assertThat(server.store.view().count(WIDGETS.resource(), "")).isZero();
  }

  @Test
  void aRefusalWithoutExplanationIsA400() {
    register(VALIDATING, "v", "");
    hooks.on("/v", request -> Json.object().put("allowed", false));
    var refusal = refusal(() -> create(widget("a", 1)));
    assertThat(refusal.code()).isEqualTo(400);
    assertThat(refusal)
        .hasMessage("admission webhook \"v.hook.example\" denied the request without explanation");
  }

  @Test
  void aMutatingWebhookChangesTheObjectBeforeItIsValidated() {
    register(MUTATING, "m", "");
    hooks.on(
        "/m",
        request ->
            patching(
                "[{'op':'add','path':'/metadata/labels','value':{'by':'m'}},"
                    + "{'op':'replace','path':'/spec/colour','value':'blue'}]"));
    var made = create(widget("a", 1));
    assertThat(made.labels()).containsEntry("by", "m");
    assertThat(made.at("/spec/colour").asString()).isEqualTo("blue");
    hooks.on("/m", request -> patching("[{'op':'add','path':'/spec/size','value':'large'}]"));
    assertThat(refusal(() -> create(widget("b", 1))))
        .hasMessageContaining("spec.size")
        .extracting(ApiError::reason)
        .isEqualTo(Reason.INVALID);
  }

  @Test
  void itCannotChangeWhatAClientCannot() {
    register(MUTATING, "m", "");
    hooks.on(
        "/m",
        request ->
            patching(
                "[{'op':'add','path':'/metadata/generation','value':9},"
                    + "{'op':'add','path':'/status','value':{'phase':'Up'}},"
                    + "{'op':'add','path':'/spec/unknown','value':1}]"));
    var made = create(widget("a", 1));
    assertThat(made.generation()).isEqualTo(1);
    assertThat(made.json().has("status")).isFalse();
    assertThat(made.spec().has("unknown")).isFalse();
    hooks.on("/m", request -> patching("[{'op':'replace','path':'/metadata/name','value':'b'}]"));
    assertThat(refusal(() -> create(widget("c", 1)))).hasMessageContaining("name or namespace");
  }

  @Test
  void mutatingOnesAreAskedInOrderAndAgainWhenTheyAskForIt() {
    register(MUTATING, "a", ",'reinvocationPolicy':'IfNeeded'");
    register(MUTATING, "b", "");
    var sizes = new ArrayList<String>();
    hooks.on(
        "/a",
        request -> {
          sizes.add("a" + request.at("/object/spec/size").asInt(0));
          return allowed();
        });
    hooks.on(
        "/b",
        request -> {
          sizes.add("b" + request.at("/object/spec/size").asInt(0));
          return patching("[{'op':'replace','path':'/spec/size','value':7}]");
        });
    assertThat(create(widget("w", 1)).at("/spec/size").asInt(0)).isEqualTo(7);
    assertThat(sizes).containsExactly("a1", "b1", "a7");
  }

  @Test
  void severalValidatingOnesAreAskedAndTheFirstRefusalCounts() {
    register(VALIDATING, "a", "");
    register(VALIDATING, "b", "");
    register(VALIDATING, "c", "");
    hooks.on("/a", request -> allowed());
    hooks.on("/b", request -> denied("b says no"));
    hooks.on("/c", request -> denied("c says no"));
    assertThat(refusal(() -> create(widget("w", 1)))).hasMessageContaining("b says no");
    assertThat(hooks.asked).hasSize(3);
  }

  @Test
  void oneThatFailsStopsTheRequestOrNotAsItsPolicySays() {
    register(VALIDATING, "v", "");
    hooks.silent("/v");
    var refusal = refusal(() -> create(widget("a", 1)));
    assertThat(refusal.code()).isEqualTo(500);
    assertThat(refusal)
        .hasMessage(
            "Internal error occurred: failed calling webhook \"v.hook.example\": failed to call"
                + " webhook: Post \"https://hooks.example/v?timeout=10s\": refused");
    server.client.delete(VALIDATING, Key.of("v"), null);
    register(VALIDATING, "v", ",'failurePolicy':'Ignore'");
    assertThat(create(widget("a", 1)).name()).isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      textBlock =
          """
          200 | hello                                    | expected an AdmissionReview
          200 | {}                                       | got , Kind=
          200 | {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"} | webhook response was absent
          200 | {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"x"}} | expected response.uid=
          404 | gone                                     | could not find the requested resource
          500 | oops                                     | an error on the server ("oops")
          302 | there                                    | status code 302
          """)
  void whatIsNoAnswerIsAFailure(int status, String body, String said) {
    register(VALIDATING, "v", "");
    hooks.answering("/v", status, body);
    assertThat(refusal(() -> create(widget("a", 1))))
        .hasMessageStartingWith(
            "Internal error occurred: failed calling webhook \"v.hook.example\": ")
        .hasMessageContaining(said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      textBlock =
          """
          ,'objectSelector':{'matchLabels':{'x':'y'}}                  | false
          ,'objectSelector':{'matchExpressions':[{'key':'x','operator':'DoesNotExist'}]} | true
          ,'namespaceSelector':{'matchLabels':{'kubernetes.io/metadata.name':'default'}} | true
          ,'namespaceSelector':{'matchLabels':{'x':'y'}}               | false
          ,'matchConditions':[{'name':'big','expression':'object.spec.size > 1'}] | false
          ,'matchConditions':[{'name':'small','expression':'object.spec.size <= 1'}] | true
          ,'matchConditions':[{'name':'may','expression':'authorizer.requestResource.check(\\u0027delete\\u0027).allowed()'}] | true
          ,'matchConditions':[{'name':'may','expression':'authorizer.group(\\u0027x\\u0027).resource(\\u0027y\\u0027).check(\\u0027z\\u0027).errored()'}] | false
          ,'matchConditions':[{'name':'who','expression':'request.userInfo.username == \\u0027nobody\\u0027'}] | false
          ,'rules':[{'operations':['UPDATE'],'apiGroups':['*'],'apiVersions':['*'],'resources':['*']}] | false
          ,'rules':[{'operations':['CREATE'],'apiGroups':['*'],'apiVersions':['*'],'resources':['*']}] | true
          ,'rules':[{'operations':['CREATE'],'apiGroups':[''],'apiVersions':['*'],'resources':['*']}] | false
          ,'rules':[{'operations':['CREATE'],'apiGroups':['example.io'],'apiVersions':['v2'],'resources':['*']}] | false
          ,'rules':[{'operations':['*'],'apiGroups':['*'],'apiVersions':['*'],'resources':['*/status']}] | false
          ,'rules':[{'operations':['*'],'apiGroups':['*'],'apiVersions':['*'],'resources':['*/*']}] | true
          ,'rules':[{'operations':['*'],'apiGroups':['*'],'apiVersions':['*'],'resources':['*'],'scope':'Cluster'}] | false
          ,'rules':[{'operations':['*'],'apiGroups':['*'],'apiVersions':['*'],'resources':['*'],'scope':'Namespaced'}] | true
          """)
  void isAskedAboutWhatItMatches(String more, boolean asked) {
    var given = about("v", "");
    var with =
        Json.parseObject(
            Json.encode(Json.parse("{%s}".formatted(more.substring(1).replace('\'', '"')))));
    server.client.create(
        VALIDATING, given.edit(tree -> ((ObjectNode) tree.at("/webhooks/0")).setAll(with)));
    hooks.on("/v", request -> denied("asked"));
    if (asked) {
      assertThat(refusal(() -> create(widget("a", 1)))).hasMessageContaining("asked");
    } else {
      create(widget("a", 1));
      assertThat(hooks.asked).isEmpty();
    }
  }

  @Test
  void aRuleForAnotherVersionOfTheSameKindCountsUnlessItMustBeExact() {
    var events =
        "[{'operations':['*'],'apiGroups':['events.k8s.io'],'apiVersions':['v1'],'resources':['events']}]";
    var event =
        object(
            "{'apiVersion':'v1','kind':'Event','metadata':{'name':'e','namespace':'default'},"
                + "'involvedObject':{'namespace':'default','name':'x'},'reason':'R','message':'M'}");
    var type = CoreKinds.EVENTS;
    server.client.create(VALIDATING, withRules("v", events, "Equivalent"));
    hooks.on("/v", request -> allowed());
    server.onTask(() -> server.client.create(type, event));
    var request = hooks.asked.getFirst().path("request");
    assertThat(request.at("/resource/group").asString()).isEqualTo("events.k8s.io");
    assertThat(request.at("/requestResource/group").asString()).isEmpty();
    assertThat(request.at("/object/note").asString()).isEqualTo("M");
    server.client.delete(VALIDATING, Key.of("v"), null);
    server.client.create(VALIDATING, withRules("v", events, "Exact"));
    server.onTask(() -> server.client.create(type, event.editMeta(meta -> meta.put("name", "f"))));
    assertThat(hooks.asked).hasSize(1);
  }

  private static ApiObject withRules(String name, String rules, String policy) {
    return about(name, "")
        .edit(tree -> {
          var hook = (ObjectNode) tree.at("/webhooks/0");
          hook.set("rules", Json.parse(rules.replace('\'', '"')));
          hook.put("matchPolicy", policy);
        });
  }

  @Test
  void nobodyJudgesTheObjectsThatConfigureAdmission() {
    var all = "[{'operations':['*'],'apiGroups':['*'],'apiVersions':['*'],'resources':['*']}]";
    server.client.create(VALIDATING, withRules("v", all, "Exact"));
    hooks.on("/v", request -> denied("never"));
    assertThat(refusal(() -> create(widget("a", 1)))).hasMessageContaining("never");
    delete(VALIDATING, Key.of("v"));
    assertThat(create(widget("a", 1)).name()).isEqualTo("a");
  }

  @Test
  void warningsAndAuditAnnotationsReachWhoAsked() {
    register(VALIDATING, "v", "");
    hooks.on(
        "/v",
        request -> {
          var response = allowed();
          response.putArray("warnings").add("mind the gap");
          response.putObject("auditAnnotations").put("why", "because");
          return response;
        });
    var notes = new TreeMap<String, String>();
    var options =
        new Api.Options(true, "Warn", "me", Api.Propagation.UNSAID, "CreateOptions", notes::put);
    var written =
        server.onTask(() -> server.api.create(ADMIN, WIDGETS, widget("a", 1), "", options));
    assertThat(written.warnings()).containsExactly("mind the gap");
    assertThat(notes).containsEntry("v.hook.example/why", "because");
    assertThat(hooks.asked.getFirst().at("/request/dryRun").asBoolean(false)).isTrue();
    assertThat(hooks.asked.getFirst().at("/request/options/fieldManager").asString())
        .isEqualTo("me");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      textBlock =
          """
          {'name':'short'}                    | webhooks[0].name: Invalid value: "short": should be a domain with at least three segments separated by dots
          {'sideEffects':'Some'}              | webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"
          {'timeoutSeconds':31}               | webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds
          {'admissionReviewVersions':['v1beta1']} | must include v1
          {'clientConfig':{}}                 | webhooks[0].clientConfig: Required value: exactly one of url or service is required
          {'clientConfig':{'url':'http://x.example/y'}} | 'https' is the only allowed URL scheme; desired format: https://host[:port]/path
          {'clientConfig':{'url':'https://x.example/y?z'}} | query parameters are not permitted in the URL
          {'clientConfig':{'service':{'name':'x','namespace':'y'}}} | webhooks[0].clientConfig.service: Forbidden: a hub has no Services to resolve
          {'clientConfig':{'url':'https://x.example/y','caBundle':'aGVsbG8='}} | unable to parse bytes as PEM block
          {'failurePolicy':'Maybe'}           | webhooks[0].failurePolicy: Unsupported value: "Maybe"
          {'rules':[{'operations':[],'apiGroups':['*'],'apiVersions':['*'],'resources':['*']}]} | webhooks[0].rules[0].operations: Required value
          {'rules':[{'operations':['*','CREATE'],'apiGroups':['*'],'apiVersions':['*'],'resources':['*']}]} | if '*' is present, must not specify other operations
          {'matchConditions':[{'name':'x','expression':'nope.x'}]} | webhooks[0].matchConditions[0].expression: Invalid value
          """)
  void whatCannotBeCalledIsRefused(String change, String said) {
    var with = Json.parse(change.replace('\'', '"'));
    var refusal =
        refusal(() ->
            server.client.create(
                VALIDATING,
                about("v", "")
                    .edit(
                        tree -> ((ObjectNode) tree.at("/webhooks/0")).setAll((ObjectNode) with))));
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal).hasMessageContaining(said);
  }

  @Test
  void whatIsLeftOutHasKubernetesDefaults() {
    register(MUTATING, "m", "");
    var hook = server.client.get(MUTATING, Key.of("m")).at("/webhooks/0");
    assertThat(hook.path("failurePolicy").asString()).isEqualTo("Fail");
    assertThat(hook.path("matchPolicy").asString()).isEqualTo("Equivalent");
    assertThat(hook.path("timeoutSeconds").asInt(0)).isEqualTo(10);
    assertThat(hook.path("reinvocationPolicy").asString()).isEqualTo("Never");
    assertThat(hook.path("namespaceSelector").isObject()).isTrue();
    assertThat(hook.at("/rules/0/scope").asString()).isEqualTo("*");
    assertThat(server.client.get(MUTATING, Key.of("m")).generation()).isEqualTo(1);
  }

  @Test
  void aClientThatMayNotWriteNeverReachesAWebhook() {
    register(VALIDATING, "v", "");
    hooks.on("/v", request -> allowed());
    var nobody = Caller.of("nobody");
    assertThat(
            refusal(() ->
                server.onTask(() ->
                    server.api.create(
                        nobody, CONFIG_MAPS, configMap("default", "a"), "", Api.Options.DEFAULT))))
        .hasMessageContaining("nobody");
    assertThat(hooks.asked).isEqualTo(List.of());
  }
}
