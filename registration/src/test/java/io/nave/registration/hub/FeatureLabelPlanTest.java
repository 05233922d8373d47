package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.registration.TestHub;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterAddOn;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Plans of [FeatureLabelReconciler].
final class FeatureLabelPlanTest {
  private static final String LABEL = FeatureLabelReconciler.PREFIX + "search";

  private static ApiObject cluster(String labels) {
    return TestHub.object(
        """
        {'apiVersion': 'cluster.open-cluster-management.io/v1', 'kind': 'ManagedCluster',
         'metadata': {'name': 'c1', 'uid': 'u', 'resourceVersion': '5', 'labels': {%s}}}\
        """
            .formatted(labels));
  }

  private static ManagedClusterAddOn addOn(String name, String meta, String available) {
    var conditions =
        available.isEmpty()
            ? ""
            : "{'type': 'Available', 'status': '%s', 'reason': 'R', 'message': '', 'lastTransitionTime': '2026-01-01T00:00:00Z'}"
                .formatted(available);
    return Codec.decode(
        TestHub.object(
            """
            {'apiVersion': 'addon.open-cluster-management.io/v1beta1', 'kind': 'ManagedClusterAddOn',
             'metadata': {'name': '%s', 'namespace': 'c1'%s}, 'spec': {}, 'status': {'conditions': [%s]}}\
            """
                .formatted(name, meta, conditions)),
        ManagedClusterAddOn.class);
  }

  private static String labels(List<Write> writes) {
    assertThat(writes).hasSize(1);
    var change = (Write.Change) writes.getFirst();
    assertThat(change.type()).isEqualTo(ResourceType.of(ManagedCluster.class));
    assertThat(change.patch().body().at("/metadata/resourceVersion").asString()).isEqualTo("5");
    return change.patch().body().at("/metadata/labels").toString();
  }

  @ParameterizedTest
  @CsvSource({"True, available", "False, unhealthy", "Unknown, unreachable", "'', unreachable"})
  void aLabelSaysHowAnAddOnIs(String available, String value) {
    var writes =
        FeatureLabelReconciler.plan(
            cluster("'env': 'prod'"), List.of(addOn("search", "", available)));
    assertThat(labels(writes)).isEqualTo("{\"" + LABEL + "\":\"" + value + "\"}");
  }

  @Test
  void aLabelThatIsRightIsNotWrittenAgain() {
    var cluster = cluster("'" + LABEL + "': 'available'");
    assertThat(FeatureLabelReconciler.plan(cluster, List.of(addOn("search", "", "True"))))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''", ", 'deletionTimestamp': '2026-01-01T00:00:00Z'"})
  void aLabelGoesWithItsAddOnAndOthersStay(String meta) {
    var cluster = cluster("'" + LABEL + "': 'available', 'env': 'prod'");
    var left = meta.isEmpty() ? List.<ManagedClusterAddOn>of() : List.of(addOn("search", meta, ""));
    assertThat(labels(FeatureLabelReconciler.plan(cluster, left)))
        .isEqualTo("{\"" + LABEL + "\":null}");
  }

  @Test
  void anAddOnWhoseNameIsTooLongForALabelGoesWithoutOne() {
    var addOn = addOn("a".repeat(58), "", "True");
    assertThat(FeatureLabelReconciler.plan(cluster(""), List.of(addOn))).isEmpty();
  }

  @Test
  void aClusterThatLeavesIsNotLabelled() {
    var cluster = cluster("").editMeta(meta -> meta.put("deletionTimestamp", "x"));
    assertThat(FeatureLabelReconciler.plan(cluster, List.of(addOn("search", "", "True"))))
        .isEmpty();
  }
}
