package io.nave.applications.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterReadsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "context.cluster",
        "context['cluster']",
        "context[?'clusterVersion'].hasValue()",
        "has(context.clusterVersion)",
        "context.?clusterVersion.?minor.orValue(30)",
        "'on-' + context.cluster",
        "[1].map(x, context.cluster)",
        "[1].filter(x, context.cluster == 'a')",
        "parameter.list.exists(x, x == context.cluster)",
        "{'a': [context.cluster]}",
        "{context.cluster: 1}",
        "context",
        "json(context)",
        "context[parameter.field]",
        "context.map(k, k)",
        "'cluster' in context"
      })
  void tellsWhatMayDifferBetweenClusters(String source) {
    assertThat(reads(source)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parameter.cluster",
        "context.name + context['namespace']",
        "context.output.spec.cluster",
        "context.appLabels['cluster']",
        "has(context.replicaKey)",
        "[1, 2].all(x, context.appRevisionNum > x)",
        "'cluster'"
      })
  void tellsWhatIsTheSameEverywhere(String source) {
    assertThat(reads(source)).isFalse();
  }

  @Test
  void knowsTheDefinitionsThatShip() {
    var gateway = Definitions.builtIn().find(Role.TRAIT, "gateway").orElseThrow();
    var webservice = Definitions.builtIn().find(Role.COMPONENT, "webservice").orElseThrow();

    assertThat(gateway.readsCluster()).isTrue();
    assertThat(webservice.readsCluster()).isFalse();
  }

  private static boolean reads(String source) {
    return ClusterReads.in(Expressions.compile("d", "p", source, Set.of()).tree());
  }
}
