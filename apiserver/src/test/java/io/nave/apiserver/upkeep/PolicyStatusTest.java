package io.nave.apiserver.upkeep;

import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.object;
import static io.nave.apiserver.upkeep.PolicyStatus.POLICIES;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.apiserver.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyStatusTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final TestServer server = TestServer.start();
  private final Upkeep upkeep = Upkeep.start(server.host, server.store, server.api, server.meters);

  @AfterEach
  void close() {
    upkeep.close();
    assertThat(server.world.taskFailures()).isEmpty();
    server.close();
  }

  /// @param spec more fields of the spec, JSON with single quotes
  private ApiObject checked(String resources, String spec) {
    server.client.create(
        POLICIES,
        object(
            """
            {'metadata':{'name':'p'},'spec':{'matchConstraints':{'resourceRules':[
              {'operations':['*'],'apiGroups':['','example.io'],'apiVersions':['v1'],
               'resources':[%s]}]},%s}}\
            """
                .formatted(resources, spec)));
    return awaited(1);
  }

  private ApiObject awaited(long generation) {
    server.world.runUntil(() -> observed() == generation, SOON);
    return server.client.get(POLICIES, Key.of("p"));
  }

  private long observed() {
    return server.client.get(POLICIES, Key.of("p")).at("/status/observedGeneration").asLong(0);
  }

  private static String validation(String expression) {
    return "'validations':[{'expression':'%s'}]".formatted(expression.replace("\"", "\\\""));
  }

  @Test
  void aFieldThatNoObjectHasIsTold() {
    var policy = checked("'widgets'", validation("object.spec.sise > 1"));
    var warnings = policy.at("/status/typeChecking/expressionWarnings");
    assertThat(warnings.size()).isEqualTo(1);
    assertThat(warnings.at("/0/fieldRef").asString()).isEqualTo("spec.validations[0].expression");
    assertThat(warnings.at("/0/warning").asString())
        .isEqualTo(
            """
            example.io/v1, Kind=Widget: ERROR: <input>:1:12: undefined field 'sise'
             | object.spec.sise > 1
             | ...........^\
            """);
  }

  @Test
  void whatWasMendedIsNoLongerTold() {
    checked("'widgets'", validation("object.spec.sise > 1"));
    var mended = validation("object.spec.size > 1");
    server.client.patch(POLICIES, Key.of("p"), "", merge("{'spec':{%s}}".formatted(mended)));
    var status = awaited(2).at("/status");
    assertThat(status.has("typeChecking")).isTrue();
    assertThat(status.at("/typeChecking/expressionWarnings").size()).isZero();
  }

  @Test
  void everyKindThatIsNamedIsLookedAt() {
    var policy =
        checked(
            "'widgets','configmaps'",
            "'variables':[{'name':'big','expression':'object.spec.size > 3'}],"
                + "'validations':[{'expression':'variables.big','messageExpression':"
                + "'string(variables.big) + object.metadata.nam'}]");
    var warnings = policy.at("/status/typeChecking/expressionWarnings");
    assertThat(warnings.size()).isEqualTo(1);
    assertThat(warnings.at("/0/fieldRef").asString())
        .isEqualTo("spec.validations[0].messageExpression");
    assertThat(warnings.at("/0/warning").asString())
        .contains("/v1, Kind=ConfigMap: ERROR", "example.io/v1, Kind=Widget: ERROR")
        .contains("undefined field 'nam'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oldObject == null || object.spec.size >= oldObject.spec.size",
        "has(object.metadata.labels) && object.metadata.labels[\"a\"] == \"b\"",
        "object.metadata.namespace != \"\" && object.metadata.?annotations[?\"a\"].orValue(\"\") == \"\"",
        "object.metadata.ownerReferences.all(o, o.kind == \"Widget\")",
        "timestamp(object.metadata.creationTimestamp) > timestamp(\"2020-01-01T00:00:00Z\")",
        "params == null || params.anything == request.name",
        "authorizer.requestResource.labelSelector(\"a=b\").fieldSelector(\"x=y\").check(\"list\").allowed()",
        "object.kind == \"Widget\" && !(\"x\" in namespaceObject.metadata.labels)"
      })
  void whatIsRightIsNotDoubted(String expression) {
    var policy = checked("'widgets'", validation(expression));
    assertThat(policy.at("/status/typeChecking/expressionWarnings").toString()).isEmpty();
  }

  @Test
  void kindsBehindAStarAreNotLookedAt() {
    var policy = checked("'*'", validation("object.spec.sise > 1"));
    assertThat(policy.at("/status/typeChecking").has("expressionWarnings")).isFalse();
  }
}
