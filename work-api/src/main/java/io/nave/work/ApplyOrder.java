package io.nave.work;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// In which order the manifests of a work are applied: what others need comes first
/// (spec/ocm-behaviour.md §6.2).
public final class ApplyOrder {
  /// The rank of kinds that are not named below, custom ones above all.
  static final int OTHERS = 1000;

  /// The rank of what names no kind and can only fail.
  static final int UNREADABLE = 1001;

  private ApplyOrder() {}

  /// The positions of the manifests in the order of applying; stable inside a rank.
  public static List<Integer> of(List<JsonNode> manifests) {
    var order = new ArrayList<Integer>(manifests.size());
    for (int i = 0; i < manifests.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.comparingInt((Integer i) -> rank(ManifestIdentity.of(manifests.get(i)).kind())));
    return List.copyOf(order);
  }

  /// Lower ranks are applied first. Kinds are told apart by name alone, as upstream does.
  static int rank(String kind) {
    return switch (kind) {
      case "PriorityClass",
          "Namespace",
          "CustomResourceDefinition",
          "StorageClass",
          "PersistentVolume",
          "PodSecurityPolicy" ->
          0;
      case "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding" -> 1;
      case "NetworkPolicy",
          "ResourceQuota",
          "LimitRange",
          "PodDisruptionBudget",
          "ServiceAccount" ->
          2;
      case "Secret", "ConfigMap", "PersistentVolumeClaim" -> 3;
      case "Service" -> 4;
      case "DaemonSet",
          "Pod",
          "ReplicationController",
          "ReplicaSet",
          "Deployment",
          "HorizontalPodAutoscaler",
          "StatefulSet",
          "Job",
          "CronJob" ->
          5;
      case "APIService",
          "MutatingWebhookConfiguration",
          "ValidatingWebhookConfiguration",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding" ->
          6;
      case "" -> UNREADABLE;
      default -> OTHERS;
    };
  }
}
