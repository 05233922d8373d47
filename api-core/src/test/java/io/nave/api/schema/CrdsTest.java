package io.nave.api.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.Yaml;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class CrdsTest {
  private static final String EXPECTED =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata:
        name: gardens.test.nave.io
      spec:
        group: test.nave.io
        names:
          kind: Garden
          listKind: GardenList
          plural: gardens
          singular: garden
          shortNames:
          - gd
          categories:
          - nave
        scope: Cluster
        versions:
        - name: v1
          served: true
          storage: true
          subresources:
            status: {}
          additionalPrinterColumns:
          - name: Beds
            type: integer
            jsonPath: .spec.size
          - name: Age
            type: date
            jsonPath: .metadata.creationTimestamp
            priority: 1
          schema:
            openAPIV3Schema:
              description: Plants in beds.
              type: object
              required:
              - spec
              properties:
                apiVersion:
                  type: string
                  description: Group and version of this kind.
                kind:
                  type: string
                  description: The kind of this object.
                metadata:
                  type: object
                spec:
                  description: What is wanted.
                  type: object
                  x-kubernetes-validations:
                  - rule: self.size > 0 || self.fallow
                    message: an empty garden must be fallow
                  required:
                  - name
                  properties:
                    size:
                      description: Number of beds.
                      type: integer
                      format: int32
                      minimum: 0
                      maximum: 100
                      default: 1
                    area:
                      type: integer
                      format: int64
                    fallow:
                      type: boolean
                    slope:
                      type: number
                    name:
                      type: string
                      pattern: ^[a-z][-a-z]*$
                      minLength: 1
                      maxLength: 20
                    soil:
                      type: string
                      enum:
                      - Clay
                      - Sand
                      default: Clay
                    season:
                      type: string
                      enum:
                      - Spring
                      - Fall
                    beds:
                      type: array
                      items: &bed
                        type: object
                        required:
                        - name
                        properties:
                          name:
                            type: string
                          soil:
                            type: object
                            properties:
                              ph:
                                type: integer
                                format: int32
                                default: 7
                            default: {}
                      maxItems: 3
                      x-kubernetes-list-type: map
                      x-kubernetes-list-map-keys:
                      - name
                    tags:
                      type: array
                      items:
                        type: string
                        pattern: ^[a-z]+$
                      x-kubernetes-list-type: set
                    rows:
                      type: array
                      items:
                        type: integer
                        format: int32
                      minItems: 1
                      x-kubernetes-list-type: atomic
                    notes:
                      type: object
                      additionalProperties:
                        type: string
                        maxLength: 5
                    named:
                      type: object
                      additionalProperties: *bed
                      maxProperties: 2
                    share:
                      x-kubernetes-int-or-string: true
                    manifests:
                      type: array
                      items:
                        type: object
                        x-kubernetes-embedded-resource: true
                        x-kubernetes-preserve-unknown-fields: true
                    anything:
                      x-kubernetes-preserve-unknown-fields: true
                    loose:
                      <<: *bed
                      x-kubernetes-preserve-unknown-fields: true
                    selector:
                      type: object
                      x-kubernetes-map-type: atomic
                      properties:
                        matchLabels:
                          type: object
                          additionalProperties:
                            type: string
                          description: Labels that must have these values.
                        matchExpressions:
                          type: array
                          x-kubernetes-list-type: atomic
                          description: Requirements that must all hold.
                          items:
                            type: object
                            required:
                            - key
                            - operator
                            properties:
                              key:
                                type: string
                              operator:
                                type: string
                                description: In, NotIn, Exists or DoesNotExist.
                              values:
                                type: array
                                x-kubernetes-list-type: atomic
                                items:
                                  type: string
                    planted:
                      type: string
                      format: date-time
                    public:
                      type: boolean
                    text:
                      type: string
      """;

  @Test
  void rendersTheWholeDefinitionFromTheRecord() {
    var expected = Yaml.parse(EXPECTED);
    var crd = Crds.json(Garden.class);
    var schema = crd.at("/spec/versions/0/schema/openAPIV3Schema/properties");
    var status = schema.path("status");
    ((ObjectNode) schema).remove("status");

    assertThat(Yaml.write(crd)).isEqualTo(Yaml.write(reordered(expected)));
    assertThat(status.at("/properties/conditions/x-kubernetes-list-map-keys/0").asString())
        .isEqualTo("type");
    assertThat(status.at("/properties/conditions/items/properties/status/enum"))
        .isEqualTo(Json.parse("[\"True\",\"False\",\"Unknown\"]"));
  }

  /// Merged keys come last in what was read, but first in what is rendered.
  private static JsonNode reordered(JsonNode expected) {
    var loose =
        (ObjectNode)
            expected.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/loose");
    loose.set(
        "x-kubernetes-preserve-unknown-fields",
        loose.remove("x-kubernetes-preserve-unknown-fields"));
    return expected;
  }

  @Test
  void rendersTheSameTextEachTime() {
    assertThat(Crds.yaml(Garden.class)).isEqualTo(Crds.yaml(List.of(Garden.class)));
    assertThat(Yaml.parse(Crds.yaml(Garden.class))).isEqualTo(Crds.json(Garden.class));
  }

  @Test
  void rendersSeveralVersionsOfWhichTheFirstIsStored() {
    var crd = Crds.json(List.of(Garden.class, OldGarden.class));

    assertThat(crd.at("/spec/versions/0/storage").asBoolean()).isTrue();
    assertThat(crd.at("/spec/versions/1/name").asString()).isEqualTo("v1beta1");
    assertThat(crd.at("/spec/versions/1/storage").asBoolean()).isFalse();
    assertThat(crd.at("/spec/versions/1/served").asBoolean()).isTrue();
    assertThat(crd.at("/spec/versions/1").has("subresources")).isFalse();
  }

  @Kind(group = "test.nave.io", version = "v1beta1", plural = "gardens", status = false)
  record OldGarden(Meta metadata, int size) implements Resource {}

  @Test
  void readsItsOwnSchemaBack() {
    var schema = Schemas.of(Garden.class);

    assertThat(Schema.parse(schema.toJson())).isEqualTo(schema);
    assertThat(schema.properties().get("spec"))
        .satisfies(spec -> {
          assertThat(spec.required()).containsExactly("name");
          assertThat(spec.description()).isEqualTo("What is wanted.");
          assertThat(spec.rules())
              .containsExactly(
                  new Schema.CelRule(
                      "self.size > 0 || self.fallow",
                      "an empty garden must be fallow",
                      "",
                      "",
                      "",
                      false));
        });
  }

  record OfSet(Set<String> names) {}

  record OfThread(Thread thread) {}

  record OfItself(List<OfItself> children) {}

  record MisplacedPattern(@Pattern("a") List<String> names) {}

  record BadPattern(@Pattern("(") String name) {}

  record BadDefault(@Default("x") int count) {}

  @Test
  void namesTheComponentThatNoSchemaCanBeMadeOf() {
    refuses(OfSet.class, "OfSet.names: java.util.Set<java.lang.String> is not a type");
    refuses(OfThread.class, "OfThread.thread: java.lang.Thread is not a type");
    refuses(
        OfItself.class, "OfItself.children: io.nave.api.schema.CrdsTest$OfItself contains itself");
    refuses(MisplacedPattern.class, "MisplacedPattern.names: @Pattern belongs on the element");
    refuses(BadPattern.class, "BadPattern.name: the pattern ( cannot be read");
    refuses(BadDefault.class, "BadDefault.count: the default x is no JSON literal");
  }

  private static void refuses(Class<? extends Record> type, String message) {
    assertThatThrownBy(() -> Schemas.ofRecord(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
