package io.nave.applications;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What the hub has to know of kinds whose API it does not serve: their plural, and whether they
/// live in namespaces. Kubernetes' own are known; of others the plural is formed by English rules,
/// as nearly all are, and they count as namespaced unless their CustomResourceDefinition is at
/// hand.
final class ObjectKinds {
  private static final Map<String, String> PLURALS = Map.of("Endpoints", "endpoints");

  private static final List<String> HISSING = List.of("s", "x", "z", "ch", "sh");

  /// `group/Kind`; the core group is empty.
  private static final Set<String> CLUSTER_SCOPED =
      Set.of(
          "/Namespace",
          "/Node",
          "/PersistentVolume",
          "admissionregistration.k8s.io/MutatingWebhookConfiguration",
          "admissionregistration.k8s.io/ValidatingAdmissionPolicy",
          "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
          "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
          "apiextensions.k8s.io/CustomResourceDefinition",
          "apiregistration.k8s.io/APIService",
          "certificates.k8s.io/CertificateSigningRequest",
          "certificates.k8s.io/ClusterTrustBundle",
          "flowcontrol.apiserver.k8s.io/FlowSchema",
          "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
          "networking.k8s.io/IngressClass",
          "networking.k8s.io/IPAddress",
          "networking.k8s.io/ServiceCIDR",
          "node.k8s.io/RuntimeClass",
          "rbac.authorization.k8s.io/ClusterRole",
          "rbac.authorization.k8s.io/ClusterRoleBinding",
          "resource.k8s.io/DeviceClass",
          "resource.k8s.io/ResourceSlice",
          "scheduling.k8s.io/PriorityClass",
          "storage.k8s.io/CSIDriver",
          "storage.k8s.io/CSINode",
          "storage.k8s.io/StorageClass",
          "storage.k8s.io/VolumeAttachment",
          "storage.k8s.io/VolumeAttributesClass");

  private ObjectKinds() {}

  /// The plural under which an API server serves a kind.
  static String plural(String kind) {
    var known = PLURALS.get(kind);
    if (known != null) {
      return known;
    }
    var word = kind.toLowerCase(Locale.ROOT);
    for (var ending : HISSING) {
      if (word.endsWith(ending)) {
        return word + "es";
      }
    }
    var beforeY = word.endsWith("y") && word.length() > 1 ? word.charAt(word.length() - 2) : 'a';
    return "aeiou".indexOf(beforeY) < 0 ? word.substring(0, word.length() - 1) + "ies" : word + "s";
  }

  /// Whether objects of a kind live in namespaces.
  ///
  /// @param others further objects of the application, among them perhaps the kind's definition
  static boolean namespaced(String group, String kind, Iterable<? extends JsonNode> others) {
    for (var other : others) {
      var spec = other.path("spec");
      if (other.path("kind").asString("").equals("CustomResourceDefinition")
          && spec.path("group").asString("").equals(group)
          && spec.path("names").path("kind").asString("").equals(kind)) {
        return !spec.path("scope").asString("").equals("Cluster");
      }
    }
    return !CLUSTER_SCOPED.contains(group + "/" + kind);
  }
}
