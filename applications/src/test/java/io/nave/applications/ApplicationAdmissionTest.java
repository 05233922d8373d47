package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ResourceType;
import io.nave.applications.api.Application;
import org.junit.jupiter.api.Test;

class ApplicationAdmissionTest {
  private static final ApplicationAdmission ADMISSION = ApplicationAdmission.builtIn();

  @Test
  void letsAGoodApplicationIn() {
    assertThat(ADMISSION.check(Samples.webOn("east"))).isEmpty();
  }

  @Test
  void namesTheTypeThatIsUnknownAndThoseThatAreKnown() {
    var faults =
        ADMISSION.check(
            Samples.web("components: [{name: web, type: webservce, properties: {image: nginx}}]"));
    assertThat(faults)
        .containsExactly(
            new ApiError.Cause(
                "FieldValueNotSupported",
                "spec.components[0].type",
                "type \"webservce\" of component \"web\" is unknown; known types are k8s-objects,"
                    + " webservice"));
  }

  @Test
  void namesThePropertyThatIsMissingAsKubernetesDoes() {
    var faults = ADMISSION.check(Samples.web("components: [{name: web, type: webservice}]"));
    var error = ApiError.invalid(ResourceType.of(Application.class), "web", faults);
    assertThat(error)
        .hasMessage(
            "Application.core.oam.dev \"web\" is invalid: spec.components[0].properties.image:"
                + " Required value");
  }

  @Test
  void saysWhatIsMissingWhenNothingIsGiven() {
    var faults = ADMISSION.check(Samples.web("components: [{}]"));
    assertThat(faults)
        .extracting(ApiError.Cause::field)
        .containsExactly("spec.components[0].name", "spec.components[0].type");
  }

  @Test
  void refusesNamesThatLabelsCannotHold() {
    var faults =
        ADMISSION.check(
            Samples.application(
                "{metadata: {name: %s}, spec: {components: []}}".formatted("x".repeat(64))));
    assertThat(faults).extracting(ApiError.Cause::field).containsExactly("metadata.name");
  }

  @Test
  void letsClustersAndPlacementsBeWhatTheyWillBe() {
    assertThat(ADMISSION.check(Samples.webOn("not-yet-joined"))).isEmpty();
  }
}
