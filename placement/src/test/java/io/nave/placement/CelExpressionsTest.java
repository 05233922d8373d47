package io.nave.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiObject;
import io.nave.api.Yaml;
import io.nave.placement.schedule.Expressions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class CelExpressionsTest {
  private static final ApiObject CLUSTER =
      ApiObject.of(
          (ObjectNode)
              Yaml.parse(
                  """
                  apiVersion: cluster.open-cluster-management.io/v1
                  kind: ManagedCluster
                  metadata: {name: east, labels: {region: eu}, annotations: {gpu: '{"count": 4}'}}
                  status: {version: {kubernetes: v1.31.0}}
                  """));

  private final CelExpressions cel = new CelExpressions();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "managedCluster.metadata.labels.region == 'eu' | true",
        "managedCluster.metadata.labels['region'] in ['us'] | false",
        "managedCluster.status.version.kubernetes.startsWith('v1.31') | true",
        "managedCluster.metadata.labels.missing == 'x' | false",
        "managedCluster.scores('load').exists(s, s.name == 'cpu' && s.value > 50) | true",
        "managedCluster.scores('other').size() == 0 | true",
        "managedCluster.metadata.annotations['gpu'].parseJSON().count == 4 | true",
        "managedCluster.metadata.name.parseJSON() == 4 | false",
      })
  void selectsByTheWholeClusterAndItsScores(String expression, boolean expected) {
    var found =
        cel.compile(expression.replace('\'', '"'))
            .test(CLUSTER, CelExpressionsTest::scores)
            .holds();

    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"managedCluster.", "other == 1", "1 + 1"})
  void refusesWhatIsNoTest(String expression) {
    assertThatThrownBy(() -> cel.compile(expression)).isInstanceOf(Expressions.BadExpression.class);
  }

  @Test
  void stopsWhatWouldRunForEver() {
    var list = "[1,2,3,4,5,6,7,8,9,10]";
    var loop =
        list
            + ".all(a, "
            + list
            + ".all(b, "
            + list
            + ".all(c, "
            + list
            + ".all(d, "
            + list
            + ".all(e, "
            + list
            + ".all(f, a+b+c+d+e+f > 0))))))";

    assertThatThrownBy(() -> cel.compile(loop).test(CLUSTER, CelExpressionsTest::scores))
        .isInstanceOf(Expressions.BadExpression.class);
  }

  private static JsonNode scores(String name) {
    return name.equals("load") ? Yaml.parse("[{name: cpu, value: 70}]") : Yaml.parse("[]");
  }
}
