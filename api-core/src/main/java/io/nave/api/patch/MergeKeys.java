package io.nave.api.patch;

import io.nave.api.ResourceType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How strategic merge patch joins the lists of Kubernetes' built-in kinds: what the
/// `patchStrategy` and `patchMergeKey` tags of its Go types say. Lists not named here are replaced
/// whole, among them tolerations, a Node's taints and the conditions of a
/// CertificateSigningRequest.
public final class MergeKeys {
  /// The key of lists of plain values that merge as sets.
  public static final String SET = "";

  /// The key of lists that are replaced whole.
  private static final String ATOMIC = "-";

  private static final Set<String> GROUPS =
      Set.of(
          "",
          "admissionregistration.k8s.io",
          "apiregistration.k8s.io",
          "apps",
          "authentication.k8s.io",
          "authorization.k8s.io",
          "autoscaling",
          "batch",
          "certificates.k8s.io",
          "coordination.k8s.io",
          "discovery.k8s.io",
          "events.k8s.io",
          "flowcontrol.apiserver.k8s.io",
          "networking.k8s.io",
          "node.k8s.io",
          "policy",
          "rbac.authorization.k8s.io",
          "resource.k8s.io",
          "scheduling.k8s.io",
          "storage.k8s.io");

  /// `parent.field` or, before it, `Kind:parent.field`; the parent of a top-level field is empty,
  /// and that of a field in a list element is the list's field.
  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("metadata.finalizers", SET),
          Map.entry("metadata.ownerReferences", "uid"),
          Map.entry("spec.containers", "name"),
          Map.entry("spec.initContainers", "name"),
          Map.entry("spec.ephemeralContainers", "name"),
          Map.entry("spec.volumes", "name"),
          Map.entry("spec.imagePullSecrets", "name"),
          Map.entry("spec.hostAliases", "ip"),
          Map.entry("spec.topologySpreadConstraints", "topologyKey"),
          Map.entry("spec.schedulingGates", "name"),
          Map.entry("spec.resourceClaims", "name"),
          Map.entry("containers.ports", "containerPort"),
          Map.entry("containers.env", "name"),
          Map.entry("containers.volumeMounts", "mountPath"),
          Map.entry("containers.volumeDevices", "devicePath"),
          Map.entry("status.conditions", "type"),
          Map.entry("CertificateSigningRequest:status.conditions", ATOMIC),
          Map.entry("Service:spec.ports", "port"),
          Map.entry("ServiceAccount:.secrets", "name"),
          Map.entry("Node:spec.podCIDRs", SET),
          Map.entry("Node:status.addresses", "type"),
          Map.entry("Pod:status.podIPs", "ip"),
          Map.entry("Pod:status.hostIPs", "ip"),
          Map.entry("Pod:status.resourceClaimStatuses", "name"),
          Map.entry("CSINode:spec.drivers", "name"),
          Map.entry("ValidatingWebhookConfiguration:.webhooks", "name"),
          Map.entry("MutatingWebhookConfiguration:.webhooks", "name"),
          Map.entry("webhooks.matchConditions", "name"));

  private MergeKeys() {}

  /// Whether the kind is one of Kubernetes' own, which alone take strategic patches.
  static boolean builtIn(ResourceType type) {
    return knows(type.group());
  }

  /// Whether the kinds of an API group are Kubernetes' own; the core group is empty.
  public static boolean knows(String group) {
    return GROUPS.contains(group);
  }

  /// The field whose value names an element of that list, [#SET] for plain values that merge as a
  /// set, null for a list that is replaced whole.
  public static @Nullable String of(String kind, String parent, String field) {
    var place =
        switch (parent) {
          case "initContainers", "ephemeralContainers" -> "containers." + field;
          default -> parent + "." + field;
        };
    var own = KEYS.get(kind + ":" + place);
    var key = own != null ? own : KEYS.get(place);
    return ATOMIC.equals(key) ? null : key;
  }
}
