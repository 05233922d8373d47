package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Resource;
import io.nave.api.rules.SchemaRules;
import io.nave.api.schema.Schemas;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/// The CEL rules that our kinds carry; they are compiled here, since a starting hub does not.
class KindRulesTest {
  static List<Class<? extends Resource>> kinds() {
    return HubKinds.published();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyRuleCompiles(Class<? extends Resource> kind) {
    assertThat(SchemaRules.of(Schemas.of(kind)).broken()).isEmpty();
  }

  @Test
  void anExecutorThatIsAServiceAccountNamesIt() {
    assertThat(work("{'executor':{'subject':{'type':'ServiceAccount'}}}"))
        .containsExactly(
            "spec.executor.subject: Invalid value: \"object\": serviceAccount is required when type"
                + " is ServiceAccount");
    assertThat(
            work(
                "{'executor':{'subject':{'type':'ServiceAccount','serviceAccount':"
                    + "{'namespace':'a','name':'b'}}}}"))
        .isEmpty();
  }

  @Test
  void aConditionRuleInCelNamesItsCondition() {
    var rule =
        "{'manifestConfigs':[{'resourceIdentifier':{'resource':'jobs','name':'a'},"
            + "'conditionRules':[{'type':'CEL','condition':'%s'}]}]}";
    assertThat(work(rule.formatted("")))
        .singleElement()
        .asString()
        .endsWith("Condition is required for CEL rules");
    assertThat(work(rule.formatted("Done"))).isEmpty();
  }

  private static List<String> work(String spec) {
    var object = (ObjectNode) Json.parse("{'spec':%s}".formatted(spec).replace('\'', '"'));
    return SchemaRules.of(Schemas.of(io.nave.work.ManifestWork.class)).faults(object, null).stream()
        .map((ApiError.Cause cause) -> cause.field() + ": " + cause.message())
        .toList();
  }
}
