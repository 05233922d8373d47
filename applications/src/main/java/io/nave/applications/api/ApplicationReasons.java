package io.nave.applications.api;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What every reason means that an Application or a step of its workflow can give for not being
/// where it should be, and what to do about it. `nave app why` shows it; a test holds that no
/// reason is without. What works and clusters give as reasons is `io.nave.work.WorkReasons`.
public final class ApplicationReasons {
  private static final Map<String, Explanation> BY_REASON = new TreeMap<>();

  /// @param cause one sentence
  /// @param next a command or an act; `{app}`, `{namespace}` and `{step}` stand for what it is
  ///   about
  public record Explanation(String cause, String next) {}

  static {
    // Of conditions; those that stop at one stage are explained by the condition's type too.
    put(
        "ReconcileError",
        "it cannot be delivered as it is; what runs stays",
        "correct what the message names: kubectl edit application {app} -n {namespace}");
    put(
        "Parsed/ReconcileError",
        "a component, a trait or a property is not what its definition expects; what runs stays",
        "correct what the message names, then: nave app up -f FILE");
    put(
        "Revision/ReconcileError",
        "the revision that its versions ask for cannot be had",
        "nave app revisions {app} -n {namespace}; correct the versions that the message names");
    put(
        "Policy/ReconcileError",
        "a policy leads nowhere, or its properties are wrong; what runs stays",
        "correct the policy that the message names; which clusters there are: kubectl get"
            + " managedclusters --show-labels");
    put(
        "Render/ReconcileError",
        "a definition cannot make objects of what the application says; what runs stays",
        "correct what the message names; what would be made: nave app render -f FILE");
    put(
        "Workflow/ReconcileError",
        "the workflow cannot be carried out as it is written; what runs stays",
        "correct the step that the message names: kubectl edit application {app} -n {namespace}");
    put(
        "Executing",
        "it is on its way: clusters have not all reported that everything is healthy",
        "wait; if it stays, see the components and steps below");
    put(
        "Suspending",
        "its workflow waits for a person, or for its time",
        "nave app approve {app} -n {namespace}; what waits: nave app status {app} -n {namespace}");
    put(
        "Terminated",
        "somebody ended its workflow",
        "begin anew: nave app restart {app} -n {namespace}");
    put(
        "Failed",
        "a step of its workflow failed for good; what was delivered stays",
        "see the steps below; then: nave app restart {app} -n {namespace} --step STEP");
    put(
        "Unhealthy",
        "it was delivered, and a component is no longer healthy",
        "see the components below");
    put(
        "Deleting",
        "it is being removed, and waits for clusters to say that its objects are gone",
        "see the works below; a cluster that will not come back: nave detach CLUSTER --force");
    put(
        "Contested",
        "another application delivers an object that this one wants too",
        "rename the object in one of them, or name it in a shared-resource policy of both");
    // Of steps of a workflow.
    put(
        "Wait",
        "the step waits for what its message names",
        "nave app status {app} -n {namespace}");
    put(
        "Skip",
        "the step was skipped: its `if` was not true, or what it follows did not succeed",
        "nothing, unless it should have run: see its `if`, and the steps before it");
    put(
        "Rendering",
        "the step's definition cannot make anything of its properties",
        "correct the step's properties: kubectl edit application {app} -n {namespace}");
    put(
        "Execute",
        "the last try of the step failed; it is tried again, each time a little later",
        "read the message; after ten failures in a row the step fails for good");
    put(
        "Suspend",
        "the step waits for a person, or for its time",
        "nave app approve {app} -n {namespace} --step {step}");
    put(
        "Terminate",
        "somebody ended the workflow",
        "begin anew: nave app restart {app} -n {namespace}");
    put(
        "ProcessParameter",
        "the step's properties cannot be read",
        "correct them: kubectl edit application {app} -n {namespace}");
    put(
        "Input",
        "an input of the step cannot be written where parameterKey says",
        "correct inputs of step {step}: what is published stands in status.workflow");
    put(
        "Output",
        "a value that the step should publish cannot be found",
        "correct outputs of step {step}: valueFrom names no field that is there");
    put(
        "FailedAfterRetries",
        "the step failed too often in a row",
        "mend what its message names, then: nave app restart {app} -n {namespace} --step {step}");
    put(
        "Timeout",
        "the step took longer than its timeout",
        "see what it waited for; then: nave app restart {app} -n {namespace} --step {step}");
    put(
        "Action",
        "the step itself says that it failed",
        "read the message; then: nave app restart {app} -n {namespace} --step {step}");
    // What only looking tells.
    put("NoSuchApplication", "there is no such application", "nave app list -A");
    put(
        "Paused",
        "somebody paused it: nothing is delivered, repaired or removed",
        "kubectl label application {app} -n {namespace} controller.core.oam.dev/pause-");
    put(
        "NotSeen",
        "the hub has not yet looked at the last edit",
        "wait a moment; if it stays, see the hub's log, and which hub leads");
    put(
        "ComponentUnhealthy",
        "the component is not healthy on this cluster",
        "see what its works say below; in the cluster: kubectl describe");
    put("SuspendedByPerson", "the workflow is suspended", "nave app resume {app} -n {namespace}");
  }

  private ApplicationReasons() {}

  /// What a reason means; empty for one that is not known here.
  public static Optional<Explanation> of(String reason) {
    return Optional.ofNullable(BY_REASON.get(reason));
  }

  /// What a reason of a condition means.
  public static Optional<Explanation> of(String conditionType, String reason) {
    return of(conditionType + "/" + reason).or(() -> of(reason));
  }

  private static void put(String reason, String cause, String next) {
    BY_REASON.put(reason, new Explanation(cause, next));
  }
}
