package io.nave.work;

import static io.nave.work.Objects.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Condition;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionRulesTest {
  private final ConditionRules rules = new ConditionRules();

  private Condition one(String expression, String json) {
    var rule =
        new ManifestWork.ConditionRule("CEL", "Progressing", List.of(expression), null, null);
    return rules.evaluate(List.of(rule), object(json)).getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'apiVersion':'batch/v1','kind':'Job','status':{'conditions':[{'type':'Complete','status':'True'}]}}|True",
        "{'apiVersion':'batch/v1','kind':'Job','status':{'conditions':[{'type':'Failed','status':'True'}]}}|True",
        "{'apiVersion':'batch/v1','kind':'Job','status':{}}|False",
        "{'apiVersion':'v1','kind':'Pod','status':{'phase':'Succeeded'}}|True",
        "{'apiVersion':'v1','kind':'Pod','status':{'phase':'Failed'}}|True",
        "{'apiVersion':'v1','kind':'Pod','status':{'phase':'Running'}}|False",
        "{'apiVersion':'v1','kind':'Service'}|",
      })
  void knowsWhenJobsAndPodsAreComplete(String json, String status) {
    var rule =
        new ManifestWork.ConditionRule("WellKnownConditions", "Complete", List.of(), null, null);
    assertThat(rules.evaluate(List.of(rule), object(json)))
        .extracting(Condition::status)
        .isEqualTo(status == null ? List.of() : List.of(status));
  }

  @Test
  void evaluatesExpressionsAndWordsMessages() {
    var deployment =
        "{'apiVersion':'apps/v1','kind':'Deployment','spec':{'replicas':3},'status':{'readyReplicas':2,"
            + "'conditions':[{'type':'Available','status':'True'}]}}";
    assertThat(one("object.status.readyReplicas < object.spec.replicas", deployment))
        .isEqualTo(
            Condition.of("Progressing", true, "ConditionRuleEvaluated", "Manifest is Progressing"));
    assertThat(one("object.spec.replicas == 1", deployment).message())
        .isEqualTo("Manifest is not Progressing");
    assertThat(one("hasConditions(object.status)", deployment).status()).isEqualTo("True");
    assertThat(one("hasConditions(object.spec)", deployment).status()).isEqualTo("False");
    var worded =
        new ManifestWork.ConditionRule(
            "CEL",
            "Degraded",
            List.of("object.spec.replicas > 1", "object.status.readyReplicas == 0"),
            "unused",
            "result ? 'none is ready' : string(object.status.readyReplicas) + ' ready'");
    assertThat(rules.evaluate(List.of(worded), object(deployment)))
        .containsExactly(Condition.of("Degraded", false, "ConditionRuleEvaluated", "2 ready"));
  }

  @Test
  void saysWhatIsWrongWithARule() {
    var bare = "{'apiVersion':'g/v1','kind':'W'}";
    assertThat(one("object.status.x ==", bare).reason()).isEqualTo("ConditionRuleInvalid");
    assertThat(one("object.status.x == 1", bare).reason())
        .isEqualTo("ConditionRuleExpressionError");
    assertThat(one("object.status.x == 1", bare).status()).isEqualTo("Unknown");
    assertThat(one("'text'", bare).reason()).isEqualTo("ConditionRuleExpressionError");
  }

  @Test
  void leavesTheAgentsOwnConditionsAlone() {
    var rule = new ManifestWork.ConditionRule("CEL", "Available", List.of("false"), null, null);
    assertThat(rules.evaluate(List.of(rule), object("{'apiVersion':'v1','kind':'Pod'}"))).isEmpty();
  }
}
