package io.nave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class JsonPathsTest {
  private static final JsonNode DEPLOYMENT =
      Yaml.parse(
          """
          metadata:
            name: web
            labels: {app.kubernetes.io/name: shop, tier: front}
          spec:
            replicas: 3
            args: [a, b, c, d]
          status:
            conditions:
            - {type: Progressing, status: "True"}
            - {type: Available, status: "False", age: 5, message: it's down}
          items:
          - {name: x, up: true}
          - {name: z, up: false}
          """);

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          .metadata.name                                         | ["web"]
          metadata.name                                          | ["web"]
          $.metadata.name                                        | ["web"]
          {.metadata.name}                                       | ["web"]
          { .metadata.name }                                     | ["web"]
          .spec                                                  | [{"replicas":3,"args":["a","b","c","d"]}]
          .spec.args[0]                                          | ["a"]
          .spec.args[-1]                                         | ["d"]
          .spec.args[9]                                          | []
          .spec.args[1:3]                                        | ["b","c"]
          .spec.args[:2]                                         | ["a","b"]
          .spec.args[-2:]                                        | ["c","d"]
          .spec.args[*]                                          | ["a","b","c","d"]
          .metadata.labels.*                                     | ["shop","front"]
          .metadata.labels['app.kubernetes.io/name']             | ["shop"]
          .metadata.labels["tier"]                               | ["front"]
          .metadata.labels.app\\.kubernetes\\.io/name            | ["shop"]
          .items[*].name                                         | ["x","z"]
          .items[?(@.up==true)].name                             | ["x"]
          .items[?(@.up!=true)].name                             | ["z"]
          .status.conditions[?(@.type=="Available")].status      | ["False"]
          .status.conditions[?(@.type=='Available')].status      | ["False"]
          .status.conditions[?( @.type != "Available" )].type    | ["Progressing"]
          .status.conditions[?("True"==@.status)].type           | ["Progressing"]
          .status.conditions[?(@.age)].type                      | ["Available"]
          .status.conditions[?(@.age>=5)].type                   | ["Available"]
          .status.conditions[?(@.age<5)].type                    | []
          .status.conditions[?(@.message=="it's down")].type     | ["Available"]
          .status.conditions[?(@.message=='it\\'s down')].type   | ["Available"]
          .status.conditions[?(@['type']=="Available")].age      | [5]
          ..name                                                 | ["web","x","z"]
          .items..up                                             | [true,false]
          ..[0]                                                  | ["a",{"type":"Progressing","status":"True"},{"name":"x","up":true}]
          .spec.args[0,2]                                        | ["a","c"]
          .spec.args[0, -1]                                      | ["a","d"]
          .items[*]['name','up']                                 | ["x",true,"z",false]
          .spec.args[0:4:2]                                      | ["a","c"]
          .spec.args[1::2]                                       | ["b","d"]
          .nothing.here[0]                                       | []
          .metadata.name[0]                                      | []
          ['metadata']['name']                                   | ["web"]
          """)
  void findsWhatKubectlFinds(String path, String found) {
    assertThat(JsonPaths.find(DEPLOYMENT, path)).isEqualTo(list(found));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '\u00a7',
      quoteCharacter = '\0',
      textBlock =
          """
          {.a              § column 4: the closing } is missing
          ..               § column 3: a field name is expected
          .a[0,]           § column 6: an index, a quoted name, * or ?(...) is expected
          .a[0:4:0]        § column 8: the step width of a slice must be at least 1
          .a[?(@.x=="y]    § column 11: the closing " is missing
          .a[?(@.x=="y")   § column 15: "]" is expected
          .a[?(@.x&&@.y)]  § column 9: && and || are not supported
          .a[?(@.x=="1"&&@.y=="2")]  § column 14: && and || are not supported
          .a[?(x=="y")]    § column 6: @, a quoted text, a number, true or false is expected
          .a[x]            § column 4: an index, a quoted name, * or ?(...) is expected
          .a[              § column 4: an index, a quoted name, * or ?(...) is expected
          .a.              § column 4: a field name is expected
          .a b             § column 3: " " is not expected here
          {range .items[*]}{.x}{end}  § column 7: " " is not expected here
          """)
  void namesThePlaceOfWhatItDoesNotRead(String path, String fault) {
    assertThatThrownBy(() -> JsonPaths.parse(path))
        .isInstanceOf(ApiError.class)
        .hasMessage("JSON path \"" + path + "\", " + fault);
  }

  private static List<JsonNode> list(String json) {
    return List.copyOf(Json.parse(json).values());
  }
}
