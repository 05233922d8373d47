package io.nave.api.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.schema.Schema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RuleReviewTest {
  /// A kind whose `spec` carries one rule, and the object itself another.
  private static List<ApiError.Cause> review(String top, String rule) {
    return RuleReview.of(
        Schema.parse(
            Json.parse(
                """
                {'type':'object','x-kubernetes-validations':[{'rule':%s}],'properties':{
                 'spec':{'type':'object','x-kubernetes-validations':[{'rule':%s,'optionalOldSelf':true}],
                  'properties':{
                   'size':{'type':'integer'},'names':{'type':'array','items':{'type':'string'}},
                   'a-b':{'type':'string'},'namespace':{'type':'string'},'ratio':{'type':'number'},
                   'when':{'type':'string','format':'date-time'},
                   'any':{'x-kubernetes-int-or-string':true},
                   'open':{'type':'object','x-kubernetes-preserve-unknown-fields':true},
                   'labels':{'type':'object','additionalProperties':{'type':'string'}},
                   'ports':{'type':'array','x-kubernetes-list-type':'map',
                     'x-kubernetes-list-map-keys':['name'],'items':{'type':'object','properties':{
                      'name':{'type':'string'},'port':{'type':'integer',
                      'x-kubernetes-validations':[{'rule':'self >= oldSelf'}]}}}}}}}}
                """
                    .replace('\'', '"')
                    .formatted(Json.text(top), Json.text(rule)))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "self.size > 1 && self.ratio > 0.5",
        "has(self.size) && self.names.all(n, n.size() > 1)",
        "self.a__dash__b == self.__namespace__",
        "self.open.whatever == 1",
        "self.labels.x == 'y' && self.labels['z'].startsWith('a')",
        "self.when < timestamp('2030-01-01T00:00:00Z')",
        "type(self.any) == int ? self.any > 1 : self.any.contains('%')",
        "self.ports.exists(p, p.port == 80 && p.name == 'web')",
        "self.ports.filter(p, p.port > 1).map(p, p.name).isSorted()",
        "self.?size.orValue(1) < 5",
        "oldSelf.hasValue() && self.size >= oldSelf.value().size",
        "[1, 2].sum() == 3 && quantity('1').isGreaterThan(quantity('500m'))",
        "self.names.all(n, isIP(n) || isURL(n) || n.matches('^a.*$'))",
        "self == self && self.names == ['a'] && !(self.size in [1, 2])",
      })
  void whatHasItsFieldsIsLeftAlone(String rule) {
    assertThat(review("self.metadata.name.size() < 9 && self.kind == 'X'", rule)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "self.sise > 1",
        "has(self.sise)",
        "self.ports.all(p, p.prot == 1)",
        "self.names.all(n, self.sise > 1)",
        "self.__in__ == 1",
      })
  void aFieldThatNoValueHasIsFound(String rule) {
    assertThat(review("true", rule))
        .singleElement()
        .satisfies(fault -> {
          assertThat(fault.field()).isEqualTo("properties[spec].x-kubernetes-validations[0].rule");
          assertThat(fault.message()).contains("compilation failed: ", "undefined field '");
        });
    assertThat(review("self.spec.none == 1", "true")).hasSize(1);
  }

  @Test
  void oldValuesAreKnownOnlyWhereElementsHaveKeys() {
    var list =
        "{'type':'object','properties':{'l':{'type':'array','x-kubernetes-list-type':'%s',"
            + "'x-kubernetes-list-map-keys':['k'],'items':{'type':'object',"
            + "'properties':{'k':{'type':'string'},'v':{'type':'integer',"
            + "'x-kubernetes-validations':[{'rule':'self == oldSelf'}]}}}}}}";
    assertThat(RuleReview.of(schema(list.formatted("map")))).isEmpty();
    assertThat(RuleReview.of(schema(list.formatted("atomic"))))
        .extracting(ApiError.Cause::message)
        .containsExactly(
            "Invalid value: \"self == oldSelf\": oldSelf cannot be used on the uncorrelatable"
                + " portion of the schema within properties[l]");
    var atomic =
        "{'type':'object','properties':{'m':{'type':'object','x-kubernetes-map-type':'atomic',"
            + "'properties':{'v':{'type':'integer',"
            + "'x-kubernetes-validations':[{'rule':'self == oldSelf'}]}}}}}";
    assertThat(RuleReview.of(schema(atomic))).hasSize(1);
  }

  private static Schema schema(String json) {
    return Schema.parse(Json.parse(json.replace('\'', '"')));
  }
}
