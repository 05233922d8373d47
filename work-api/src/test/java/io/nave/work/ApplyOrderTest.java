package io.nave.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplyOrderTest {
  @ParameterizedTest
  @CsvSource({
    "Namespace,0",
    "CustomResourceDefinition,0",
    "PersistentVolume,0",
    "ClusterRoleBinding,1",
    "Role,1",
    "ServiceAccount,2",
    "PodDisruptionBudget,2",
    "Secret,3",
    "PersistentVolumeClaim,3",
    "Service,4",
    "Deployment,5",
    "CronJob,5",
    "HorizontalPodAutoscaler,5",
    "APIService,6",
    "ValidatingAdmissionPolicyBinding,6",
    "Widget,1000",
    "'',1001"
  })
  void ranksKindsAsUpstreamDoes(String kind, int rank) {
    assertThat(ApplyOrder.rank(kind)).isEqualTo(rank);
  }

  @Test
  void keepsTheOrderOfTheWorkInsideARank() {
    var manifests =
        Objects.all(
            "{'kind':'Widget'}",
            "{'kind':'Deployment'}",
            "{}",
            "{'kind':'Namespace'}",
            "{'kind':'Pod'}",
            "'text'",
            "{'kind':'Gadget'}");
    assertThat(ApplyOrder.of(manifests)).containsExactly(3, 1, 4, 0, 6, 2, 5);
  }
}
