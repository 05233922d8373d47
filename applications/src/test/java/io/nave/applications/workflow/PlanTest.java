package io.nave.applications.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
  private static List<String> faults(String steps) {
    return Runs.of(steps).plan.faults("steps", Set.of("component-value")).stream()
        .map(fault -> fault.field() + ": " + fault.message())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [{name: a, type: x}, {name: a, type: x}]                | steps[1].name: Duplicate value: "a": steps[0] has the same name
          [{name: a, type: x, dependsOn: [b]}]                    | steps[0].dependsOn[0]: Invalid value: there is no step "b" beside it; the steps are [a]
          [{name: a, type: x, dependsOn: [b]}, {name: b, type: x}]| steps[0].dependsOn[0]: Invalid value: step "b" comes later, and the steps run one after the other; set mode DAG or move it
          [{name: a, type: x, timeout: 1d}]                       | steps[0].timeout: Invalid value: expected a duration such as 30s, 10m or 1h30m, found "1d"
          [{name: a, type: step-group}]                           | steps[0].subSteps: Required value: a group has sub-steps
          [{name: a, type: x, inputs: [{from: nobody}]}]          | steps[0].inputs[0].from: Invalid value: nothing publishes "nobody"
          [{name: a, type: x, subSteps: [{name: b, type: x}]}]    | steps[0].subSteps: Invalid value: only a step of type step-group has sub-steps, this one is "x"
          """)
  void namesWhatIsWrong(String steps, String expected) {
    assertThat(faults("steps: " + steps)).containsExactly(expected);
  }

  @Test
  void findsWhatNeverEnds() {
    assertThat(
            faults(
                """
                mode: {steps: DAG}
                steps:
                - {name: a, type: x, dependsOn: [b]}
                - {name: b, type: x, inputs: [{from: v}]}
                - {name: c, type: x, dependsOn: [a], outputs: [{name: v, valueFrom: output}]}
                """))
        .containsExactly("steps: Invalid value: steps wait for each other in a circle: [a, b, c]");
  }

  @Test
  void saysWhereAnExpressionIsNone() {
    assertThat(faults("steps: [{name: a, type: x, if: 'status.('}]"))
        .singleElement()
        .asString()
        .startsWith("steps[0].if: Invalid value: ");
  }

  @Test
  void namesStepsThatHaveNoName() {
    var plan =
        Runs.of("steps: [{type: x}, {type: step-group, subSteps: [{type: x}, {type: x}]}]").plan;
    assertThat(plan.leaves().stream().map(step -> step.name()).toList())
        .containsExactly("step-0", "step-1-0", "step-1-1");
    assertThat(plan.faults("steps", Set.of())).isEmpty();
  }

  @Test
  void takesValuesOfComponents() {
    assertThat(faults("steps: [{name: a, type: x, inputs: [{from: component-value}]}]")).isEmpty();
  }
}
