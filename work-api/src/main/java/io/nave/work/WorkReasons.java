package io.nave.work;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What every reason means that a work or a replica set can give for not being ready, and what to
/// do about it. `nave why` shows it; a test holds that no reason is without.
public final class WorkReasons {
  private static final Map<String, Explanation> BY_REASON = new TreeMap<>();

  /// @param cause one sentence
  /// @param next a command or an act; `{work}`, `{cluster}`, `{kind}`, `{namespace}` and `{name}`
  ///   stand for what it is about
  public record Explanation(String cause, String next) {}

  /// What a cluster says when it refuses, and what that means.
  private record Refusal(Pattern text, Explanation explanation) {}

  private static final List<Refusal> REFUSALS =
      List.of(
          refusal(
              "the server doesn't have a resource type|no matches for kind",
              "the cluster does not have this kind",
              "install its CustomResourceDefinition in {cluster}, or add it to the work; the agent looks"
                  + " again within 10 s"),
          refusal(
              "ignoreFields",
              "a selector of ignoreFields cannot be used",
              "correct serverSideApply.ignoreFields of {work}"),
          refusal(
              "Apply failed with|conflict with \"",
              "another field manager owns fields that this work sets",
              "remove the fields from the work, or set serverSideApply.force: true for it"),
          refusal(
              "not allowed to apply the resource|would give rights it does not hold",
              "the work's executor lacks rights in the cluster",
              "give them to the service account in {cluster}, or change spec.executor"),
          refusal(
              "exceeded quota",
              "a ResourceQuota leaves no room",
              "in {cluster}: kubectl describe quota -n {namespace}"),
          refusal(
              "being terminated|is terminating|because it is being terminated",
              "the namespace is on its way out, and takes nothing new",
              "in {cluster}: kubectl get namespace {namespace} -o yaml (see status.conditions)"),
          refusal(
              "namespaces \"[^\"]*\" not found",
              "the namespace is not there",
              "add a Namespace manifest to the work, or create it in {cluster}"),
          refusal(
              "admission webhook|denied the request|failed calling webhook",
              "an admission webhook of the cluster refuses the object, or does not answer",
              "in {cluster}: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations"),
          refusal(
              "forbidden",
              "the agent, or an admission rule of the cluster, may not do this",
              "in {cluster}: kubectl auth can-i create {kind} -n {namespace} --as the agent's user"),
          refusal(
              "is invalid|Invalid value|field is immutable|strict decoding",
              "the cluster finds the object invalid",
              "correct the manifest; an immutable field needs a new name, or the old object deleted"),
          refusal(
              "needs metadata.namespace|must have apiVersion",
              "the manifest does not say which object it is about",
              "correct the manifest in {work}"),
          refusal(
              "conflict|the object has been modified|already exists",
              "somebody else writes the object at the same time",
              "nothing: the agent tries again; if it stays, see who: kubectl get {kind} {name} -n {namespace}"
                  + " --show-managed-fields -o yaml"),
          refusal(
              "timeout|timed out|deadline|too many requests|unavailable|connection",
              "the cluster's API is slow or away",
              "in {cluster}: kubectl get --raw /readyz?verbose"));

  static {
    // The agent's, about one manifest.
    put(
        "AppliedManifestFailed",
        "the cluster refused the manifest",
        "read the message; in {cluster}: kubectl get {kind} {name} -n {namespace} -o yaml");
    put(
        WorkStatus.IGNORE_FIELD_ERROR,
        "a selector of ignoreFields cannot be used",
        "correct serverSideApply.ignoreFields of {work}");
    put(
        WorkStatus.DRY_RUN,
        "the work only asks what would happen",
        "to apply it: kubectl patch manifestwork {work} -n {cluster} --type=merge -p"
            + " '{\"spec\":{\"dryRun\":false}}'");
    put(
        "ResourceNotAvailable",
        "the object is not in the cluster",
        "see why the manifest is not applied; a ReadOnly manifest waits for somebody else to create it");
    put(
        "FetchingResourceFailed",
        "the agent could not look at the object",
        "in {cluster}: kubectl get {kind} {name} -n {namespace}");
    put(
        "IncompleteResourceMeta",
        "the manifest names no object the cluster could hold",
        "correct apiVersion, kind and metadata.name of the manifest in {work}");
    put(
        "StatusFeedbackSyncFailed",
        "a feedback rule cannot be read from the object",
        "correct feedbackRules of {work}: the message names the path");
    put(
        "Differs",
        "the object is not what the manifest says, and the work asks the agent not to write it",
        "nave diff {work} -n {cluster}; to have it written use updateStrategy Update");
    put(
        "ChangedByOther",
        "somebody else keeps changing the object back",
        "stop the other writer, or let it own the fields: updateStrategy ServerSideApply with"
            + " ignoreFields");
    put(
        "ConditionRuleInvalid",
        "a condition rule is no valid CEL",
        "correct conditionRules of {work}: the message says where");
    put(
        "ConditionRuleExpressionError",
        "a condition rule failed on the object, such as for want of a field",
        "guard it: has(object.status.x) && object.status.x == ...");
    put(
        "ConditionRuleEvaluated",
        "the work's own rule says so of the object",
        "in {cluster}: kubectl describe {kind} {name} -n {namespace}");
    // The agent's, about a work.
    put("AppliedManifestWorkFailed", "not every manifest is applied", "see the manifests below");
    put(
        WorkStatus.WAITING,
        "another work has to come first",
        "nave why work <the one it waits for> -n {cluster}");
    put(
        WorkStatus.OLDER,
        "the hub shows an earlier state than the cluster already has, as after a restore",
        "write {work} again on the hub, with the content that shall hold");
    put("ResourcesNotAvailable", "some objects are not in the cluster", "see the manifests below");
    put(
        "ResourcesStatusUnknown",
        "whether the objects are there is not known",
        "see the manifests below");
    put(
        "ConditionRulesAggregated",
        "the work's own rules say so of its objects",
        "see the manifests below");
    put(
        "WorkDeleting",
        "the work is being removed: the agent waits until its objects are gone",
        "in {cluster}: kubectl get the objects below and see their finalizers");
    // The hub's, about a replica set and its clusters.
    put(
        "PlacementDecisionNotFound",
        "the Placement it names has no decisions in its namespace",
        "kubectl get placements,placementdecisions -n {namespace}");
    put(
        "PlacementDecisionEmpty",
        "its placements chose no cluster",
        "kubectl describe placement -n {namespace}");
    put(
        "NotAsExpected",
        "not every work is available, or some are degraded",
        "nave rollout status {name} -n {namespace}");
    put("Processing", "works are still progressing", "nave rollout status {name} -n {namespace}");
    put("Progressing", "the rollout is not complete", "nave rollout status {name} -n {namespace}");
    put(
        "InvalidManifestWorkName",
        "namespace and name together are too long for a label",
        "create the set under a shorter name");
    put(
        "DependencyNotMet",
        "another replica set comes first in this cluster",
        "nave rollout status <the one it waits for> -n {namespace}");
    put(
        "WorkTerminating",
        "an earlier work of the same name is still being removed",
        "nave why work {work} -n {cluster}");
    put("ClusterNotAccepted", "the cluster is not accepted", "nave accept {cluster}");
    put(
        "ClusterValuesInvalid",
        "a value for this cluster cannot be worked out",
        "correct clusterValues of the set: the message says which, and why");
    put(
        "TimeOut",
        "the cluster did not succeed within progressDeadline",
        "nave why work {work} -n {cluster}");
    put(
        "Degraded",
        "a condition rule of type Degraded says True",
        "nave why work {work} -n {cluster}");
    // What only looking tells.
    put("NoSuchWork", "there is no such work on the hub", "kubectl get manifestworks -n {cluster}");
    put("NoSuchCluster", "there is no such cluster on the hub", "kubectl get managedclusters");
    put(
        "ClusterNotJoined",
        "the cluster's agent has not come with its own certificate",
        "nave join --name {cluster} --bootstrap FILE --kubeconfig FILE");
    put(
        "ClusterUnavailable",
        "the hub has not heard from the cluster's agent lately",
        "start the agent, or see its log; what was applied before stays");
    put(
        "NotSeenByAgent",
        "the agent has not taken the work on yet",
        "kubectl get managedcluster {cluster}; see the agent's log");
    put(
        "NotYetApplied",
        "the agent has not yet reported on the work's present generation",
        "look again in a moment; if it stays, see the agent's log");
  }

  private WorkReasons() {}

  /// What a reason means; empty for one that is not Nave's or upstream's.
  public static Optional<Explanation> of(String reason) {
    return Optional.ofNullable(BY_REASON.get(reason));
  }

  /// As above, made exact by the message where a cluster said what it dislikes.
  public static Optional<Explanation> of(String reason, String message) {
    if (reason.equals(WorkStatus.MANIFEST_FAILED)) {
      for (var refusal : REFUSALS) {
        if (refusal.text().matcher(message).find()) {
          return Optional.of(refusal.explanation());
        }
      }
    }
    return of(reason);
  }

  private static void put(String reason, String cause, String next) {
    BY_REASON.put(reason, new Explanation(cause, next));
  }

  private static Refusal refusal(String text, String cause, String next) {
    return new Refusal(Pattern.compile(text), new Explanation(cause, next));
  }
}
