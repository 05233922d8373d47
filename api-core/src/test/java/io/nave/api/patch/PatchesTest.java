package io.nave.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiError.Reason;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PatchesTest {
  private static final ResourceType WORK =
      ResourceType.of(
          "work.open-cluster-management.io", "v1", "ManifestWork", "manifestworks", true);
  private static final ResourceType SECRET = ResourceType.of("", "v1", "Secret", "secrets", true);
  private static final String ORIGINAL =
      "{metadata: {name: one, uid: u1, resourceVersion: '7'}, spec: {a: 1}}";

  @Test
  void appliesEachFormToAKindThatTakesIt() {
    assertThat(apply(WORK, Patch.Form.MERGE, "{spec: {a: 2}}").at("/spec/a").asInt()).isEqualTo(2);
    assertThat(
            apply(WORK, Patch.Form.JSON, "[{op: replace, path: /spec/a, value: 3}]")
                .at("/spec/a")
                .asInt())
        .isEqualTo(3);
    assertThat(apply(SECRET, Patch.Form.STRATEGIC, "{spec: {a: 4}}").at("/spec/a").asInt())
        .isEqualTo(4);
  }

  @Test
  void refusesStrategicPatchesOfCustomKindsInKubernetesWords() {
    var error = refused(WORK, Patch.Form.STRATEGIC, "{}");

    assertThat(error.reason()).isEqualTo(Reason.UNSUPPORTED_MEDIA_TYPE);
    assertThat(error)
        .hasMessage(
            "the body of the request was in an unknown format - accepted media types include:"
                + " application/json-patch+json, application/merge-patch+json");
  }

  @Test
  void refusesAPatchMadeForAnotherRevision() {
    var error = refused(WORK, Patch.Form.MERGE, "{metadata: {resourceVersion: '6'}}");

    assertThat(error.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(error)
        .hasMessage(
            "Operation cannot be fulfilled on manifestworks.work.open-cluster-management.io"
                + " \"one\": the object has been modified; please apply your changes to the latest"
                + " version and try again");
  }

  @Test
  void refusesAPatchMadeForAnotherObjectOfThatName() {
    var error = refused(WORK, Patch.Form.MERGE, "{metadata: {uid: u0}}");

    assertThat(error.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(error)
        .hasMessageEndingWith(
            "Precondition failed: UID in precondition: u0, UID in object meta: u1");
  }

  @Test
  void acceptsAPatchMadeForThisRevision() {
    var patched =
        apply(WORK, Patch.Form.MERGE, "{metadata: {resourceVersion: '7', uid: u1}, spec: {b: 1}}");

    assertThat(patched.at("/spec/b").asInt()).isEqualTo(1);
  }

  @Test
  void refusesAMergePatchThatIsNoObject() {
    assertThat(refused(WORK, Patch.Form.MERGE, "[1]"))
        .hasMessage("the patch must be a JSON object, but it is array");
  }

  private static ObjectNode apply(ResourceType type, Patch.Form form, String patch) {
    return Patches.apply(
        (ObjectNode) Yaml.parse(ORIGINAL), new Patch(form, Yaml.parse(patch)), type);
  }

  private static ApiError refused(ResourceType type, Patch.Form form, String patch) {
    return catchThrowableOfType(ApiError.class, () -> apply(type, form, patch));
  }
}
