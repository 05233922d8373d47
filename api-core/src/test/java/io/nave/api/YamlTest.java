package io.nave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.patch.RandomJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

class YamlTest {
  /// What kubectl 1.32 makes of these was measured (DEPENDENCIES-measured §7).
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ~             | null
          yes           | true
          0x1F          | 31
          on            | true
          1e3           | 1000
          017           | 15
          0o17          | 15
          y             | true
          off           | false
          0b101         | 5
          -0x1F         | -31
          08            | 8
          1_000         | 1000
          1_0.5         | 10.5
          -017          | -15
          00            | 0
          0b2           | "0b2"
          0o8           | "0o8"
          017777777777777777777777 | 1.7777777777777777E22
          _1            | "_1"
          0x_1F         | 31
          +5            | 5
          .5            | 0.5
          1.            | 1
          1.25          | 1.25
          1e400         | "1e400"
          1:30          | "1:30"
          2020-01-01    | "2020-01-01"
          0x            | "0x"
          -             | [null]
          -a            | "-a"
          yEs           | "yEs"
          18446744073709551615 | 18446744073709551615
          9223372036854775807  | 9223372036854775807
          '1'           | "1"
          "y"           | "y"
          !!str 12      | "12"
          !!int "12"    | 12
          !!float 3     | 3
          ! 12          | "12"
          v1.2.3        | "v1.2.3"
          """)
  void readsScalarsAsKubectlDoes(String yaml, String json) {
    assertThat(Yaml.parse(yaml)).isEqualTo(Json.parse(json));
  }

  @Test
  void readsSeveralDocumentsAndSkipsEmptyOnes() {
    var objects = Yaml.parseAll("# head\n---\na: 1\n---\n---\nb: [x, z]\n...\n---\n# end\n");

    assertThat(objects)
        .containsExactly(
            Json.object().put("a", 1), (ObjectNode) Json.parse("{\"b\":[\"x\",\"z\"]}"));
  }

  @Test
  void readsAnEmptyTextAsNothing() {
    assertThat(Yaml.parseAll("")).isEmpty();
    assertThat(Yaml.parse("").isNull()).isTrue();
  }

  @Test
  void readsJsonWithTabs() {
    assertThat(Yaml.parseAll("{\n\t\"a\": 1\n}")).containsExactly(Json.object().put("a", 1));
  }

  @Test
  void mergesAnchoredObjectsBelowTheOwnFields() {
    var yaml =
        """
        base: &base {a: 1, b: 2}
        more: &more {b: 3, c: 4}
        one: {<<: *base, b: 9}
        two:
          <<: [*base, *more]
        """;

    var read = Yaml.parse(yaml);

    assertThat(read.path("one")).isEqualTo(Json.parse("{\"a\":1,\"b\":9}"));
    assertThat(read.path("two")).isEqualTo(Json.parse("{\"a\":1,\"b\":2,\"c\":4}"));
  }

  @Test
  void makesTextOfKeysAsKubectlDoes() {
    assertThat(Yaml.parse("{n: 1, 5: 2, 1.5: 3}"))
        .isEqualTo(Json.parse("{\"false\":1,\"5\":2,\"1.5\":3}"));
  }

  @Test
  void givesEachAliasATreeOfItsOwn() {
    var read = Yaml.parse("a: &x {k: 1}\nb: *x\n");

    assertThat(read.path("b")).isEqualTo(read.path("a")).isNotSameAs(read.path("a"));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a: 1;b: 2;a: 3            | YAML, line 3, column 1: the key "a" is already set in this object
          a: [1, 2;b: 3             | YAML, line 2, column 2: expected ',' or ']', but got :
          - 1                       | YAML, line 1: a document must be an object with fields, but is of type array
          x: 1;---;just text        | YAML, line 3: a document must be an object with fields, but is of type string
          a: *nowhere               | YAML, line 1, column 4: the anchor nowhere is not known here
          a: !!binary aGk=          | YAML, line 1, column 4: the tag tag:yaml.org,2002:binary is not supported
          a: !ruby/object x         | YAML, line 1, column 4: the tag !ruby/object is not supported
          a: !!int x                | YAML, line 1, column 4: "x" is no value of type int
          a: .nan                   | YAML, line 1, column 4: .nan is a number that JSON does not have
          {? [1] : 2}               | YAML, line 1, column 6: a key must be text, a number or a boolean
          a: {<<: 1}                | YAML, line 1, column 9: << takes an object or a list of objects
          """)
  void saysWhereAFaultIs(String lines, String message) {
    assertThatThrownBy(() -> Yaml.parseAll(lines.replace(';', '\n')))
        .isInstanceOf(ApiError.class)
        .hasMessage(message);
  }

  @Test
  void refusesASecondDocumentWhereOneIsExpected() {
    assertThatThrownBy(() -> Yaml.parse("a: 1\n---\nb: 2\n"))
        .hasMessage("YAML, line 3: one document is expected, but another one begins here");
  }

  @Test
  void refusesAliasesThatBlowADocumentUp() {
    var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (var i = 1; i < 9; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d,".formatted(i - 1).repeat(5)));
    }

    assertThatThrownBy(() -> Yaml.parse(bomb.toString()))
        .hasMessageContaining("the aliases stand for more than 100000 values");
  }

  @Test
  void refusesMoreAliasesThanFifty() {
    var yaml = "a: &a {k: 1}\nb: [" + "*a,".repeat(51) + "]\n";

    assertThatThrownBy(() -> Yaml.parse(yaml))
        .hasMessage("YAML, line 2, column 155: more than 50 aliases in one document");
  }

  @Test
  void refusesDeepNesting() {
    assertThatThrownBy(() -> Yaml.parse("[".repeat(100_000)))
        .hasMessageContaining("nested deeper than 200");
  }

  @Test
  void writesAsKubectlDoes() {
    var json =
        """
        {"apiVersion":"v1","metadata":{"name":"one","creationTimestamp":"2020-01-01T00:00:00Z",
         "labels":{"yes":"on","app.kubernetes.io/name":"x"},"annotations":{}},
         "spec":{"args":["--flag=1","a: b","",": x","it's","#no","12"],"empty":[],"n":null,"f":1.5,
          "nested":[["a","b"],[{"k":"v","l":[1]}]],
          "script":"#!/bin/sh\\necho  hi\\n\\nexit 0\\n","keep":"x\\n\\n","strip":"x\\ny","lead":" x\\ny\\n",
          "trail":"x \\ny","bell":"\\u0007","snow":"\u2603"}}
        """;

    assertThat(Yaml.write(Json.parse(json)))
        .isEqualTo(
            """
            apiVersion: v1
            metadata:
              name: one
              creationTimestamp: "2020-01-01T00:00:00Z"
              labels:
                "yes": "on"
                app.kubernetes.io/name: x
              annotations: {}
            spec:
              args:
              - --flag=1
              - 'a: b'
              - ""
              - ': x'
              - it's
              - '#no'
              - "12"
              empty: []
              "n": null
              f: 1.5
              nested:
              - - a
                - b
              - - k: v
                  l:
                  - 1
              script: |
                #!/bin/sh
                echo  hi

                exit 0
              keep: |+
                x

              strip: |-
                x
                y
              lead: |2
                 x
                y
              trail: "x \\ny"
              bell: "\\u0007"
              snow: \u2603
            """);
  }

  @Test
  void writesSeveralDocuments() {
    assertThat(Yaml.writeAll(List.of(Json.object().put("a", 1), Json.object().put("b", 2))))
        .isEqualTo("a: 1\n---\nb: 2\n");
  }

  /// - Goal: what is written is read back as it was.
  /// - Method: 2,000 seeded trees full of awkward texts, as values, keys and whole documents.
  @Test
  void readsBackWhatItWrote() {
    for (var seed = 0; seed < 2_000; seed++) {
      JsonNode value = new RandomJson(seed).value(5);
      var yaml = Yaml.write(value);
      assertThat(Yaml.parse(yaml)).as("seed %d:%n%s", seed, yaml).isEqualTo(value);
    }
  }

  @Test
  void readsBackEveryCharacter() {
    for (var c = 0; c < 0x3000; c++) {
      var text = StringNode.valueOf("a" + (char) c + "b");
      assertThat(Yaml.parse("k: " + Yaml.write(text)).path("k")).as("U+%04x", c).isEqualTo(text);
    }
  }
}
