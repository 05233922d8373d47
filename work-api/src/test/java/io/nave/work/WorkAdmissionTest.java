package io.nave.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkAdmissionTest {
  private static final String WEB =
      "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web','namespace':'shop'}}";

  @Test
  void refusesAWorkWithoutManifests() {
    assertThat(WorkAdmission.faults(List.of())).containsExactly("manifests should not be empty");
  }

  @Test
  void acceptsAProperWork() {
    assertThat(WorkAdmission.faults(Objects.all(WEB))).isEmpty();
  }

  @Test
  void refusesManifestsThatAreTooLarge() {
    var manifests = Objects.all(WEB);
    var size = ManifestIdentity.size(manifests.getFirst());
    assertThat(WorkAdmission.faults(manifests, size)).isEmpty();
    assertThat(WorkAdmission.faults(manifests, size - 1))
        .containsExactly(
            "the size of manifests is %d bytes which exceeds the %d limit"
                .formatted(size, size - 1));
  }

  /// Each level of upstream's encoding adds a tag byte and a varint of the length.
  @ParameterizedTest
  @CsvSource({
    "10,14",
    "123,127",
    "124,128",
    "125,129",
    "126,131",
    "127,132",
    "128,134",
    "20000,20008"
  })
  void countsTheBytesAsUpstreamEncodesThem(int json, long size) {
    var text = Objects.json("'" + "a".repeat(json - 2) + "'");
    assertThat(ManifestIdentity.size(text)).isEqualTo(size);
  }

  @Test
  void saysWhatIsWrongWithEachManifest() {
    var manifests =
        Objects.all(
            "{'apiVersion':'v1','kind':'ConfigMap','metadata':{}}",
            "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','generateName':'b'}}",
            "{'apiVersion':'v1','metadata':{'name':'a'},'data':{'password':'x'}}",
            WEB,
            WEB);
    assertThat(WorkAdmission.faults(manifests))
        .containsExactly(
            "name must be set in manifest",
            "generateName must not be set in manifest",
            "Object 'Kind' is missing in '{apiVersion, metadata, data}'",
            "duplicate manifest for resource shop/web with resource type apps/v1.Deployment");
  }
}
