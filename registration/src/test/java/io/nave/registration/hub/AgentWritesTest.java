package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiObject;
import io.nave.registration.TestHub;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.BootstrapGroups;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AgentWritesTest {
  private record Who(String user, List<String> groups, List<ApiObject> clusters)
      implements ClusterAdmission.Rights {
    @Override
    public boolean may(
        String verb, String group, String resource, String subresource, String name) {
      return true;
    }
  }

  private static Who bearer(String... more) {
    var groups = new java.util.ArrayList<>(List.of(AgentIdentity.BOOTSTRAP_GROUP));
    groups.addAll(List.of(more));
    return new Who("system:bootstrap:abc", groups, List.of());
  }

  private static final Who AGENT =
      new Who(
          "system:open-cluster-management:c1:a",
          List.of(AgentIdentity.group("c1"), AgentIdentity.ALL_AGENTS),
          List.of());

  private static ApiObject cluster(String labels, String annotations, String spec) {
    return TestHub.object(
        ("{'metadata':{'name':'c1','labels':{%s},'annotations':{%s}},'spec':{%s}}")
            .formatted(labels, annotations, spec));
  }

  private static void refused(@Nullable ApiObject old, ApiObject next, Who who, String why) {
    assertThatThrownBy(() -> AgentWrites.check(old, next, who)).hasMessageContaining(why);
  }

  @Test
  void aTokenBringsLabelsOfItsOwnButNotTheHubs() {
    AgentWrites.check(
        null,
        cluster(
            "'region':'eu','cluster.open-cluster-management.io/clusterset':'prod'",
            "'agent.open-cluster-management.io/x':'y','nave.io/agent-key':'sha256:0'",
            ""),
        bearer());
    refused(
        null,
        cluster("'feature.open-cluster-management.io/addon-x':'available'", "", ""),
        bearer(),
        "is not for a cluster to choose");
    refused(null, cluster("", "'nave.io/force-detach':''", ""), bearer(), "nave.io/force-detach");
  }

  @Test
  void theServiceAccountThatUpstreamsToolsHandOutBringsNoMoreThanAToken() {
    var account = new Who(AgentIdentity.BOOTSTRAP_ACCOUNT, List.of(), List.of());
    AgentWrites.check(null, cluster("'region':'eu'", "", ""), account);
    refused(null, cluster("", "'nave.io/force-detach':''", ""), account, "nave.io/force-detach");
  }

  @Test
  void aTokenForOneClusterNamesNoOther() {
    AgentWrites.check(null, cluster("", "", ""), bearer(BootstrapGroups.only("c1")));
    refused(null, cluster("", "", ""), bearer(BootstrapGroups.only("c10")), "for cluster c10 only");
  }

  @Test
  void aTokenForOneUseAsksOnce() {
    var once = bearer(BootstrapGroups.ONCE);
    var noted = AgentWrites.noted(null, cluster("", "", ""), once);
    assertThat(noted.annotations()).containsEntry(AgentWrites.ASKED_BY, once.user());
    var other = noted.editMeta(meta -> meta.put("name", "c2"));
    refused(
        null,
        cluster("", "", ""),
        new Who(once.user(), once.groups(), List.of(other)),
        "lets one cluster in, and c2 used it");
    AgentWrites.check(
        null, cluster("", "", ""), new Who(once.user(), once.groups(), List.of(noted)));
  }

  private static final ApiObject STORED =
      cluster("'region':'eu'", "'nave.io/agent-key':'sha256:0'", "'hubAcceptsClient':true");

  @Test
  void anAgentChangesItsUrlsAndItsOwnAnnotations() {
    AgentWrites.check(
        STORED,
        cluster(
            "'region':'eu'",
            "'nave.io/agent-key':'sha256:0','agent.open-cluster-management.io/x':'y'",
            "'hubAcceptsClient':true,'managedClusterClientConfigs':[{'url':'https://a'}]"),
        AGENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'metadata':{'name':'c1','labels':{'region':'us'},'annotations':{'nave.io/agent-key':'sha256:0'}},'spec':{'hubAcceptsClient':true}}",
        "{'metadata':{'name':'c1','labels':{'region':'eu'}},'spec':{'hubAcceptsClient':true}}",
        "{'metadata':{'name':'c1','labels':{'region':'eu'},'annotations':{'nave.io/agent-key':'sha256:1'}},'spec':{'hubAcceptsClient':true}}",
        "{'metadata':{'name':'c1','labels':{'region':'eu'},'annotations':{'nave.io/agent-key':'sha256:0'},'finalizers':['a/b']},'spec':{'hubAcceptsClient':true}}",
        "{'metadata':{'name':'c1','labels':{'region':'eu'},'annotations':{'nave.io/agent-key':'sha256:0'}},'spec':{'hubAcceptsClient':true,'taints':[]}}",
        "{'metadata':{'name':'c1','labels':{'region':'eu'},'annotations':{'nave.io/agent-key':'sha256:0'}},'spec':{'hubAcceptsClient':true,'leaseDurationSeconds':9999}}",
      })
  void anAgentChangesNothingElse(String next) {
    refused(STORED, TestHub.object(next), AGENT, "and nothing else of its ManagedCluster");
  }

  @Test
  void aPersonChangesWhatTheyMay() {
    AgentWrites.check(
        STORED, cluster("", "", ""), new Who("admin", List.of("system:masters"), List.of()));
  }
}
