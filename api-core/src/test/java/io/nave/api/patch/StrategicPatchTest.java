package io.nave.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import io.nave.api.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.Arguments.ArgumentSet;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

class StrategicPatchTest {
  static Stream<ArgumentSet> cases() {
    return Stream.of(
        row(
            "an element merges by its key and the patch's elements come first",
            "Pod",
            "{spec: {containers: [{name: a, image: a:1, tty: true}, {name: b, image: b:1}]}}",
            "{spec: {containers: [{name: c, image: c:1}, {name: a, image: a:2}]}}",
            "{spec: {containers: [{name: c, image: c:1}, {name: a, image: a:2, tty: true}, {name: b, image: b:1}]}}"),
        row(
            "$patch delete removes an element",
            "Pod",
            "{spec: {volumes: [{name: a}, {name: b}]}}",
            "{spec: {volumes: [{name: a, $patch: delete}]}}",
            "{spec: {volumes: [{name: b}]}}"),
        row(
            "$patch replace in a list replaces it",
            "Pod",
            "{spec: {volumes: [{name: a}, {name: b}]}}",
            "{spec: {volumes: [{name: c}, {$patch: replace}]}}",
            "{spec: {volumes: [{name: c}]}}"),
        row(
            "$patch replace replaces an object",
            "ConfigMap",
            "{data: {a: x, b: y}}",
            "{data: {$patch: replace, c: z}}",
            "{data: {c: z}}"),
        row(
            "$patch delete empties an object",
            "ConfigMap",
            "{data: {a: x}}",
            "{data: {$patch: delete}}",
            "{data: {}}"),
        row(
            "$patch merge is the rule",
            "ConfigMap",
            "{data: {a: x}}",
            "{data: {$patch: merge, b: y}}",
            "{data: {a: x, b: y}}"),
        row(
            "$setElementOrder puts elements in order",
            "Deployment",
            "{spec: {template: {spec: {containers: [{name: m, env: [{name: A, value: a}, {name: B, value: b}, {name: S, value: s}]}]}}}}",
            "{spec: {template: {spec: {containers: [{name: m, $setElementOrder/env: [{name: B}, {name: C}, {name: A}], env: [{name: C, value: c}]}]}}}}",
            "{spec: {template: {spec: {containers: [{name: m, env: [{name: B, value: b}, {name: C, value: c}, {name: A, value: a}, {name: S, value: s}]}]}}}}"),
        row(
            "$setElementOrder alone only reorders",
            "Pod",
            "{spec: {volumes: [{name: a}, {name: b}, {name: c}]}}",
            "{spec: {$setElementOrder/volumes: [{name: c}, {name: a}]}}",
            "{spec: {volumes: [{name: b}, {name: c}, {name: a}]}}"),
        row(
            "finalizers are a set",
            "Pod",
            "{metadata: {finalizers: [a, b]}}",
            "{metadata: {finalizers: [b, c]}}",
            "{metadata: {finalizers: [a, b, c]}}"),
        row(
            "$deleteFromPrimitiveList takes from a set",
            "Pod",
            "{metadata: {finalizers: [a, b, c]}}",
            "{metadata: {$deleteFromPrimitiveList/finalizers: [a], $setElementOrder/finalizers: [c, b]}}",
            "{metadata: {finalizers: [c, b]}}"),
        row(
            "$retainKeys drops the other fields",
            "Deployment",
            "{spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}}",
            "{spec: {strategy: {$retainKeys: [type], type: Recreate}}}",
            "{spec: {strategy: {type: Recreate}}}"),
        row(
            "tolerations are replaced whole",
            "Pod",
            "{spec: {tolerations: [{key: a}]}}",
            "{spec: {tolerations: [{key: b}]}}",
            "{spec: {tolerations: [{key: b}]}}"),
        row(
            "ports of a service merge by port and those of a container by containerPort",
            "Service",
            "{spec: {ports: [{port: 80, name: w}, {port: 443}]}}",
            "{spec: {ports: [{port: 80, targetPort: 8080}]}}",
            "{spec: {ports: [{port: 80, name: w, targetPort: 8080}, {port: 443}]}}"),
        row(
            "ports of a container",
            "Pod",
            "{spec: {containers: [{name: a, ports: [{containerPort: 80, protocol: TCP}]}]}}",
            "{spec: {containers: [{name: a, ports: [{containerPort: 80, name: w}]}]}}",
            "{spec: {containers: [{name: a, ports: [{containerPort: 80, protocol: TCP, name: w}]}]}}"),
        row(
            "conditions merge by type",
            "Pod",
            "{status: {conditions: [{type: A, status: 'True'}, {type: B, status: 'True'}]}}",
            "{status: {conditions: [{type: B, status: 'False'}]}}",
            "{status: {conditions: [{type: A, status: 'True'}, {type: B, status: 'False'}]}}"),
        row(
            "conditions of a certificate request do not",
            "CertificateSigningRequest",
            "{status: {conditions: [{type: A}]}}",
            "{status: {conditions: [{type: B}]}}",
            "{status: {conditions: [{type: B}]}}"),
        row(
            "owners merge by uid",
            "Pod",
            "{metadata: {ownerReferences: [{uid: u1, kind: A}]}}",
            "{metadata: {ownerReferences: [{uid: u2, kind: B}, {uid: u1, controller: true}]}}",
            "{metadata: {ownerReferences: [{uid: u2, kind: B}, {uid: u1, kind: A, controller: true}]}}"),
        row(
            "null deletes and what was absent stays so",
            "ConfigMap",
            "{data: {a: x}}",
            "{data: {a: null, b: null}}",
            "{data: {}}"),
        row(
            "null deletes a list",
            "Pod",
            "{spec: {volumes: [{name: a}]}}",
            "{spec: {volumes: null}}",
            "{spec: {}}"),
        row(
            "two elements under one key survive a patch of others",
            "Service",
            "{spec: {ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}}",
            "{spec: {ports: [{port: 80}]}}",
            "{spec: {ports: [{port: 80}, {port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}}"),
        row(
            "new objects hold no nulls and no directives",
            "Pod",
            "{}",
            "{spec: {containers: [{name: a, env: [{name: E, $patch: delete}], tty: null}], nodeSelector: {$patch: replace, a: b}}}",
            "{spec: {containers: [{name: a, env: []}], nodeSelector: {a: b}}}"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void mergesAsKubernetesDoes(
      String kind, ObjectNode original, ObjectNode patch, ObjectNode expected) {
    var before = original.deepCopy();
    var patchBefore = patch.deepCopy();

    var merged = new StrategicPatch(kind).apply(original, patch);

    assertThat(merged).isEqualTo(expected);
    assertThat(original).isEqualTo(before);
    assertThat(patch).isEqualTo(patchBefore);
  }

  @Test
  void refusesAnElementWithoutItsKey() {
    assertThatThrownBy(() -> pod("{spec: {containers: [{image: x}]}}"))
        .hasMessage(
            "strategic merge patch, containers: an element does not contain the declared merge"
                + " key: name");
  }

  @Test
  void refusesAnUnknownDirective() {
    assertThatThrownBy(() -> pod("{spec: {$patch: explode}}"))
        .hasMessage(
            "strategic merge patch, $patch: unknown directive \"explode\"; delete, replace or"
                + " merge");
  }

  @Test
  void refusesAnOrderForAListThatIsReplacedWhole() {
    assertThatThrownBy(() -> pod("{spec: {$setElementOrder/tolerations: [{key: a}]}}"))
        .hasMessage(
            "strategic merge patch, tolerations: the list is replaced whole and takes no"
                + " directives");
  }

  @Test
  void refusesRetainKeysThatMissAFieldOfThePatch() {
    assertThatThrownBy(() -> pod("{spec: {$retainKeys: [a], b: 1}}"))
        .hasMessage("strategic merge patch, b: $retainKeys must name every field of the patch");
  }

  private static void pod(String patch) {
    new StrategicPatch("Pod").apply(Json.object(), object(patch));
  }

  private static ArgumentSet row(
      String what, String kind, String original, String patch, String expected) {
    return Arguments.argumentSet(what, kind, object(original), object(patch), object(expected));
  }

  private static ObjectNode object(String yaml) {
    return (ObjectNode) Yaml.parse(yaml);
  }
}
