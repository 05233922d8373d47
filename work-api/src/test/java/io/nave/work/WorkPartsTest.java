package io.nave.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import java.util.ArrayList;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WorkPartsTest {
  private static JsonNode template(int configMaps, int bytesEach) {
    var spec = Json.object();
    var manifests = spec.putObject("workload").putArray("manifests");
    for (int i = 0; i < configMaps; i++) {
      var map = manifests.addObject().put("apiVersion", "v1").put("kind", "ConfigMap");
      map.putObject("metadata").put("name", "c" + i).put("namespace", "shop");
      map.putObject("data").put("x", "x".repeat(bytesEach));
    }
    manifests
        .addObject()
        .put("apiVersion", "v1")
        .put("kind", "Namespace")
        .putObject("metadata")
        .put("name", "shop");
    spec.putObject("deleteOption").put("propagationPolicy", "Orphan");
    return spec;
  }

  @Test
  void whatFitsStaysAsItIs() {
    var template = template(3, 100);
    assertThat(WorkParts.of(template, 10_000)).containsExactly(template);
  }

  @Test
  void everyPartFitsAndNothingIsLostOrDoubled() {
    var parts = WorkParts.of(template(40, 900), 4_000);
    assertThat(parts).hasSizeGreaterThan(9);
    var names = new ArrayList<String>();
    for (var part : parts) {
      var manifests = part.at("/workload/manifests").valueStream().toList();
      assertThat(WorkParts.size(manifests)).isLessThanOrEqualTo(4_000);
      assertThat(part.at("/deleteOption/propagationPolicy").asString()).isEqualTo("Orphan");
      manifests.forEach(m -> names.add(m.at("/metadata/name").asString()));
    }
    assertThat(names).hasSize(41).hasSameSizeAs(new TreeSet<>(names)).startsWith("shop");
  }

  @Test
  void equalSpecsHaveEqualDigestsWhateverTheirOrder() {
    var a = Json.parse("{\"a\":1,\"b\":{\"c\":[1,2],\"metadata\":{\"name\":\"x\"}}}");
    var b =
        Json.parse(
            "{\"b\":{\"metadata\":{\"creationTimestamp\":null,\"name\":\"x\"},\"c\":[1,2]},\"a\":1.0}");
    assertThat(WorkDigest.of(a)).isEqualTo(WorkDigest.of(b)).hasSize(32);
    assertThat(WorkDigest.of(Json.parse("{\"a\":1,\"b\":{\"c\":[2,1]}}")))
        .isNotEqualTo(WorkDigest.of(a));
    assertThat(WorkDigest.of(Json.parse("[\"1\"]"))).isNotEqualTo(WorkDigest.of(Json.parse("[1]")));
  }
}
