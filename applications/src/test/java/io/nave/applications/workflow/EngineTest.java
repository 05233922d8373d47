package io.nave.applications.workflow;

import static io.nave.applications.workflow.Runs.done;
import static io.nave.applications.workflow.Runs.failed;
import static io.nave.applications.workflow.Runs.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.applications.workflow.StepAction.StepResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each rule of spec/app-layer-behaviour.md §11.
class EngineTest {
  private static final String THREE =
      "steps: [{name: a, type: x}, {name: b, type: x}, {name: c, type: x}]";

  @Test
  void walksStepByStepAndEndsAPassAtTheFirstUnfinishedStep() {
    var run = Runs.of(THREE).when("b", waiting()).pass();
    assertThat(run.phases()).isEqualTo("a=succeeded b=running/Wait");
    assertThat(run.executed).containsExactly("a", "b");
    assertThat(run.status.status()).isEqualTo("executing");
    run.when("b", done("")).pass();
    assertThat(run.phases()).isEqualTo("a=succeeded b=succeeded c=succeeded");
    assertThat(run.executed).containsExactly("a", "b", "b", "c");
    assertThat(run.status.status()).isEqualTo("succeeded");
    assertThat(run.status.finished()).isTrue();
    assertThat(run.status.endTime()).isEqualTo(run.now);
  }

  @Test
  void startsEverythingThatIsFreeInAGraph() {
    var run =
        Runs.of(
                """
                mode: {steps: DAG}
                steps:
                - {name: c, type: x, dependsOn: [a, b]}
                - {name: a, type: x}
                - {name: b, type: x}
                - {name: d, type: x}
                """)
            .when("b", waiting())
            .pass();
    assertThat(run.phases()).isEqualTo("c=pending/Wait a=succeeded b=running/Wait d=succeeded");
    assertThat(run.step("c").message()).isEqualTo("Pending on DependsOn: b");
    run.when("b", done("")).pass();
    assertThat(run.status.status()).isEqualTo("succeeded");
    assertThat(run.status.mode()).isEqualTo("DAG-DAG");
  }

  @Test
  void changesNothingWhenAPassFindsNothingNew() {
    var run = Runs.of(THREE).when("b", waiting()).pass();
    var before = run.status;
    run.after(Duration.ofHours(1));
    assertThat(run.status).isEqualTo(before);
  }

  @Test
  void executesNoFinishedRunAgain() {
    var run = Runs.of(THREE).pass();
    var before = run.status;
    run.executed.clear();
    run.after(Duration.ofDays(1));
    assertThat(run.executed).isEmpty();
    assertThat(run.status).isEqualTo(before);
    assertThat(run.again).isNull();
  }

  @Test
  void skipsWhatFollowsAFailureUnlessItIsAlwaysToRun() {
    var run =
        Runs.of(
                """
                steps:
                - {name: a, type: x}
                - {name: b, type: x}
                - {name: c, type: x, if: always}
                - {name: d, type: x, if: status.a.failed && status.a.reason == "Action"}
                - {name: e, type: x, if: status.a.succeeded}
                """)
            .when("a", new StepResult.Ended(Reasons.ACTION, "no"))
            .pass();
    assertThat(run.phases())
        .isEqualTo("a=failed/Action b=skipped/Skip c=succeeded d=succeeded e=skipped/Skip");
    assertThat(run.step("b").message()).isEqualTo("step a failed");
    assertThat(run.status.status()).isEqualTo("terminated");
    assertThat(run.status.message()).isEqualTo("step a: no");
  }

  @Test
  void aSkippedStepStopsNothingStepByStepButSkipsWhatDependsOnIt() {
    var stepByStep =
        Runs.of(
                """
                steps:
                - {name: a, type: x, if: "false"}
                - {name: b, type: x}
                - {name: c, type: x, dependsOn: [a]}
                """)
            .pass();
    assertThat(stepByStep.phases()).isEqualTo("a=skipped/Skip b=succeeded c=skipped/Skip");
    assertThat(stepByStep.status.status()).isEqualTo("succeeded");
    var graph =
        Runs.of(
                """
                mode: {steps: DAG}
                steps:
                - {name: a, type: x, if: "false"}
                - {name: b, type: x, dependsOn: [a]}
                - {name: c, type: x, dependsOn: [b]}
                - {name: d, type: x}
                """)
            .pass();
    assertThat(graph.phases())
        .isEqualTo("a=skipped/Skip b=skipped/Skip c=skipped/Skip d=succeeded");
  }

  @Test
  void aStepThatNamesWhatItDependsOnFollowsNothingElse() {
    var run =
        Runs.of(
                """
                steps:
                - {name: a, type: x}
                - {name: b, type: x, if: always}
                - {name: c, type: x, dependsOn: [b]}
                - {name: d, type: x, dependsOn: [a]}
                - {name: e, type: x}
                """)
            .when("a", new StepResult.Ended(Reasons.ACTION, "no"))
            .pass();
    assertThat(run.phases())
        .isEqualTo("a=failed/Action b=succeeded c=succeeded d=skipped/Skip e=skipped/Skip");
  }

  @Test
  void theValueOfASkippedStepIsNull() {
    var run =
        Runs.of(
            """
            steps:
            - {name: a, type: x, if: "false", outputs: [{name: v, valueFrom: output}]}
            - {name: b, type: x, inputs: [{from: v, parameterKey: k}]}
            - {name: c, type: x, if: inputs.v == null, inputs: [{from: v}]}
            """);
    run.when(
            "b",
            call -> {
              assertThat(call.parameter().toString()).isEqualTo("{\"k\":null}");
              return done("");
            })
        .pass();
    assertThat(run.phases()).isEqualTo("a=skipped/Skip b=succeeded c=succeeded");
  }

  @Test
  void whatTakesTheValueOfAFailedStepDoesNotRun() {
    var run =
        Runs.of(
                """
                mode: {steps: DAG}
                steps:
                - {name: a, type: x, outputs: [{name: v, valueFrom: output}]}
                - {name: b, type: x, inputs: [{from: v, parameterKey: k}]}
                """)
            .when("a", new StepResult.Ended(Reasons.ACTION, "no"))
            .pass();
    assertThat(run.phases()).isEqualTo("a=failed/Action b=skipped/Skip");
  }

  @Test
  void skipsAStepWhoseConditionFailsAndSaysWhy() {
    var run = Runs.of("steps: [{name: a, type: x, if: 'status.nothing.failed'}]").pass();
    assertThat(run.phases()).isEqualTo("a=skipped/Skip");
    assertThat(run.step("a").message()).startsWith("if: ");
  }

  @Test
  void readsNamesWithDashesInConditions() {
    var run =
        Runs.of(
                """
                steps:
                - {name: to-dev, type: x}
                - {name: b, type: x, if: 'status["to-dev"].succeeded && context.name == "app"'}
                """)
            .pass();
    assertThat(run.phases()).isEqualTo("to-dev=succeeded b=succeeded");
  }

  @Test
  void passesDataToStepsThatWaitForIt() {
    var run =
        Runs.of(
                """
                mode: {steps: DAG}
                steps:
                - name: use
                  type: x
                  inputs: [{from: ip, parameterKey: "env[0].value"}, {from: context.name, parameterKey: app}]
                  properties: {keep: 1}
                - {name: make, type: x, outputs: [{name: ip, valueFrom: "output.$returns.value.status.ip"}]}
                """)
            .when("make", done("{\"output\": {\"value\": {\"status\": {\"ip\": \"10.0.0.1\"}}}}"))
            .pass();
    assertThat(run.status.status()).isEqualTo("succeeded");
    assertThat(run.executed).containsExactly("make", "use");
    assertThat(run.status.outputs().get("ip").asString()).isEqualTo("10.0.0.1");
  }

  @Test
  void writesInputsIntoTheParameter() {
    var run =
        Runs.of(
            """
            steps:
            - {name: a, type: x, outputs: [{name: v, valueFrom: '"http://" + output.host'}]}
            - name: b
              type: x
              inputs: [{from: v, parameterKey: "list[1].url"}]
              properties: {list: [{url: one}], keep: 1}
            """);
    run.when("a", done("{\"output\": {\"host\": \"h\"}}"))
        .when(
            "b",
            call -> {
              assertThat(call.parameter().toString())
                  .isEqualTo("{\"list\":[{\"url\":\"one\"},{\"url\":\"http://h\"}],\"keep\":1}");
              return done("");
            })
        .pass();
    assertThat(run.status.status()).isEqualTo("succeeded");
  }

  @Test
  void anOutputThatDoesNotExistFailsItsStep() {
    var run =
        Runs.of("steps: [{name: a, type: x, outputs: [{name: v, valueFrom: output.gone}]}]").pass();
    assertThat(run.phases()).isEqualTo("a=failed/Output");
    assertThat(run.step("a").message()).isEqualTo("output v: nothing stands at output.gone");
    assertThat(run.status.status()).isEqualTo("failed");
  }

  @Test
  void refusesMoreOutputsThanAStatusHolds() {
    var run = Runs.of("steps: [{name: a, type: x, outputs: [{name: v, valueFrom: output}]}]");
    run.when("a", done("{\"output\": \"" + "x".repeat(70_000) + "\"}")).pass();
    assertThat(run.phases()).isEqualTo("a=failed/Output");
    assertThat(run.status.outputs()).isEmpty();
  }

  @Test
  void aValueThatDoesNotFitFailsTheStepThatTakesIt() {
    var run =
        Runs.of(
                """
                steps:
                - {name: a, type: x, outputs: [{name: v, valueFrom: output}]}
                - {name: b, type: x, inputs: [{from: v, parameterKey: text.field}], properties: {text: t}}
                """)
            .when("a", done("{\"output\": 1}"))
            .pass();
    assertThat(run.phases()).isEqualTo("a=succeeded b=failed/Input");
    assertThat(run.step("b").message()).contains("parameterKey \"text.field\"");
  }

  @Test
  void endsAStepThatTakesTooLongAndTheRunWithIt() {
    var run =
        Runs.of(
                """
                steps:
                - {name: a, type: x, timeout: 10m}
                - {name: b, type: x}
                - {name: c, type: x, if: status.a.timeout}
                """)
            .when("a", waiting())
            .pass();
    assertThat(run.again).isEqualTo(Runs.BEGIN.plus(Duration.ofMinutes(10)));
    run.after(Duration.ofMinutes(9));
    assertThat(run.phases()).isEqualTo("a=running/Wait");
    run.after(Duration.ofMinutes(1));
    assertThat(run.phases()).isEqualTo("a=failed/Timeout b=skipped/Skip c=succeeded");
    assertThat(run.step("a").message()).isEqualTo("not done within 10m");
    assertThat(run.status.status()).isEqualTo("terminated");
  }

  @Test
  void triesAgainAfterGrowingWaitsAndGivesUpAfterTen() {
    var run = Runs.of(THREE).when("a", failed()).pass();
    assertThat(run.phases()).isEqualTo("a=failed/Execute");
    assertThat(run.status.status()).isEqualTo("executing");
    var waits = new java.util.ArrayList<Long>();
    while (!run.status.finished()) {
      var next = run.again;
      assertThat(next).isNotNull();
      run.executed.clear();
      run.after(Duration.ofMillis(100));
      assertThat(run.executed).as("before its time").isEmpty();
      waits.add(Duration.between(run.now.minusMillis(100), next).toSeconds());
      run.now = next;
      run.pass();
    }
    assertThat(waits).isEqualTo(List.of(1L, 1L, 1L, 1L, 1L, 3L, 6L, 12L, 25L));
    assertThat(run.phases()).isEqualTo("a=failed/FailedAfterRetries b=skipped/Skip c=skipped/Skip");
    assertThat(run.step("a").failures()).isEqualTo(10);
    assertThat(run.status.status()).isEqualTo("failed");
  }

  @Test
  void countsOnlyFailuresInARow() {
    var run = Runs.of(THREE).when("a", failed()).pass();
    run.after(Duration.ofSeconds(1));
    assertThat(run.step("a").failures()).isEqualTo(2);
    run.when("a", waiting()).after(Duration.ofSeconds(1));
    assertThat(run.step("a").failures()).isNull();
  }

  @Test
  void suspendsUntilSomeoneApprovesAndRecordsWho() {
    var run =
        Runs.of(THREE)
            .when(
                "b",
                call ->
                    call.approved()
                        ? done("")
                        : new StepResult.Suspended("Waiting approval...", null))
            .pass();
    assertThat(run.phases()).isEqualTo("a=succeeded b=suspending/Suspend");
    assertThat(run.status.status()).isEqualTo("suspending");
    assertThat(run.status.suspend()).isTrue();
    assertThat(run.status.message()).isEqualTo("step b: Waiting approval...");
    run.after(Duration.ofDays(30)).hand("approve b: tested by QA", "alice").pass();
    assertThat(run.status.status()).isEqualTo("succeeded");
    var approval = run.step("b").approval();
    assertThat(approval).isNotNull();
    assertThat(approval.by()).isEqualTo("alice");
    assertThat(approval.why()).isEqualTo("tested by QA");
    assertThat(approval.at()).isEqualTo(run.now);
    assertThat(run.status.handled()).contains("alice approve b: tested by QA");
  }

  @Test
  void approvesOnlyTheStepThatIsNamed() {
    StepResult suspended = new StepResult.Suspended("?", null);
    var run =
        Runs.of("mode: {steps: DAG}\n" + THREE)
            .when("a", suspended)
            .when("b", call -> call.approved() ? done("") : suspended)
            .pass()
            .hand("approve b", "bob")
            .pass();
    assertThat(run.phases()).isEqualTo("a=suspending/Suspend b=succeeded c=succeeded");
    assertThat(run.step("a").approval()).isNull();
  }

  @Test
  void looksAgainWhenASuspensionEndsByItself() {
    var until = Runs.BEGIN.plusSeconds(30);
    var run =
        Runs.of(THREE)
            .when(
                "a",
                call -> call.now().isBefore(until) ? new StepResult.Suspended("", until) : done(""))
            .pass();
    assertThat(run.again).isEqualTo(until);
    run.after(Duration.ofSeconds(30));
    assertThat(run.status.status()).isEqualTo("succeeded");
  }

  @Test
  void holdsTheWholeRunOrOneStep() {
    var run = Runs.of(THREE).when("a", waiting()).pass().hand("suspend: look first", "eve").pass();
    assertThat(run.status.status()).isEqualTo("suspending");
    assertThat(run.status.message()).isEqualTo("suspended by eve: look first");
    run.when("a", done("")).after(Duration.ofHours(1));
    assertThat(run.phases()).isEqualTo("a=running/Wait");
    run.hand("resume", "eve").pass();
    assertThat(run.status.status()).isEqualTo("succeeded");

    var one = Runs.of(THREE).when("a", waiting()).pass().hand("suspend a", "eve");
    one.when("a", done("")).pass();
    assertThat(one.phases()).isEqualTo("a=suspending/Suspend");
    one.hand("resume a", "eve").pass();
    assertThat(one.status.status()).isEqualTo("succeeded");
    assertThat(one.step("a").approval()).as("a hold is no question to answer").isNull();
  }

  @Test
  void approvingOneStepDoesNotLiftTheHoldOfTheWhole() {
    var run =
        Runs.of("mode: {steps: DAG}\n" + THREE)
            .when("a", waiting())
            .when("b", call -> call.approved() ? done("") : new StepResult.Suspended("?", null))
            .pass()
            .hand("suspend: incident", "eve")
            .hand("approve b", "bob")
            .pass();
    assertThat(run.status.message()).isEqualTo("suspended by eve: incident");
    assertThat(run.status.status()).isEqualTo("suspending");
    run.when("a", done("")).hand("resume", "eve").pass();
    assertThat(run.status.status()).isEqualTo("succeeded");
    assertThat(run.step("b").approval()).extracting(each -> each.by()).isEqualTo("bob");
  }

  @Test
  void aTerminatedRunStaysTerminatedWhenSomebodyResumes() {
    var run =
        Runs.of("steps: [{name: a, type: x}, {name: b, type: x, if: always}, {name: c, type: x}]")
            .when("a", waiting())
            .when("b", waiting())
            .pass()
            .hand("terminate", "eve")
            .pass()
            .hand("resume", "eve")
            .when("b", done(""))
            .pass();
    assertThat(run.phases()).isEqualTo("a=failed/Terminate b=succeeded c=skipped/Skip");
    assertThat(run.status.status()).isEqualTo("terminated");
  }

  @Test
  void terminatesWhatRunsAndRunsOnlyWhatWantsThat() {
    var run =
        Runs.of(
                """
                steps:
                - {name: a, type: x}
                - {name: b, type: x}
                - {name: c, type: x, if: always}
                """)
            .when("a", waiting())
            .when("c", waiting())
            .pass()
            .hand("terminate: enough", "eve")
            .pass();
    assertThat(run.phases()).isEqualTo("a=failed/Terminate b=skipped/Skip c=running/Wait");
    assertThat(run.step("a").message()).isEqualTo("terminated by eve: enough");
    assertThat(run.status.finished()).isFalse();
    run.when("c", done("")).pass();
    assertThat(run.phases()).isEqualTo("a=failed/Terminate b=skipped/Skip c=succeeded");
    assertThat(run.status.status()).isEqualTo("terminated");
  }

  @Test
  void beginsAnewFromAFailedStepOn() {
    var run =
        Runs.of(
                """
                steps:
                - {name: a, type: x, outputs: [{name: v, valueFrom: output}]}
                - {name: b, type: x, outputs: [{name: w, valueFrom: output}]}
                - {name: c, type: x}
                """)
            .when("a", done("{\"output\": 1}"))
            .when("b", new StepResult.Ended(Reasons.ACTION, "no"))
            .pass();
    assertThat(run.status.finished()).isTrue();
    run.executed.clear();
    run.when("b", done("{\"output\": 2}")).hand("restart a", "eve").pass();
    assertThat(run.executed).as("a did not fail").isEmpty();
    run.hand("restart b", "eve").pass();
    assertThat(run.executed).containsExactly("b", "c");
    assertThat(run.phases()).isEqualTo("a=succeeded b=succeeded c=succeeded");
    assertThat(run.status.status()).isEqualTo("succeeded");
    assertThat(run.status.outputs().keySet()).containsExactly("v", "w");
  }

  @Test
  void beginsAnewInAGraphOnlyWhatCameOfTheFailedStep() {
    var run =
        Runs.of(
                """
                mode: {steps: DAG}
                steps:
                - {name: a, type: x}
                - {name: b, type: x, dependsOn: [a]}
                - {name: c, type: x}
                """)
            .when("a", new StepResult.Ended(Reasons.ACTION, "no"))
            .pass();
    run.executed.clear();
    run.when("a", done("")).hand("restart a", "eve").pass();
    assertThat(run.executed).containsExactly("a", "b");
    assertThat(run.status.status()).isEqualTo("succeeded");
  }

  @Test
  void beginsAnewAsAWhole() {
    var run = Runs.of(THREE).pass();
    run.executed.clear();
    run.hand("restart", "eve").after(Duration.ofHours(1));
    assertThat(run.executed).containsExactly("a", "b", "c");
    assertThat(run.status.startTime()).isEqualTo(run.now);
  }

  private static final String GROUP =
      """
      steps:
      - name: g
        type: step-group
        mode: %s
        timeout: 1h
        subSteps: [{name: a, type: x}, {name: b, type: x}, {name: c, type: x}]
      - {name: last, type: x}
      """;

  @Test
  void executesTheStepsOfAGroupAtOnceOrInOrder() {
    var free = Runs.of(GROUP.formatted("DAG")).when("a", waiting()).pass();
    assertThat(free.executed).containsExactly("a", "b", "c");
    assertThat(free.phases()).isEqualTo("g=running/Wait a=running/Wait b=succeeded c=succeeded");
    free.when("a", done("")).pass();
    assertThat(free.status.status()).isEqualTo("succeeded");
    var ordered = Runs.of(GROUP.formatted("StepByStep")).when("b", waiting()).pass();
    assertThat(ordered.executed).containsExactly("a", "b");
  }

  @Test
  void aGroupFailsWithItsStrongestReason() {
    var run =
        Runs.of(GROUP.formatted("DAG"))
            .when("a", new StepResult.Ended(Reasons.ACTION, "no"))
            .when("b", waiting())
            .pass();
    assertThat(run.phases()).startsWith("g=running/Wait");
    run.after(Duration.ofHours(1));
    assertThat(run.phases())
        .isEqualTo(
            "g=failed/Timeout a=failed/Action b=failed/Timeout c=succeeded last=skipped/Skip");
  }

  @Test
  void suspendsWithAStepOfItAndIsSkippedWhole() {
    var run =
        Runs.of(GROUP.formatted("DAG"))
            .when("a", call -> call.approved() ? done("") : new StepResult.Suspended("?", null))
            .pass();
    assertThat(run.phases()).startsWith("g=suspending/Suspend a=suspending/Suspend b=succeeded");
    run.hand("approve g", "alice").pass();
    assertThat(run.status.status()).isEqualTo("succeeded");
    var skipped =
        Runs.of(
                GROUP
                    .formatted("DAG")
                    .replace("type: step-group", "type: step-group\n  if: 'false'"))
            .pass();
    assertThat(skipped.phases())
        .isEqualTo("g=skipped/Skip a=skipped/Skip b=skipped/Skip c=skipped/Skip last=succeeded");
  }

  @Test
  void beginsAnewFromAStepInAGroup() {
    var run =
        Runs.of(GROUP.formatted("StepByStep"))
            .when("b", new StepResult.Ended(Reasons.ACTION, "no"))
            .pass();
    assertThat(run.phases())
        .isEqualTo("g=failed/Action a=succeeded b=failed/Action c=skipped/Skip last=skipped/Skip");
    run.executed.clear();
    run.when("b", done("")).hand("restart b", "eve").pass();
    assertThat(run.executed).containsExactly("b", "c", "last");
    assertThat(run.status.status()).isEqualTo("succeeded");
  }

  @Test
  void publishesTheSameAfterARepeatedPass() {
    var run =
        Runs.of(
            "steps: [{name: a, type: x, outputs: [{name: v, valueFrom: output}]}, {name: b, type: x}]");
    run.when("a", done("{\"output\": {\"z\": 1, \"y\": [1, 2]}}")).when("b", waiting()).pass();
    var before = run.status;
    run.pass();
    assertThat(run.status).isEqualTo(before);
  }
}
