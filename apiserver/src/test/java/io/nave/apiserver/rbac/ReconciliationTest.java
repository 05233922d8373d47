package io.nave.apiserver.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Meta;
import io.nave.api.Resource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReconciliationTest {
  private static final PolicyRule READ = PolicyRule.on("", List.of("pods"), List.of("get"));
  private static final PolicyRule MORE = PolicyRule.on("", List.of("nodes"), List.of("list"));

  private static ClusterRole role(Map<String, String> labels, PolicyRule... rules) {
    return new ClusterRole(Meta.named("r").withLabels(labels), null, List.of(rules));
  }

  private static ApiObject reconciled(Resource wanted, ApiObject present) {
    return Reconciliation.of(wanted, present);
  }

  @Test
  void everyDefaultStaysAsItWasMade() {
    for (var wanted : DefaultRoles.all()) {
      var present = Codec.encode(wanted);
      assertThat(reconciled(wanted, present)).as("%s", wanted).isSameAs(present);
    }
  }

  @Test
  void rulesThatAreMissingAreAddedAndOthersStay() {
    var next =
        Codec.decode(
            reconciled(role(Map.of(), READ), Codec.encode(role(Map.of(), MORE))),
            ClusterRole.class);
    assertThat(next.rules()).containsExactly(MORE, READ);
  }

  @Test
  void aRuleThatIsCoveredIsNotAdded() {
    var wide = PolicyRule.on("*", List.of("*"), List.of("*"));
    var present = Codec.encode(role(Map.of(), wide));
    assertThat(reconciled(role(Map.of(), READ), present)).isSameAs(present);
  }

  @Test
  void labelsAreAddedButNotTakenBack() {
    var next =
        reconciled(
            role(Map.of("a", "1", "b", "2"), READ), Codec.encode(role(Map.of("a", "mine"), READ)));
    assertThat(next.labels()).isEqualTo(Map.of("a", "mine", "b", "2"));
  }

  @Test
  void subjectsThatAreMissingAreAdded() {
    var wanted =
        new ClusterRoleBinding(
            Meta.named("b"), RoleRef.toClusterRole("r"), List.of(Subject.group("g")));
    var present =
        new ClusterRoleBinding(
            Meta.named("b"), RoleRef.toClusterRole("r"), List.of(Subject.user("jane")));
    var next = Codec.decode(reconciled(wanted, Codec.encode(present)), ClusterRoleBinding.class);
    assertThat(next.subjects()).containsExactly(Subject.user("jane"), Subject.group("g"));
  }

  @Test
  void whoSaysNoIsLeftAlone() {
    var present =
        Codec.encode(role(Map.of()))
            .editMeta(meta ->
                meta.set("annotations", Json.object().put(Reconciliation.AUTOUPDATE, "false")));
    assertThat(reconciled(role(Map.of(), READ), present)).isSameAs(present);
  }
}
