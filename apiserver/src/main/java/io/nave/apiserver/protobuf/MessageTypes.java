package io.nave.apiserver.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Events;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Rbac;
import io.nave.api.ApiError;
import java.util.Map;
import java.util.function.Supplier;

/// Which message a kind is.
final class MessageTypes {
  /// By `apiVersion`; asking one loads its classes.
  static final Map<String, Supplier<FileDescriptor>> FILES =
      Map.ofEntries(
          Map.entry("v1", V1::getDescriptor),
          Map.entry("apps/v1", V1Apps::getDescriptor),
          Map.entry("authentication.k8s.io/v1", V1Authentication::getDescriptor),
          Map.entry("authorization.k8s.io/v1", V1Authorization::getDescriptor),
          Map.entry("batch/v1", V1Batch::getDescriptor),
          Map.entry("certificates.k8s.io/v1", V1Certificates::getDescriptor),
          Map.entry("coordination.k8s.io/v1", V1Coordination::getDescriptor),
          Map.entry("events.k8s.io/v1", V1Events::getDescriptor),
          Map.entry("networking.k8s.io/v1", V1Networking::getDescriptor),
          Map.entry("rbac.authorization.k8s.io/v1", V1Rbac::getDescriptor));

  private MessageTypes() {}

  /// @throws ApiError UnsupportedMediaType when it is no built-in kind
  static Descriptor of(String apiVersion, String kind) {
    // Every group has a DeleteOptions, and all are the same.
    if (kind.equals("DeleteOptions")) {
      return Meta.DeleteOptions.getDescriptor();
    }
    var file = FILES.get(apiVersion);
    var found = file == null ? null : file.get().findMessageTypeByName(kind);
    if (found == null || !isObject(found)) {
      throw ApiError.unsupportedMediaType(
          "protobuf is read for built-in kinds only, and %s %s is none: send application/json"
              .formatted(apiVersion, kind));
    }
    return found;
  }

  /// An object, and not a part of one or a list.
  private static boolean isObject(Descriptor type) {
    var metadata = type.findFieldByName("metadata");
    return metadata != null
        && metadata.getJavaType() == JavaType.MESSAGE
        && metadata.getMessageType().getName().equals("ObjectMeta");
  }
}
