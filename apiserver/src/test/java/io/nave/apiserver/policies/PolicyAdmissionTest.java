package io.nave.apiserver.policies;

import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.CONFIG_MAPS;
import static io.nave.apiserver.TestServer.WIDGETS;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.TestServer.widget;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError.Reason;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.rbac.ClusterRole;
import io.nave.apiserver.rbac.ClusterRoleBinding;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyAdmissionTest {
  private static final ResourceType POLICIES = ResourceType.of(ValidatingAdmissionPolicy.class);
  private static final ResourceType BINDINGS =
      ResourceType.of(ValidatingAdmissionPolicyBinding.class);

  private final TestServer server = TestServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  /// @param spec fields of the policy's spec, JSON with single quotes; texts in double quotes stay
  private static ApiObject policy(String spec) {
    return object(
        """
        {'metadata':{'name':'small'},'spec':{'matchConstraints':{'resourceRules':[
          {'operations':['*'],'apiGroups':['example.io'],'apiVersions':['v1'],
           'resources':['widgets']}]},%s}}\
        """
            .formatted(spec));
  }

  private void bind(String more) {
    server.client.create(
        BINDINGS,
        object(
            "{'metadata':{'name':'everywhere'},'spec':{'policyName':'small'%s}}".formatted(more)));
  }

  private void enforce(String spec) {
    server.client.create(POLICIES, policy(spec));
    bind(",'validationActions':['Deny']");
  }

  private static String checking(String expression) {
    return "'validations':[{'expression':'%s'}]".formatted(expression);
  }

  @Test
  void refusesInKubernetesWords() {
    enforce(checking("object.spec.size <= 3"));
    server.create(widget("a", 3));
    var refusal = refusal(() -> server.create(widget("b", 4)));
    assertThat(refusal.code()).isEqualTo(422);
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal)
        .hasMessage(
            "widgets.example.io \"b\" is forbidden: ValidatingAdmissionPolicy 'small' with binding"
                + " 'everywhere' denied request: failed expression: object.spec.size <= 3");
    assertThat(refusal.toStatus().at("/details/kind").asString()).isEqualTo("widgets");
    assertThat(refusal.causes().getFirst().message())
        .isEqualTo(
            "ValidatingAdmissionPolicy 'small' with binding 'everywhere' denied request: failed"
                + " expression: object.spec.size <= 3");
  }

  @Test
  void judgesNothingWithoutABinding() {
    server.client.create(POLICIES, policy(checking("false")));
    server.create(widget("a", 1));
    bind(",'validationActions':['Deny']");
    assertThat(refusal(() -> server.patch("a", "", "{'spec':{'size':2}}")).code()).isEqualTo(422);
    server.client.delete(POLICIES, Key.of("small"), null);
    server.patch("a", "", "{'spec':{'size':2}}");
  }

  @Test
  void aReasonAndMessagesOfItsOwn() {
    enforce(
        "'variables':[{'name':'size','expression':'object.spec.size'},"
            + "{'name':'twice','expression':'variables.size * 2'}],"
            + "'validations':[{'expression':'variables.twice < 10','reason':'Forbidden',"
            + "'messageExpression':'string(variables.size) + \\u0027 is too large\\u0027'}]");
    server.create(widget("a", 4));
    var refusal = refusal(() -> server.create(widget("b", 5)));
    assertThat(refusal.code()).isEqualTo(403);
    assertThat(refusal).hasMessageEndingWith("denied request: 5 is too large");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      textBlock =
          """
          object.metadata.name == \\u0027a\\u0027                   | true
          request.userInfo.username == \\u0027admin\\u0027          | true
          request.operation == \\u0027CREATE\\u0027                 | true
          oldObject == null                                         | true
          params == null                                            | true
          namespaceObject.metadata.name == \\u0027default\\u0027    | true
          namespaceObject.metadata.name != \\u0027default\\u0027    | false
          quantity(\\u00271\\u0027).isInteger()                     | true
          object.spec.absent == 1                                   | false
          !has(object.spec.absent)                                  | true
          """)
  void expressionsReadTheRequest(String expression, boolean passes) {
    enforce(checking(expression));
    if (passes) {
      assertThat(server.create(widget("a", 1)).name()).isEqualTo("a");
    } else {
      assertThat(refusal(() -> server.create(widget("a", 1)))).hasMessageContaining("denied");
    }
  }

  @Test
  void anExpressionThatFailsFollowsTheFailurePolicy() {
    enforce(checking("object.spec.absent == 1"));
    assertThat(refusal(() -> server.create(widget("a", 1))))
        .hasMessageContaining("expression 'object.spec.absent == 1' resulted in error: ");
    server.client.delete(POLICIES, Key.of("small"), null);
    server.client.create(
        POLICIES, policy("'failurePolicy':'Ignore'," + checking("object.spec.absent == 1")));
    server.create(widget("a", 1));
  }

  @Test
  void isAskedOnlyWhereItsConditionsHold() {
    enforce(
        "'matchConditions':[{'name':'large','expression':'object.spec.size > 5'}],"
            + checking("false"));
    server.create(widget("a", 5));
    assertThat(refusal(() -> server.create(widget("b", 6))).code()).isEqualTo(422);
  }

  @Test
  void aDeleteIsJudgedByTheOldObject() {
    server.create(widget("a", 1));
    enforce(checking("oldObject.spec.size > 1 && object == null"));
    assertThat(refusal(() -> server.client.delete(WIDGETS, inDefault("a"), null)))
        .hasMessageContaining("denied request");
  }

  @Test
  void aBindingNarrows() {
    server.client.create(POLICIES, policy(checking("false")));
    bind(
        ",'validationActions':['Deny'],'matchResources':{'objectSelector':"
            + "{'matchLabels':{'strict':'yes'}}}");
    server.create(widget("a", 1));
    assertThat(
            refusal(() ->
                    server.create(
                        widget("b", 1).editMeta(m -> m.putObject("labels").put("strict", "yes"))))
                .code())
        .isEqualTo(422);
  }

  @Test
  void warnsAndAuditsInsteadOfRefusing() {
    server.client.create(
        POLICIES,
        policy(
            "'auditAnnotations':[{'key':'size','valueExpression':'string(object.spec.size)'}],"
                + checking("false")));
    bind(",'validationActions':['Warn','Audit']");
    var notes = new TreeMap<String, String>();
    var options =
        new Api.Options(false, "Warn", "me", Api.Propagation.UNSAID, "CreateOptions", notes::put);
    var written = server.api.create(ADMIN, WIDGETS, widget("a", 1), "", options);
    assertThat(written.warnings())
        .containsExactly(
            "Validation failed for ValidatingAdmissionPolicy 'small' with binding 'everywhere':"
                + " failed expression: false");
    assertThat(notes).containsEntry("small/size", "1");
    var audited =
        Json.parse(notes.get("validation.policy.admission.k8s.io/validation_failure")).get(0);
    assertThat(audited.path("policy").asString()).isEqualTo("small");
    assertThat(audited.path("message").asString()).isEqualTo("failed expression: false");
  }

  /// - Goal: what is refused is audited too, and whoever speaks after the first refusal is heard.
  @Test
  void aRefusalDoesNotSilenceWhatIsAuditedAndWarnedOf() {
    server.client.create(POLICIES, policy(checking("false")));
    bind(",'validationActions':['Audit','Deny']");
    server.client.create(
        BINDINGS,
        object(
            "{'metadata':{'name':'later'},'spec':{'policyName':'small',"
                + "'validationActions':['Audit']}}"));
    var notes = new TreeMap<String, String>();
    var options =
        new Api.Options(false, "Warn", "me", Api.Propagation.UNSAID, "CreateOptions", notes::put);
    var refusal = refusal(() -> server.api.create(ADMIN, WIDGETS, widget("a", 1), "", options));
    assertThat(refusal).hasMessageContaining("with binding 'everywhere' denied request");
    assertThat(Json.parse(notes.get("validation.policy.admission.k8s.io/validation_failure")))
        .extracting(said -> said.path("binding").asString())
        .containsExactly("everywhere", "later");
  }

  @ParameterizedTest
  @CsvSource({"Fail, 3, 422", "Fail, 2, 201", "Ignore, 3, 201"})
  void aConditionThatCannotBeAskedCountsOnlyWhereAllOthersHold(String failure, int size, int code) {
    enforce(
        "'failurePolicy':'"
            + failure
            + "','matchConditions':[{'name':'odd','expression':'object.spec.none == 1'},"
            + "{'name':'large','expression':'object.spec.size > 2'}],"
            + checking("false"));
    var refusal = refusal(() -> server.create(widget("a", size)));
    assertThat(refusal == null ? 201 : refusal.code()).isEqualTo(code);
    if (refusal != null) {
      assertThat(refusal).hasMessageContaining("evaluating match condition odd");
    }
  }

  @Test
  void parametersAreObjects() {
    server.client.create(
        POLICIES,
        policy(
            "'paramKind':{'apiVersion':'v1','kind':'ConfigMap'},"
                + checking("object.spec.size <= int(params.data.most)")));
    bind(
        ",'validationActions':['Deny'],'paramRef':{'name':'limits',"
            + "'parameterNotFoundAction':'Deny'}");
    assertThat(refusal(() -> server.create(widget("a", 1))))
        .hasMessageContaining("no params found for policy binding");
    server.client.create(
        CONFIG_MAPS,
        object("{'metadata':{'name':'limits','namespace':'default'},'data':{'most':'2'}}"));
    server.create(widget("a", 2));
    assertThat(refusal(() -> server.create(widget("b", 3)))).hasMessageContaining("denied request");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      textBlock =
          """
          'validations':[]                                   | spec.validations: Required value: validations or auditAnnotations must contain at least one item
          'validations':[{'expression':'1 +'}]               | spec.validations[0].expression: Invalid value: "1 +": compilation failed
          'validations':[{'expression':'1'}]                 | must evaluate to bool
          'validations':[{'expression':'nope.x'}]            | compilation failed
          'validations':[{'expression':'true','reason':'No'}] | spec.validations[0].reason: Unsupported value: "No"
          'validations':[{'expression':'true','messageExpression':'1'}] | must evaluate to string
          'validations':[{'expression':'true'}],'variables':[{'name':'a b','expression':'1'}] | name is not a valid CEL identifier
          'validations':[{'expression':'true'}],'variables':[{'name':'a','expression':'variables.a'}] | undefined field 'a'
          'validations':[{'expression':'true'}],'matchConditions':[{'name':'x','expression':'2'}] | spec.matchConditions[0].expression
          'auditAnnotations':[{'key':'x','valueExpression':'2'}] | spec.auditAnnotations[0].valueExpression
          """)
  void whatCannotBeAskedIsRefused(String spec, String said) {
    var refusal = refusal(() -> server.client.create(POLICIES, policy(spec)));
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal).hasMessageContaining(said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      textBlock =
          """
          ``                                               | spec.validationActions: Required value
          ,'validationActions':['Deny','Warn']             | must not contain both Deny and Warn
          ,'validationActions':['Sulk']                    | Unsupported value: "Sulk"
          ,'validationActions':['Deny'],'paramRef':{'parameterNotFoundAction':'Deny'} | name and selector are mutually exclusive
          ,'validationActions':['Deny'],'paramRef':{'name':'x'} | spec.paramRef.parameterNotFoundAction: Required value
          """)
  void aBindingMustSayWhatFollows(String more, String said) {
    var refusal = refusal(() -> bind(more));
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal).hasMessageContaining(said);
  }

  /// A role of `view` on widgets lets a user read them and not delete them.
  private void letRead(String subject) {
    server.client.create(
        ResourceType.of(ClusterRole.class),
        object(
            "{'metadata':{'name':'reader'},'rules':[{'apiGroups':['example.io'],"
                + "'resources':['widgets'],'verbs':['get','create']},"
                + "{'nonResourceURLs':['/ok'],'verbs':['get']}]}"));
    server.client.create(
        ResourceType.of(ClusterRoleBinding.class),
        object(
            "{'metadata':{'name':'reader'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                + "'kind':'ClusterRole','name':'reader'},'subjects':[%s]}".formatted(subject)));
  }

  private static final String ANNA =
      "{'apiGroup':'rbac.authorization.k8s.io','kind':'User','name':'anna'}";

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      textBlock =
          """
          authorizer.requestResource.check("create").allowed()                           | true
          authorizer.requestResource.check("delete").allowed()                           | false
          authorizer.requestResource.subresource("status").check("get").allowed()        | false
          authorizer.group("example.io").resource("widgets").namespace("x").name("y").check("get").allowed() | true
          authorizer.group("").resource("secrets").check("get").allowed()                | false
          authorizer.path("/ok").check("get").allowed()                                  | true
          authorizer.path("/other").check("get").allowed()                               | false
          authorizer.serviceAccount("default", "robot").requestResource.check("get").allowed() | refused
          authorizer.serviceAccount("default", "robot").path("/ok").check("get").allowed() | false
          !authorizer.path("/ok").check("get").errored()                                 | true
          authorizer.path("/ok").check("get").error() == ""                              | true
          """)
  void expressionsAskWhatTheSenderMay(String expression, String expected) {
    letRead(ANNA);
    if (expected.equals("refused")) {
      var policy = policy(checking(expression.replace("\"", "\\\"")));
      assertThat(refusal(() -> server.client.create(POLICIES, policy)).getMessage())
          .contains("compilation failed");
      return;
    }
    enforce(checking(expression.replace("\"", "\\\"")));
    var anna = new LocalClient(server.api, Caller.of("anna"));

    if (expected.equals("true")) {
      assertThat(anna.create(WIDGETS, widget("a", 1)).name()).isEqualTo("a");
    } else {
      assertThat(refusal(() -> anna.create(WIDGETS, widget("a", 1))))
          .hasMessageContaining("denied request: failed expression: " + expression);
    }
  }

  @Test
  void expressionsAskAboutServiceAccounts() {
    letRead("{'kind':'ServiceAccount','name':'robot','namespace':'default'}");
    enforce(
        checking(
            "authorizer.serviceAccount(\\\"default\\\", \\\"robot\\\").group(\\\"example.io\\\")"
                + ".resource(\\\"widgets\\\").check(\\\"get\\\").allowed()"));
    server.create(widget("a", 1));
    server.client.delete(ResourceType.of(ClusterRoleBinding.class), Key.of("reader"), null);
    assertThat(refusal(() -> server.create(widget("b", 1)))).hasMessageContaining("denied request");
  }

  @Test
  void askingWithoutEndIsStopped() {
    enforce(
        checking(
            "[1,2,3,4,5,6].all(a, [1,2,3,4,5,6].all(b, authorizer.path(\\\"/ok\\\").check(\\\"get\\\")"
                + ".allowed()))"));
    assertThat(refusal(() -> server.create(widget("a", 1))))
        .hasMessageContaining("it cost more than the 10000000 units allowed");
  }
}
