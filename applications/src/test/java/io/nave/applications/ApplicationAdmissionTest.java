package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ResourceType;
import io.nave.applications.api.Application;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplicationAdmissionTest {
  private static final ApplicationAdmission ADMISSION = ApplicationAdmission.builtIn();

  @Test
  void letsAGoodApplicationIn() {
    assertThat(ADMISSION.check(Samples.webOn("east"))).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          webservce     | is unknown; did you mean webservice?
          xyz           | is unknown; known types are cron-task, daemon, k8s-objects,
          webservice@v7 | has no revision "v7"; name one that is there, or none for the newest
          """)
  void namesTheTypeThatIsUnknownAndThoseThatAreMeant(String type, String message) {
    var faults =
        ADMISSION.check(
            Samples.web(
                "components: [{name: web, type: %s, properties: {image: nginx}}]".formatted(type)));
    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst().field()).isEqualTo("spec.components[0].type");
    assertThat(faults.getFirst().message())
        .startsWith("type \"" + type.replaceFirst("@.*", "") + "\" of component \"web\" ")
        .contains(message);
  }

  @Test
  void takesWhatShipsAsItsFirstRevision() {
    assertThat(
            ADMISSION.check(
                Samples.web(
                    "components: [{name: web, type: webservice@v1, properties: {image: nginx}}]")))
        .isEmpty();
  }

  @Test
  void namesBothTraitsThatCannotStandTogether() {
    var faults =
        ADMISSION.check(
            Samples.web(
                """
                components:
                - name: web
                  type: webservice
                  properties: {image: nginx}
                  traits: [{type: hpa}, {type: labels, properties: {}}, {type: cpuscaler}]
                """));
    assertThat(faults)
        .containsExactly(
            new ApiError.Cause(
                "FieldValueInvalid",
                "spec.components[0].traits[2].type",
                "Invalid value: \"cpuscaler\": trait \"cpuscaler\" of component \"web\" conflicts"
                    + " with trait \"hpa\" at spec.components[0].traits[0]; keep one of them"));
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
