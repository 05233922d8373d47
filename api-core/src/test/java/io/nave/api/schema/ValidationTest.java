package io.nave.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class ValidationTest {
  private static final Schema GARDEN = Schemas.of(Garden.class);
  private static final Schema CUSTOM =
      Schema.parse(
          Yaml.parse(
              """
              type: object
              properties:
                nullable: {type: string, nullable: true, default: x}
                plain: {type: string}
                one: {oneOf: [{required: [a]}, {required: [b]}], type: object,
                      properties: {a: {type: string}, b: {type: string}}}
                any: {anyOf: [{type: integer}, {type: string}], x-kubernetes-int-or-string: true}
                not: {type: string, not: {enum: [bad]}}
                all: {type: integer, allOf: [{minimum: 2}, {maximum: 4}]}
                above: {type: number, minimum: 1, exclusiveMinimum: true}
                below: {type: number, maximum: 1, exclusiveMaximum: true}
                even: {type: integer, multipleOf: 2}
                when: {type: string, format: date-time}
                raw: {type: string, format: byte}
                lists: {type: array, items: {type: integer, default: 3}}
                few: {type: object, minProperties: 1, additionalProperties: true}
                embedded: {type: object, x-kubernetes-embedded-resource: true,
                           properties: {spec: {type: object}}}
              """));

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {size: 5}                        | spec.name: Required value
          {name: 5}                        | spec.name: Invalid value: "integer": spec.name in body must be of type string: "integer"
          {name: [a]}                      | spec.name: Invalid value: "array": spec.name in body must be of type string: "array"
          {name: null}                     | spec.name: Invalid value: "null": spec.name in body must be of type string: "null"
          {name: a, size: many}            | spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"
          {name: a, size: 1.5}             | spec.size: Invalid value: "number": spec.size in body must be of type integer: "number"
          {name: a, fallow: 1}             | spec.fallow: Invalid value: "integer": spec.fallow in body must be of type boolean: "integer"
          {name: a, size: -1}              | spec.size: Invalid value: -1: spec.size in body should be greater than or equal to 0
          {name: a, size: 101}             | spec.size: Invalid value: 101: spec.size in body should be less than or equal to 100
          {name: a, rows: [3000000000]}    | spec.rows[0]: Invalid value: 3000000000: spec.rows[0] in body should be less than or equal to 2147483647
          {name: a, soil: Peat}            | spec.soil: Unsupported value: "Peat": supported values: "Clay", "Sand"
          {name: a, season: AUTUMN}        | spec.season: Unsupported value: "AUTUMN": supported values: "Spring", "Fall"
          {name: A}                        | spec.name: Invalid value: "A": spec.name in body should match '^[a-z][-a-z]*$'
          {name: "a\\n"}                   | spec.name: Invalid value: "a\\n": spec.name in body should match '^[a-z][-a-z]*$'
          {name: aaaaaaaaaaaaaaaaaaaaa}    | spec.name: Too long: may not be more than 20 characters
          {name: a, rows: []}              | spec.rows: Invalid value: 0: spec.rows in body should have at least 1 items
          {name: a, beds: [{name: "1"},{name: "2"},{name: "3"},{name: "4"}]} | spec.beds: Too many: 4: must have at most 3 items
          {name: a, beds: [{name: b},{name: b}]} | spec.beds[1]: Duplicate value: {"name":"b"}
          {name: a, beds: [{}]}            | spec.beds[0].name: Required value
          {name: a, tags: [b, c, b]}       | spec.tags[2]: Duplicate value: "b"
          {name: a, tags: [b, C]}          | spec.tags[1]: Invalid value: "C": spec.tags[1] in body should match '^[a-z]+$'
          {name: a, notes: {k: 1}}         | spec.notes.k: Invalid value: "integer": spec.notes.k in body must be of type string: "integer"
          {name: a, notes: {k: toolong}}   | spec.notes.k: Too long: may not be more than 5 characters
          {name: a, share: true}           | spec.share: Invalid value: "boolean": spec.share in body must be of type integer,string: "boolean"
          {name: a, manifests: [{kind: A}]} | spec.manifests[0].apiVersion: Required value: must not be empty
          {name: a, planted: today}        | spec.planted: Invalid value: "today": spec.planted in body must be of type date-time: "today"
          {name: a, selector: {matchExpressions: [{key: k}]}} | spec.selector.matchExpressions[0].operator: Required value
          {size: -1, name: ""}             | [spec.size: Invalid value: -1: spec.size in body should be greater than or equal to 0, spec.name: Invalid value: "": spec.name in body should be at least 1 chars long, spec.name: Invalid value: "": spec.name in body should match '^[a-z][-a-z]*$']
          """)
  void saysWhatIsWrongInKubernetesWords(String spec, String faults) {
    var admitted = Validation.admit(garden(spec), GARDEN);

    var error = ApiError.invalid(ResourceType.of(Garden.class), "one", admitted.faults());
    assertThat(error).hasMessage("Garden.test.nave.io \"one\" is invalid: " + faults);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {plain: null}        | plain: Invalid value: "null": plain in body must be of type string: "null"
          {one: {}}            | one: Invalid value: "": "one" must validate one and only one schema (oneOf). Found none valid
          {one: {a: x, b: z}}  | one: Invalid value: "": "one" must validate one and only one schema (oneOf). Found 2 valid alternatives
          {one: {a: x}}        |
          {any: 5}             |
          {any: x}             |
          {any: [x]}           | any: Invalid value: "array": any in body must be of type integer,string: "array"
          {not: good}          |
          {not: bad}           | not: Invalid value: "": "not" must not validate the schema (not)
          {all: 3}             |
          {all: 3.0}           |
          {all: 5}             | all: Invalid value: 5: all in body should be less than or equal to 4
          {above: 1}           | above: Invalid value: 1: above in body should be greater than 1
          {above: 1.1}         |
          {below: 1}           | below: Invalid value: 1: below in body should be less than 1
          {even: 3}            | even: Invalid value: 3: even in body should be a multiple of 2
          {when: "2020-01-01T00:00:00Z"}          |
          {when: "2020-01-01T00:00:00.5+02:00"}   |
          {raw: "aGk="}        |
          {raw: "a"}           | raw: Invalid value: "a": raw in body must be of type byte: "a"
          {few: {}}            | few: Invalid value: 0: few in body should have at least 1 properties
          {few: {x: [1]}}      |
          {embedded: {apiVersion: v1, kind: "", metadata: {name: x}}} | embedded.kind: Required value: must not be empty
          """)
  void knowsTheWordsOfOpenApi(String object, String fault) {
    var faults = Validation.admit((ObjectNode) Yaml.parse(object), CUSTOM).faults();

    assertThat(faults.stream().map(cause -> cause.field() + ": " + cause.message()).toList())
        .isEqualTo(fault == null ? List.of() : List.of(fault));
  }

  @Test
  void dropsWhatTheSchemaDoesNotKnowAndSaysSo() {
    var object =
        garden(
            """
            {name: a, x: 1, beds: [{name: b, w: 1}], notes: {any: text}, named: {k: {name: m, z: 1}},
             anything: {deep: [1]}, loose: {name: c, kept: 1, soil: {ph: 1, gone: 2}},
             manifests: [{apiVersion: v1, kind: A, metadata: {name: x}, data: {k: v}}]}
            """);
    object.put("extra", true);
    object.withObjectProperty("metadata").put("unheardOf", 1);

    var admitted = Validation.admit(object, GARDEN);

    assertThat(admitted.faults()).isEmpty();
    assertThat(admitted.dropped())
        .containsExactly(
            "extra", "spec.x", "spec.beds[0].w", "spec.named.k.z", "spec.loose.soil.gone");
    assertThat(admitted.object().path("spec"))
        .isEqualTo(
            Yaml.parse(
                """
                {name: a, size: 1, soil: Clay, beds: [{name: b, soil: {ph: 7}}], notes: {any: text},
                 named: {k: {name: m, soil: {ph: 7}}}, anything: {deep: [1]},
                 loose: {name: c, kept: 1, soil: {ph: 1}},
                 manifests: [{apiVersion: v1, kind: A, metadata: {name: x}, data: {k: v}}]}
                """));
    assertThat(admitted.object().at("/metadata/unheardOf").asInt()).isEqualTo(1);
  }

  @Test
  void leavesTheObjectItWasGivenAlone() {
    var object = garden("{name: a, x: 1}");
    var before = object.deepCopy();

    Validation.admit(object, GARDEN);

    assertThat(object).isEqualTo(before);
  }

  @Test
  void givesNoDefaultsWhereTheParentIsAbsent() {
    var object = (ObjectNode) Yaml.parse("{apiVersion: test.nave.io/v1, kind: Garden}");

    var admitted = Validation.admit(object, GARDEN);

    assertThat(admitted.object()).isEqualTo(object);
    assertThat(admitted.faults())
        .containsExactly(new ApiError.Cause("FieldValueRequired", "spec", "Required value"));
  }

  @Test
  void putsADefaultInPlaceOfANullThatMayNotBe() {
    var admitted =
        Validation.admit((ObjectNode) Yaml.parse("{nullable: null, lists: [null, 1]}"), CUSTOM);

    assertThat(admitted.object()).isEqualTo(Yaml.parse("{nullable: null, lists: [3, 1]}"));
    assertThat(admitted.faults()).isEmpty();
    assertThat(Validation.admit(garden("{name: a, size: null}"), GARDEN).object().at("/spec/size"))
        .isEqualTo(Json.parse("1"));
  }

  @Test
  void prunesEmbeddedObjectsButForTheirNames() {
    var admitted =
        Validation.admit(
            (ObjectNode)
                Yaml.parse(
                    "{embedded: {apiVersion: v1, kind: A, metadata: {x: 1}, spec: {w: 1}, z: 1}}"),
            CUSTOM);

    assertThat(admitted.object())
        .isEqualTo(
            Yaml.parse(
                "{embedded: {apiVersion: v1, kind: A, metadata: {x: 1}, spec: {}}, nullable: x}"));
    assertThat(admitted.dropped()).containsExactly("embedded.z", "embedded.spec.w");
  }

  @Test
  void tellsNoMoreThanAHundredFaults() {
    var object = garden("{name: a}");
    var rows = ((ObjectNode) object.path("spec")).putArray("rows");
    for (var i = 0; i < 1_000; i++) {
      rows.add("x");
    }

    assertThat(Validation.admit(object, GARDEN).faults()).hasSize(100);
  }

  @Test
  void refusesTextThatAPatternCannotDecideInTime() {
    var schema = Schema.parse(Yaml.parse("{type: string, pattern: '^(a+)+$'}"));
    var text = Json.tree("a".repeat(5_000) + "!");

    assertThat(Validation.faults(text, schema, "parameter")).hasSize(1);
    assertThat(Validation.faults(Json.tree("a".repeat(20)), schema, "parameter")).isEmpty();
  }

  private static ObjectNode garden(String spec) {
    return (ObjectNode)
        Yaml.parse(
            "{apiVersion: test.nave.io/v1, kind: Garden, metadata: {name: one}, spec: "
                + spec.strip()
                + "}");
  }
}
