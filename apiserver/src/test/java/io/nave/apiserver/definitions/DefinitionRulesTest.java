package io.nave.apiserver.definitions;

import static io.nave.apiserver.TestServer.inDefault;
import static io.nave.apiserver.TestServer.merge;
import static io.nave.apiserver.TestServer.refusal;
import static io.nave.apiserver.definitions.Crd.CRONTABS;
import static io.nave.apiserver.definitions.Crd.crontab;
import static io.nave.apiserver.definitions.Crd.tab;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.apiserver.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What a definition may say, and what its schema then does.
final class DefinitionRulesTest {
  private final TestServer server = TestServer.start();

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'spec':{'scope':'Galaxy'}}                      | spec.scope: Unsupported value: \"Galaxy\"",
        "{'spec':{'group':'other.io'}}                    | must be spec.names.plural+\".\"+spec.group",
        "{'spec':{'versions':[]}}                         | spec.versions: Required value: must have at least one version",
        "{'spec':{'names':{'kind':'a b'}}}                | spec.names.kind: Invalid value: \"a b\"",
        "{'spec':{'preserveUnknownFields':true}}          | spec.preserveUnknownFields: Invalid value: true",
        "{'spec':{'conversion':{'strategy':'Webhook'}}}   | spec.conversion.webhook.clientConfig: Required value: required when strategy is set to Webhook",
        "{'spec':{'conversion':{'strategy':'Magic'}}}     | spec.conversion.strategy: Unsupported value: \"Magic\"",
      })
  void aBadDefinitionIsRefused(String change, String message) {
    var bad = crontab(crd -> overlay(crd, (ObjectNode) Json.parse(change.replace('\'', '"'))));
    assertThat(refusal(() -> server.client.create(Crd.TYPE, bad)).getMessage()).contains(message);
  }

  private static void overlay(ObjectNode into, ObjectNode change) {
    for (var entry : change.properties()) {
      if (entry.getValue() instanceof ObjectNode inner
          && into.get(entry.getKey()) instanceof ObjectNode there) {
        overlay(there, inner);
      } else {
        into.set(entry.getKey(), entry.getValue());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'properties':{'a':{}}}                                     | properties[a].type: Required value: must not be empty for specified object fields",
        "{'type':'text'}                                             | Unsupported value: \"text\"",
        "{'type':'array'}                                            | items: Required value: must be specified",
        "{'type':'string','pattern':'('}                             | pattern: Invalid value",
        "{'type':'string','default':5}                               | default: Invalid value: 5",
        "{'type':'object','anyOf':[{'type':'object'}]}               | anyOf[0].type: Forbidden: must be empty to be structural",
        "{'type':'array','items':{'type':'object','properties':{'a':{'type':'string'}}},'x-kubernetes-list-type':'map'} | x-kubernetes-list-map-keys: Required value",
        "{'type':'string','uniqueItems':true}                        | uniqueItems cannot be set to true",
        "{'type':'string','x-kubernetes-validations':[{'rule':'self +'}]} | x-kubernetes-validations[0].rule: Invalid value",
        "{'type':'array','items':{'type':'object','properties':{'a':{'type':'string'}}},'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['a']} | items.properties[a].default: Required value: this property is in x-kubernetes-list-map-keys",
        "{'type':'array','items':{'type':'object','required':['a'],'properties':{'a':{'type':'string'}}},'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['a','a']} | must not contain duplicate entries",
        "{'type':'array','items':{'type':'string'},'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['a']} | items.type: Invalid value: \"string\": must be object if parent array's",
        "{'type':'array','items':{'type':'object','properties':{}},'x-kubernetes-list-type':'set'} | items.x-kubernetes-map-type: Invalid value: \"\": must be atomic as item of a list",
        "{'type':'array','items':{'type':'string','nullable':true},'x-kubernetes-list-type':'set'} | items.nullable: Forbidden: cannot be nullable",
        "{'type':'string','x-kubernetes-map-type':'atomic'}          | type: Invalid value: \"string\": must be object if x-kubernetes-map-type is specified",
        "{'type':'object','x-kubernetes-map-type':'solid'}           | x-kubernetes-map-type: Unsupported value: \"solid\"",
        "{'type':'object','x-kubernetes-preserve-unknown-fields':false} | must be true or undefined",
        "{'type':'string','x-kubernetes-validations':[{'rule':' '}]} | x-kubernetes-validations[0].rule: Required value: rule is not specified",
        "{'type':'string','x-kubernetes-validations':[{'rule':'true','reason':'Because'}]} | reason: Unsupported value: \"Because\"",
        "{'type':'string','x-kubernetes-validations':[{'rule':'true','fieldPath':'.x'}]} | fieldPath: Invalid value: \".x\": must be a valid path",
        "{'type':'string','x-kubernetes-validations':[{'rule':'true','message':'a\\nb'}]} | message: Invalid value",
        "{'type':'object','properties':{'a':{'type':'string'}},'x-kubernetes-validations':[{'rule':'self.b == self.a'}]} | undefined field 'b'",
        "{'type':'object','properties':{'a':{'type':'string'}},'x-kubernetes-validations':[{'rule':'true','messageExpression':'self.b'}]} | messageExpression: Invalid value",
        "{'type':'array','items':{'type':'integer','x-kubernetes-validations':[{'rule':'self >= oldSelf'}]}} | oldSelf cannot be used on the uncorrelatable portion of the schema within",
        "{'$ref':'#/x','type':'object'}                              | $ref is not supported",
      })
  void aSchemaThatIsNotStructuralIsRefused(String spec, String message) {
    assertThat(refusal(() -> server.client.create(Crd.TYPE, Crd.withSpec(spec))).getMessage())
        .contains(message);
  }

  @Test
  void rulesHoldForObjects() {
    server.client.create(
        Crd.TYPE,
        Crd.withSpec(
            "{'type':'object','properties':{'min':{'type':'integer'},'max':{'type':'integer'}},"
                + "'x-kubernetes-validations':[{'rule':'self.min <= self.max','message':'min is above max'}]}"));
    assertThat(
            refusal(() -> server.client.create(CRONTABS, tab("a", "{'min':3,'max':2}")))
                .getMessage())
        .isEqualTo(
            "CronTab.stable.example.com \"a\" is invalid: spec: Invalid value: \"object\": min is above max");
    server.client.create(CRONTABS, tab("a", "{'min':1,'max':2}"));
    assertThat(
            refusal(() ->
                    server.client.patch(CRONTABS, inDefault("a"), "", merge("{'spec':{'min':4}}")))
                .getMessage())
        .contains("min is above max");
  }

  @Test
  void aStricterSchemaLeavesWhatDidNotChange() {
    server.client.create(Crd.TYPE, crontab());
    server.client.create(CRONTABS, tab("a", "{'image':'i','cronSpec':'long'}"));
    server.client.patch(
        Crd.TYPE,
        io.nave.api.Key.of("crontabs.stable.example.com"),
        "",
        new io.nave.api.Patch(
            io.nave.api.Patch.Form.JSON,
            Json.parse(
                """
                [{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/image/maxLength","value":0}]
                """)));
    var patched =
        server.client.patch(CRONTABS, inDefault("a"), "", merge("{'spec':{'cronSpec':'x'}}"));
    assertThat(patched.at("/spec/cronSpec").asString()).isEqualTo("x");
    assertThat(
            refusal(() ->
                    server.client.patch(
                        CRONTABS, inDefault("a"), "", merge("{'spec':{'image':'jj'}}")))
                .getMessage())
        .contains("spec.image: Too long");
  }

  @Test
  void aSchemaOfTooManyPartsIsRefusedOnce() {
    var huge =
        crontab(crd -> {
          var fields =
              (ObjectNode)
                  Crd.version(crd).at("/schema/openAPIV3Schema/properties/spec/properties");
          for (var i = 0; i < 60_000; i++) {
            fields.putObject("f" + i).put("type", "string");
          }
        });
    var refusal = refusal(() -> server.client.create(Crd.TYPE, huge));
    assertThat(refusal.causes()).hasSize(1);
    assertThat(refusal).hasMessageContaining("is one of more than 50000 schemas in one version");
  }
}
