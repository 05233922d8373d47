package io.nave.apiserver.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.kubernetes.client.proto.Runtime.TypeMeta;
import io.kubernetes.client.proto.Runtime.Unknown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Frames as a client makes them.
final class Frames {
  static final Path FOLDER = Path.of("src/test/resources/io/nave/apiserver/protobuf");

  private static final ByteString MAGIC = ByteString.copyFrom(new byte[] {'k', '8', 's', 0});

  private Frames() {}

  static byte[] of(String apiVersion, String kind, Message message) {
    return of(apiVersion, kind, message.toByteString());
  }

  static byte[] of(String apiVersion, String kind, ByteString raw) {
    var type = TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind);
    return of(Unknown.newBuilder().setTypeMeta(type).setRaw(raw).build());
  }

  static byte[] of(Unknown unknown) {
    return MAGIC.concat(unknown.toByteString()).toByteArray();
  }

  /// Follows every field to its end.
  ///
  /// @throws AssertionError when a message contains itself
  static void walk(Descriptor type, List<String> above) {
    if (above.contains(type.getFullName())) {
      throw new AssertionError(type.getFullName() + " contains itself: " + above);
    }
    var here = new ArrayList<>(above);
    here.add(type.getFullName());
    for (var field : type.getFields()) {
      if (field.getJavaType() == JavaType.MESSAGE) {
        walk(field.getMessageType(), here);
      }
    }
  }
}
