package io.nave.registration.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.registration.TestHub;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which clusters are in a set (spec §4.5).
final class ManagedClusterSetTest {
  private static final Map<String, String> LABELS =
      Map.of("cluster.open-cluster-management.io/clusterset", "prod", "region", "eu");

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "prod  |                                                                        | true",
        "prod  | {'selectorType':'ExclusiveClusterSetLabel'}                            | true",
        "other | {'selectorType':'ExclusiveClusterSetLabel'}                            | false",
        "pro   | {'selectorType':'ExclusiveClusterSetLabel'}                            | false",
        "any   | {'selectorType':'LabelSelector','labelSelector':{}}                    | true",
        "any   | {'selectorType':'LabelSelector'}                                       | false",
        "eu    | {'selectorType':'LabelSelector','labelSelector':{'matchLabels':{'region':'eu'}}} | true",
        "us    | {'selectorType':'LabelSelector','labelSelector':{'matchLabels':{'region':'us'}}} | false",
        "prod  | {'selectorType':'LabelSelector','labelSelector':{'matchLabels':{'region':'us'}}} | false",
        "rest  | {'selectorType':'LabelSelector','labelSelector':{'matchExpressions':[{'key':'gpu','operator':'DoesNotExist'}]}} | true",
        "bad   | {'selectorType':'LabelSelector','labelSelector':{'matchExpressions':[{'key':'gpu','operator':'Like'}]}} | false",
      })
  void aClusterIsAMemberByTheLabelOrByTheSelector(String name, String selector, boolean member) {
    var spec = selector == null ? "" : "'clusterSelector':" + selector;
    var set =
        Codec.decode(
            TestHub.object("{'metadata':{'name':'%s'},'spec':{%s}}".formatted(name, spec)),
            ManagedClusterSet.class);
    assertThat(set.contains(LABELS)).isEqualTo(member);
  }
}
