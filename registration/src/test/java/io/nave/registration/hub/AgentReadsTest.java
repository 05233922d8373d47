package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AgentReadsTest {
  private static final AgentIdentity C1 = new AgentIdentity("c1", "a");
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

  private static boolean agent(ResourceType type, Selection selection) {
    return AgentReads.list(C1.user(), C1.certificate().organisations(), type, selection).isEmpty();
  }

  private static boolean bootstrap(ResourceType type, Selection selection) {
    return AgentReads.list("system:bootstrap:x", Requests.BOOTSTRAP, type, selection).isEmpty();
  }

  @Test
  void anAgentListsOnlyItsOwnRequests() {
    assertThat(agent(HubKinds.SIGNING_REQUEST, labelled("c1"))).isTrue();
    assertThat(agent(HubKinds.SIGNING_REQUEST, labelled("c10"))).isFalse();
    assertThat(
            agent(HubKinds.SIGNING_REQUEST, Selection.parse(ManagedCluster.NAME_LABEL + "=c1", "")))
        .isTrue();
    assertThat(
            agent(
                HubKinds.SIGNING_REQUEST,
                Selection.parse(ManagedCluster.NAME_LABEL + " in (c1,c2)", "")))
        .isFalse();
  }

  @Test
  void aBootstrapCredentialNamesTheClusterItAsksAbout() {
    assertThat(bootstrap(HubKinds.SIGNING_REQUEST, labelled("c1"))).isTrue();
    assertThat(bootstrap(CLUSTER, Selection.all())).isFalse();
    assertThat(bootstrap(CLUSTER, Selection.named("c1"))).isTrue();
  }

  @Test
  void theServiceAccountThatUpstreamsToolsHandOutIsABootstrapCredentialToo() {
    var account = AgentIdentity.BOOTSTRAP_ACCOUNT;
    var groups = List.of("system:serviceaccounts", "system:authenticated");
    assertThat(AgentReads.list(account, groups, CLUSTER, Selection.all())).isPresent();
    assertThat(AgentReads.list(account, groups, CLUSTER, Selection.named("c1"))).isEmpty();
    assertThat(
            AgentReads.shown(account, groups, HubKinds.SIGNING_REQUEST, Selection.all()).fields())
        .containsEntry("spec.username", account);
  }

  @Test
  void whoNamesNoClusterIsShownTheRequestsItMadeItself() {
    var asked = Selection.parse("", "spec.signerName=kubernetes.io/kube-apiserver-client");
    var shown =
        AgentReads.shown("system:bootstrap:x", Requests.BOOTSTRAP, HubKinds.SIGNING_REQUEST, asked);

    assertThat(bootstrap(HubKinds.SIGNING_REQUEST, asked)).isTrue();
    assertThat(shown.fieldQuery())
        .isEqualTo(
            "spec.signerName=kubernetes.io/kube-apiserver-client,spec.username=system:bootstrap:x");
    assertThat(
            AgentReads.shown(
                    C1.user(),
                    C1.certificate().organisations(),
                    HubKinds.SIGNING_REQUEST,
                    Selection.all())
                .fields())
        .containsEntry("spec.username", C1.user());
  }

  @Test
  void whatNamesAClusterIsShownAsAsked() {
    assertThat(
            AgentReads.shown(
                "system:bootstrap:x", Requests.BOOTSTRAP, HubKinds.SIGNING_REQUEST, labelled("c1")))
        .isEqualTo(labelled("c1"));
    assertThat(
            AgentReads.shown(
                "jane", List.of("developers"), HubKinds.SIGNING_REQUEST, Selection.all()))
        .isEqualTo(Selection.all());
  }

  @Test
  void othersListAsTheirRightsAllow() {
    assertThat(
            AgentReads.list(
                "jane", List.of("developers"), HubKinds.SIGNING_REQUEST, Selection.all()))
        .isEmpty();
    assertThat(agent(HubKinds.LEASE, Selection.all())).isTrue();
  }

  @Test
  void anAgentSeesNoRequestOfAnotherCluster() {
    var groups = C1.certificate().organisations();
    assertThat(AgentReads.get(C1.user(), groups, kind(Requests.first("c1", Requests.KEY))))
        .isTrue();
    assertThat(AgentReads.get(C1.user(), groups, kind(Requests.first("c2", Requests.KEY))))
        .isFalse();
  }

  private static ApiObject kind(ApiObject request) {
    return request.edit(tree -> tree.put("kind", HubKinds.SIGNING_REQUEST.kind()));
  }

  private static Selection labelled(String cluster) {
    return Selection.labelled(ManagedCluster.NAME_LABEL, cluster);
  }
}
