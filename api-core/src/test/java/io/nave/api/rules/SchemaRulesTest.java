package io.nave.api.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.schema.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class SchemaRulesTest {
  private static ObjectNode json(String text) {
    return (ObjectNode) Json.parse(text.replace('\'', '"'));
  }

  /// A schema whose `spec` carries one rule.
  private static Schema schema(String rule) {
    return Schema.parse(
        json(
            """
            {'type':'object','properties':{'spec':{'type':'object','properties':{
              'size':{'type':'integer'},'max':{'type':'integer'},'names':{'type':'array','items':{'type':'string'}},
              'a-b':{'type':'string'},'namespace':{'type':'string'},'ratio':{'type':'number'},
              'ports':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['name'],
                'items':{'type':'object','properties':{'name':{'type':'string'},'port':{'type':'integer',
                  'x-kubernetes-validations':[{'rule':'self >= oldSelf','message':'may not shrink'}]}}}}},
              'x-kubernetes-validations':[%s]}}}
            """
                .formatted(rule)));
  }

  private static List<String> faults(String rule, String spec, @Nullable String old) {
    var rules = SchemaRules.of(schema(rule));
    assertThat(rules.broken()).isEmpty();
    return rules
        .faults(json("{'spec':" + spec + "}"), old == null ? null : json("{'spec':" + old + "}"))
        .stream()
        .map(cause -> cause.field() + ": " + cause.message())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "self.size <= self.max                  | {'size':1,'max':2}",
        "!has(self.size) || self.size > 0       | {}",
        "self.names.all(n, n.startsWith(\\\"x\\\")) | {'names':['x','xy']}",
        "self.a__dash__b == \\\"c\\\"               | {'a-b':'c'}",
        "self.__namespace__ == \\\"n\\\"            | {'namespace':'n'}",
        "self.ratio < 1.5                       | {'ratio':1}",
      })
  void aRuleThatHoldsSaysNothing(String rule, String spec) {
    assertThat(faults("{'rule':'" + rule + "'}", spec, null)).isEmpty();
  }

  @Test
  void aRuleThatDoesNotHoldSpeaksInKubernetesWords() {
    assertThat(faults("{'rule':'self.size <= self.max'}", "{'size':3,'max':2}", null))
        .containsExactly("spec: Invalid value: \"object\": failed rule: self.size <= self.max");
    assertThat(
            faults(
                "{'rule':'self.size <= 2','messageExpression':'\\\"too big: \\\" + string(self.size)',"
                    + "'fieldPath':'.size','reason':'FieldValueForbidden'}",
                "{'size':3}",
                null))
        .containsExactly("spec.size: Forbidden: too big: 3");
    assertThat(faults("{'rule':'self.size <= 2'}", "{}", null))
        .singleElement()
        .asString()
        .contains("size", "evaluating rule: failed rule: self.size <= 2");
  }

  @Test
  void aTransitionRuleNeedsSomethingToComeFrom() {
    var rule = "{'rule':'self.size == oldSelf.size','message':'fixed'}";
    assertThat(faults(rule, "{'size':1}", null)).isEmpty();
    assertThat(faults(rule, "{'size':1}", "{'size':1}")).isEmpty();
    assertThat(faults(rule, "{'size':2}", "{'size':1}"))
        .containsExactly("spec: Invalid value: \"object\": fixed");
    var optional =
        "{'rule':'oldSelf.hasValue() || self.size == 1','optionalOldSelf':true,'message':'starts at 1'}";
    assertThat(faults(optional, "{'size':2}", null)).hasSize(1);
    assertThat(faults(optional, "{'size':2}", "{'size':1}")).isEmpty();
  }

  @Test
  void elementsOfAMapListAreKnownByTheirKeys() {
    var old = "{'ports':[{'name':'a','port':5},{'name':'b','port':7}]}";
    assertThat(faults("", "{'ports':[{'name':'b','port':6},{'name':'a','port':9}]}", old))
        .containsExactly("spec.ports[0].port: Invalid value: \"integer\": may not shrink");
    assertThat(faults("", "{'ports':[{'name':'c','port':1}]}", old)).isEmpty();
  }

  @Test
  void whatWasWrongBeforeAndDidNotChangeIsLeftAlone() {
    assertThat(faults("{'rule':'self.size < 2'}", "{'size':3}", "{'size':3}")).isEmpty();
    assertThat(faults("{'rule':'self.size < 2'}", "{'size':4}", "{'size':3}")).hasSize(1);
  }

  @Test
  void costIsBounded() {
    var names = Json.object().putArray("names");
    for (var i = 0; i < 2_000; i++) {
      names.add("n" + i);
    }
    var spec = Json.object();
    spec.set("names", names);
    var object = Json.object();
    object.set("spec", spec);
    var rules =
        SchemaRules.of(schema("{'rule':'self.names.all(a, self.names.all(b, a != b || a == b))'}"));
    assertThat(rules.faults(object, null))
        .extracting(ApiError.Cause::message)
        .containsExactly(
            "Invalid value: \"object\": validation failed due to running out of cost budget, no"
                + " further validation rules will be run");
  }

  @Test
  void aBrokenRuleIsNamed() {
    assertThat(SchemaRules.of(schema("{'rule':'self.size +'}")).broken())
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.field()).isEqualTo("properties[spec].x-kubernetes-validations[0].rule");
          assertThat(fault.message()).contains("compilation failed");
        });
    assertThat(SchemaRules.of(schema("{'rule':'1 + 1'}")).broken())
        .extracting(ApiError.Cause::message)
        .containsExactly("Invalid value: \"1 + 1\": must evaluate to a bool");
  }
}
