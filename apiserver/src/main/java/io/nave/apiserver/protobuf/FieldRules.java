package io.nave.apiserver.protobuf;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Where a field of Kubernetes' JSON is not simply the field of the message; read off the Go types
/// of the groups in [MessageTypes].
final class FieldRules {
  /// Messages whose fields stand in the object around them.
  private static final Set<String> INLINE =
      Set.of(
          "ephemeralContainerCommon",
          "handler",
          "ingressRuleValue",
          "localObjectReference",
          "persistentVolumeSource",
          "volumeSource");

  private static final Map<String, String> RENAMED =
      Map.of("uID", "uid", "aPIGroup", "apiGroup", "Raw", "raw");

  /// Numbers and booleans that are no pointers in Go and are left out of JSON at zero: the wire
  /// always has them, and a server must take zero for absent.
  private static final Set<String> ABSENT_WHEN_ZERO =
      Set.of(
          "active",
          "authenticated",
          "availableReplicas",
          "count",
          "denied",
          "deprecatedCount",
          "failed",
          "failureThreshold",
          "fullyLabeledReplicas",
          "generation",
          "healthCheckNodePort",
          "hostIPC",
          "hostNetwork",
          "hostPID",
          "hostPort",
          "initialDelaySeconds",
          "minReadySeconds",
          "nodePort",
          "observedGeneration",
          "paused",
          "periodSeconds",
          "publishNotReadyAddresses",
          "readOnly",
          "readyReplicas",
          "stdin",
          "stdinOnce",
          "succeeded",
          "successThreshold",
          "timeoutSeconds",
          "tty",
          "unavailableReplicas",
          "unschedulable",
          "updatedReplicas");

  /// Texts that are pointers in Go and mean something when empty.
  private static final Set<String> SAID_WHEN_EMPTY =
      Set.of("holderIdentity", "preferredHolder", "storageClassName");

  private FieldRules() {}

  static boolean inline(FieldDescriptor field) {
    return INLINE.contains(field.getName());
  }

  static String jsonName(FieldDescriptor field) {
    return RENAMED.getOrDefault(field.getName(), field.getName());
  }

  /// Whether a value that stands alone, in no list or map, is to be taken for absent.
  static boolean absent(FieldDescriptor field, JsonNode value) {
    var name = field.getName();
    return switch (value.getNodeType()) {
      case STRING -> value.asString().isEmpty() && !SAID_WHEN_EMPTY.contains(name);
      case NUMBER -> value.asDouble() == 0 && ABSENT_WHEN_ZERO.contains(name);
      case BOOLEAN -> !value.asBoolean() && ABSENT_WHEN_ZERO.contains(name);
      case NULL, MISSING -> true;
      case ARRAY -> value.isEmpty();
      case OBJECT, BINARY, POJO -> false;
    };
  }
}
