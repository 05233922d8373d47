package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Yaml;
import io.nave.applications.api.Environment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
  private static final Samples.FakeFleet FLEET = Samples.fleet("east", "west");

  private static Environment environment(String spec) {
    return Codec.decode(
        Yaml.parseAll("{metadata: {name: prod, namespace: shop}, spec: " + spec + "}").getFirst(),
        Environment.class);
  }

  private static Delivery deliver(String environment, String more) {
    var application =
        Samples.web(
            """
            components:
            - {name: web, type: webservice, properties: {image: nginx}, traits: [{type: labels, properties: {a: b}}]}
            policies:
            - {name: there, type: topology, properties: {environment: prod%s}}
            """
                .formatted(more));
    return Delivery.of(application, FLEET.with(environment(environment)), Samples.DEFINITIONS);
  }

  @Test
  void givesItsClustersAndItsNamespace() {
    assertThat(deliver("{clusterSet: global, namespace: live}", "").targets())
        .containsExactly(
            new Target("east", "live", true, "prod"), new Target("west", "live", true, "prod"));
    assertThat(deliver("{clusterSet: global, namespace: live}", ", namespace: own").targets())
        .extracting(Target::namespace)
        .containsOnly("own");
    assertThat(deliver("{clusterSet: global}", "").targets())
        .extracting(Target::namespace)
        .containsOnly("shop");
  }

  @Test
  void itsPoliciesActWithoutBeingNamed() {
    var delivery =
        deliver(
            "{clusterSet: global, policies: [{name: three, type: override, properties: {components:"
                + " [{type: webservice, traits: [{type: scaler, properties: {replicas: 3}}]}]}}]}",
            "");
    assertThat(delivery.blueprint().components().getFirst().traits())
        .extracting(Blueprint.BoundTrait::type)
        .containsExactly("labels", "scaler");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{clusterSet: unbound}|environment \"prod\" takes its clusters from the set \"unbound\", which is not bound to namespace shop",
        "{clusterSet: global, clusterLabelSelector: {env: none}}|no cluster matches",
        "{clusterSet: global, allowed: {components: [worker]}}|environment \"prod\" does not allow the component type \"webservice\" of component \"web\"; it allows worker",
        "{clusterSet: global, allowed: {traits: [scaler]}}|environment \"prod\" does not allow the trait \"labels\" of component \"web\"",
      })
  void whatItDoesNotAllowIsRefused(String spec, String message) {
    var refusal = catchThrowableOfType(Refusal.class, () -> deliver(spec, ""));
    assertThat(refusal.stage()).isEqualTo(Stage.POLICY);
    assertThat(refusal.text()).contains(message);
  }

  @Test
  void oneThatIsNotThereIsRefused() {
    var application =
        Samples.web(
            """
            components: [{name: web, type: webservice, properties: {image: nginx}}]
            policies: [{name: there, type: topology, properties: {environment: prod}}]
            """);
    var refusal =
        catchThrowableOfType(
            Refusal.class, () -> Delivery.of(application, FLEET, Samples.DEFINITIONS));
    assertThat(refusal.text())
        .contains("spec.policies[0].properties.environment: there is no environment \"prod\"");
    assertThat(Surroundings.of(application)).isEqualTo(List.of(Key.of("shop", "prod")));
  }
}
