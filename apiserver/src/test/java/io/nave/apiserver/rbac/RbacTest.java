package io.nave.apiserver.rbac;

import static io.nave.apiserver.TestServer.ADMIN;
import static io.nave.apiserver.TestServer.CONFIG_MAPS;
import static io.nave.apiserver.TestServer.WIDGETS;
import static io.nave.apiserver.TestServer.configMap;
import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.TestServer.widget;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError.Reason;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RbacTest {
  private static final ResourceType ROLES = ResourceType.of(Role.class);
  private static final ResourceType CLUSTER_ROLES = ResourceType.of(ClusterRole.class);
  private static final ResourceType BINDINGS = ResourceType.of(RoleBinding.class);
  private static final ResourceType CLUSTER_BINDINGS = ResourceType.of(ClusterRoleBinding.class);

  private final TestServer server = TestServer.start();
  private final Caller alice = Caller.of("alice", "team", Caller.AUTHENTICATED);
  private final LocalClient asAlice = new LocalClient(server.api, alice);

  @AfterEach
  void close() {
    server.close();
  }

  private void clusterRole(String name, String rules) {
    server.client.create(
        CLUSTER_ROLES, object("{'metadata':{'name':'%s'},'rules':[%s]}".formatted(name, rules)));
  }

  private void bindEverywhere(String role, String subject) {
    server.client.create(
        CLUSTER_BINDINGS,
        object(
            "{'metadata':{'generateName':'b-'},'roleRef':{'kind':'ClusterRole','name':'%s'},'subjects':[%s]}"
                .formatted(role, subject)));
  }

  private void bindIn(String namespace, String role, String subject) {
    server.client.create(
        BINDINGS,
        object(
            "{'metadata':{'name':'b','namespace':'%s'},'roleRef':{'kind':'ClusterRole','name':'%s'},'subjects':[%s]}"
                .formatted(namespace, role, subject)));
  }

  private static final String ALICE = "{'kind':'User','name':'alice'}";

  private boolean may(Caller caller, String verb, String resource, String namespace) {
    return server
        .api
        .authorize(caller, new Api.Attributes(verb, "", resource, "", namespace, "", ""))
        .allowed();
  }

  @Test
  void refusesInKubernetesWords() {
    assertThat(refusal(() -> asAlice.get(WIDGETS, inDefault("a"))))
        .hasMessage(
            "widgets.example.io \"a\" is forbidden: User \"alice\" cannot get resource \"widgets\""
                + " in API group \"example.io\" in the namespace \"default\"");
    assertThat(refusal(() -> asAlice.list(CLUSTER_ROLES, "", Selection.all())))
        .hasMessage(
            "clusterroles.rbac.authorization.k8s.io is forbidden: User \"alice\" cannot list"
                + " resource \"clusterroles\" in API group \"rbac.authorization.k8s.io\" at the"
                + " cluster scope");
    var refusal = refusal(() -> asAlice.create(CONFIG_MAPS, configMap("default", "a")));
    assertThat(refusal.reason()).isEqualTo(Reason.FORBIDDEN);
    assertThat(refusal)
        .hasMessage(
            "configmaps is forbidden: User \"alice\" cannot create resource \"configmaps\" in API"
                + " group \"\" in the namespace \"default\"");
    assertThat(refusal(() -> asAlice.update(WIDGETS, widget("a", 1), "status")))
        .hasMessageContaining("cannot update resource \"widgets/status\"");
  }

  @Test
  void aBindingHoldsFromTheMomentItIsStoredUntilItIsGone() {
    clusterRole("reader", "{'apiGroups':[''],'resources':['configmaps'],'verbs':['get']}");
    assertThat(may(alice, "get", "configmaps", "default")).isFalse();
    bindIn("default", "reader", ALICE);
    assertThat(may(alice, "get", "configmaps", "default")).isTrue();
    assertThat(may(alice, "get", "configmaps", "kube-public")).isFalse();
    assertThat(may(alice, "get", "configmaps", "")).isFalse();
    server.client.delete(BINDINGS, inDefault("b"), null);
    assertThat(may(alice, "get", "configmaps", "default")).isFalse();
  }

  @Test
  void changedRulesAndSubjectsCountAtOnce() {
    clusterRole("r", "{'apiGroups':[''],'resources':['configmaps'],'verbs':['get']}");
    bindIn("default", "r", ALICE);
    server.client.patch(
        CLUSTER_ROLES,
        Key.of("r"),
        "",
        TestServer.merge("{'rules':[{'apiGroups':[''],'resources':['secrets'],'verbs':['get']}]}"));
    assertThat(may(alice, "get", "configmaps", "default")).isFalse();
    assertThat(may(alice, "get", "secrets", "default")).isTrue();
    server.client.patch(
        BINDINGS,
        inDefault("b"),
        "",
        TestServer.merge("{'subjects':[{'kind':'User','name':'bob'}]}"));
    assertThat(may(alice, "get", "secrets", "default")).isFalse();
    assertThat(may(Caller.of("bob"), "get", "secrets", "default")).isTrue();
  }

  @Test
  void groupsAndServiceAccountsAreSubjects() {
    clusterRole("r", "{'apiGroups':[''],'resources':['configmaps'],'verbs':['get']}");
    bindEverywhere("r", "{'kind':'Group','name':'team'}");
    assertThat(may(alice, "get", "configmaps", "any")).isTrue();
    bindIn("kube-public", "r", "{'kind':'ServiceAccount','name':'bot'}");
    var bot = Caller.of("system:serviceaccount:kube-public:bot");
    assertThat(may(bot, "get", "configmaps", "kube-public")).isTrue();
    assertThat(may(bot, "get", "configmaps", "default")).isFalse();
  }

  @Test
  void aRoleOfTheNamespaceIsFoundThereOnly() {
    server.client.create(
        ROLES,
        object(
            """
            {'metadata':{'name':'local','namespace':'default'},
             'rules':[{'apiGroups':[''],'resources':['configmaps'],'verbs':['list']}]}\
            """));
    server.client.create(
        BINDINGS,
        object(
            """
            {'metadata':{'name':'x','namespace':'default'},
             'roleRef':{'kind':'Role','name':'local'},'subjects':[{'kind':'User','name':'alice'}]}\
            """));
    assertThat(may(alice, "list", "configmaps", "default")).isTrue();
    assertThat(may(alice, "list", "configmaps", "")).isFalse();
  }

  @Test
  void listingOneNameNeedsThatNameOnly() {
    clusterRole(
        "own",
        "{'apiGroups':['example.io'],'resources':['widgets'],'resourceNames':['a'],'verbs':['list','watch']}");
    bindEverywhere("own", ALICE);
    assertThat(asAlice.list(WIDGETS, "default", Selection.named("a")).items()).isEmpty();
    asAlice.watch(WIDGETS, "default", Selection.named("a"), "").close();
    assertThat(refusal(() -> asAlice.list(WIDGETS, "default", Selection.named("b"))).code())
        .isEqualTo(403);
    assertThat(refusal(() -> asAlice.list(WIDGETS, "default", Selection.all())).code())
        .isEqualTo(403);
  }

  @Test
  void aggregatedRolesFollowTheirParts() {
    bindEverywhere("view", ALICE);
    assertThat(may(alice, "list", "configmaps", "x")).isTrue();
    assertThat(may(alice, "list", "secrets", "x")).isFalse();
    assertThat(may(alice, "list", "gadgets", "x")).isFalse();
    server.client.create(
        CLUSTER_ROLES,
        object(
            """
            {'metadata':{'name':'gadgets','labels':{'rbac.authorization.k8s.io/aggregate-to-view':'true'}},
             'rules':[{'apiGroups':[''],'resources':['gadgets'],'verbs':['list']}]}\
            """));
    assertThat(may(alice, "list", "gadgets", "x")).isTrue();
    bindEverywhere("admin", "{'kind':'User','name':'carol'}");
    assertThat(may(Caller.of("carol"), "list", "gadgets", "x"))
        .as("admin holds edit, which holds view")
        .isTrue();
    server.client.delete(CLUSTER_ROLES, Key.of("gadgets"), null);
    assertThat(may(alice, "list", "gadgets", "x")).isFalse();
  }

  @Test
  void theDefaultsLetEveryoneAskWhatTheyMay() {
    var review =
        object(
            """
            {'spec':{'resourceAttributes':{'verb':'get','resource':'secrets','namespace':'x'}}}\
            """);
    var type = server.api.type("authorization.k8s.io", "v1", "selfsubjectaccessreviews");
    var answer = asAlice.create(type.orElseThrow(), review);
    assertThat(answer.at("/status/allowed").asBoolean()).isFalse();
    assertThat(server.api.authorize(alice, Api.Attributes.ofPath("get", "/apis/apps")).allowed())
        .isTrue();
    assertThat(server.api.authorize(alice, Api.Attributes.ofPath("get", "/metrics")).allowed())
        .isFalse();
  }

  @Test
  void nobodyGrantsWhatTheyDoNotHave() {
    clusterRole(
        "rbac-writer",
        "{'apiGroups':['rbac.authorization.k8s.io'],'resources':['roles','rolebindings'],'verbs':['create','get']},"
            + "{'apiGroups':[''],'resources':['configmaps'],'verbs':['get']}");
    bindIn("default", "rbac-writer", ALICE);
    var modest = role("modest", "configmaps", "get");
    assertThat(asAlice.create(ROLES, modest).name()).isEqualTo("modest");
    assertThat(refusal(() -> asAlice.create(ROLES, role("greedy", "secrets", "get"))))
        .hasMessage(
            "roles.rbac.authorization.k8s.io \"greedy\" is forbidden: user \"alice\""
                + " (groups=[\"team\" \"system:authenticated\"]) is attempting to grant RBAC"
                + " permissions not currently held:\n"
                + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}");
    assertThat(refusal(() -> asAlice.create(BINDINGS, binding("up", "cluster-admin"))).code())
        .isEqualTo(403);
    clusterRole(
        "binder",
        "{'apiGroups':['rbac.authorization.k8s.io'],'resources':['clusterroles'],'resourceNames':['cluster-admin'],'verbs':['bind']}");
    bindEverywhere("binder", ALICE);
    assertThat(asAlice.create(BINDINGS, binding("up", "cluster-admin")).name()).isEqualTo("up");
  }

  private static io.nave.api.ApiObject role(String name, String resource, String verb) {
    return object(
        "{'metadata':{'name':'%s','namespace':'default'},'rules':[{'apiGroups':[''],'resources':['%s'],'verbs':['%s']}]}"
            .formatted(name, resource, verb));
  }

  private static io.nave.api.ApiObject binding(String name, String clusterRole) {
    return object(
        "{'metadata':{'name':'%s','namespace':'default'},'roleRef':{'kind':'ClusterRole','name':'%s'},'subjects':[%s]}"
            .formatted(name, clusterRole, ALICE));
  }

  @Test
  void theRoleOfABindingNeverChanges() {
    bindIn("default", "view", ALICE);
    var stored = server.client.get(BINDINGS, inDefault("b"));
    assertThat(stored.at("/roleRef/apiGroup").asString()).isEqualTo("rbac.authorization.k8s.io");
    var next = TestServer.merge("{'roleRef':{'kind':'ClusterRole','name':'edit'}}");
    assertThat(refusal(() -> server.client.patch(BINDINGS, inDefault("b"), "", next)))
        .hasMessageEndingWith("cannot change roleRef");
  }

  @Test
  void aBindingOfNothingIsRefusedFieldByField() {
    var empty = object("{'metadata':{'name':'b','namespace':'default'},'subjects':[null]}");
    assertThat(refusal(() -> server.client.create(BINDINGS, empty)).causes())
        .extracting(cause -> cause.field())
        .contains("roleRef.kind", "roleRef.name", "subjects[0].kind", "subjects[0].name");
  }

  @Test
  void roleNamesMayHoldColonsAndRulesMustBeWhole() {
    clusterRole("open-cluster-management:managedcluster:East", "");
    var empty = object("{'metadata':{'name':'x'},'rules':[{'verbs':[]}]}");
    assertThat(refusal(() -> server.client.create(CLUSTER_ROLES, empty)).causes())
        .extracting(cause -> cause.field())
        .containsExactly("rules[0].verbs", "rules[0].apiGroups", "rules[0].resources");
  }

  @Test
  void nullRulesAreNoRules() {
    var sent = object("{'metadata':{'name':'x','creationTimestamp':null},'rules':null}");
    assertThat(server.client.create(CLUSTER_ROLES, sent).json().has("rules")).isFalse();
  }

  @Test
  void rulesCanBeListed() {
    bindIn("default", "view", ALICE);
    var type = server.api.type("authorization.k8s.io", "v1", "selfsubjectrulesreviews");
    var review = object("{'spec':{'namespace':'default'}}");
    var answer = asAlice.create(type.orElseThrow(), review);
    assertThat(answer.at("/status/resourceRules").toString()).contains("configmaps");
    var all = new LocalClient(server.api, ADMIN).create(type.orElseThrow(), review);
    assertThat(all.at("/status/resourceRules/0/verbs/0").asString()).isEqualTo("*");
  }
}
