package io.nave.practice;

import io.nave.api.ResourceType;
import io.nave.api.ResourceType.Column;
import java.util.List;

/// The kinds a practice cluster serves beside those of every server: what applications are made of.
final class PracticeKinds {
  static final ResourceType DEPLOYMENT =
      workload("apps", "v1", "Deployment", "deployments", "deploy")
          .withColumns(
              new Column("Ready", "string", ".status.readyReplicas", 0),
              new Column("Desired", "integer", ".spec.replicas", 0),
              new Column("Up-to-date", "integer", ".status.updatedReplicas", 0),
              new Column("Available", "integer", ".status.availableReplicas", 0),
              age());
  static final ResourceType STATEFUL_SET =
      workload("apps", "v1", "StatefulSet", "statefulsets", "sts")
          .withColumns(new Column("Ready", "string", ".status.readyReplicas", 0), age());
  static final ResourceType DAEMON_SET =
      workload("apps", "v1", "DaemonSet", "daemonsets", "ds")
          .withColumns(
              new Column("Desired", "integer", ".status.desiredNumberScheduled", 0),
              new Column("Ready", "integer", ".status.numberReady", 0),
              age());
  static final ResourceType JOB =
      workload("batch", "v1", "Job", "jobs")
          .withColumns(
              new Column("Completions", "integer", ".spec.completions", 0),
              new Column("Succeeded", "integer", ".status.succeeded", 0),
              age());
  static final ResourceType NODE =
      ResourceType.of("", "v1", "Node", "nodes", false).withStatus().withShortNames("no");

  private PracticeKinds() {}

  /// All of them.
  static List<ResourceType> all() {
    return List.of(
        NODE,
        workload("", "v1", "Pod", "pods", "po"),
        workload("", "v1", "Service", "services", "svc"),
        workload("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc"),
        DEPLOYMENT,
        workload("apps", "v1", "ReplicaSet", "replicasets", "rs"),
        STATEFUL_SET,
        DAEMON_SET,
        JOB,
        workload("batch", "v1", "CronJob", "cronjobs", "cj"),
        workload("networking.k8s.io", "v1", "Ingress", "ingresses", "ing"),
        ResourceType.of("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true)
            .withShortNames("netpol"),
        workload("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa"),
        workload("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb"));
  }

  private static ResourceType workload(
      String group, String version, String kind, String plural, String... shortNames) {
    return ResourceType.of(group, version, kind, plural, true)
        .withStatus()
        .withShortNames(shortNames);
  }

  private static Column age() {
    return new Column("Age", "date", ".metadata.creationTimestamp", 0);
  }
}
