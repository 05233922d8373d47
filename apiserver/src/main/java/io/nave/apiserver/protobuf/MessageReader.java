package io.nave.apiserver.protobuf;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.nave.api.Json;
import java.io.IOException;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads one message off the wire, straight into JSON: nothing is built in between, and the number
/// of values is bounded, so that a small body cannot become a large tree. Its depth is bounded by
/// the types: none of the messages read here contains itself. Used by one task, once.
final class MessageReader {
  /// A Secret or ConfigMap of the largest size holds fewer.
  static final int VALUES_MAX = 250_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final CodedInputStream in;
  private int values;

  MessageReader(CodedInputStream in) {
    this.in = in;
  }

  /// Reads the message to its end, into an object.
  void read(Descriptor type, ObjectNode object) throws IOException {
    for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (++values > VALUES_MAX) {
        throw new InvalidProtocolBufferException("it holds more than " + VALUES_MAX + " values");
      }
      var field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (field != null && WireFormat.getTagWireType(tag) == field.getLiteType().getWireType()) {
        field(field, object);
      } else if (!in.skipField(tag)) {
        throw new InvalidProtocolBufferException("it ends a group that never began");
      }
    }
  }

  private void field(FieldDescriptor field, ObjectNode object) throws IOException {
    var name = FieldRules.jsonName(field);
    if (field.isMapField()) {
      entry(field.getMessageType(), object.withObjectProperty(name));
    } else if (field.isRepeated()) {
      object.withArrayProperty(name).add(value(field));
    } else if (FieldRules.inline(field)) {
      nested(field.getMessageType(), object);
    } else {
      single(field, name, object);
    }
  }

  /// A field that is there twice is the later one, but messages grow together.
  private void single(FieldDescriptor field, String name, ObjectNode object) throws IOException {
    var value = value(field);
    if (FieldRules.absent(field, value)) {
      object.remove(name);
    } else if (value instanceof ObjectNode later
        && object.get(name) instanceof ObjectNode earlier) {
      earlier.setAll(later);
    } else {
      object.set(name, value);
    }
  }

  private void entry(Descriptor type, ObjectNode map) throws IOException {
    var pair = Json.object();
    nested(type, pair);
    var value = type.findFieldByName("value");
    map.set(pair.path("key").asString(""), pair.has("value") ? pair.get("value") : empty(value));
  }

  private static JsonNode empty(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> Folding.of(field.getMessageType(), Json.object());
      case BOOLEAN -> NODES.booleanNode(false);
      case INT, LONG, FLOAT, DOUBLE -> NODES.numberNode(0);
      case STRING, BYTE_STRING, ENUM -> NODES.stringNode("");
    };
  }

  private void nested(Descriptor type, ObjectNode object) throws IOException {
    var outer = in.pushLimit(in.readRawVarint32());
    read(type, object);
    in.popLimit(outer);
  }

  private JsonNode value(FieldDescriptor field) throws IOException {
    return switch (field.getType()) {
      case MESSAGE -> {
        var object = Json.object();
        nested(field.getMessageType(), object);
        yield Folding.of(field.getMessageType(), object);
      }
      case STRING -> NODES.stringNode(in.readStringRequireUtf8());
      case BYTES -> NODES.stringNode(Base64.getEncoder().encodeToString(in.readByteArray()));
      case BOOL -> NODES.booleanNode(in.readBool());
      case INT32 -> NODES.numberNode(in.readInt32());
      case INT64 -> NODES.numberNode(in.readInt64());
      case UINT32 -> NODES.numberNode(Integer.toUnsignedLong(in.readUInt32()));
      case UINT64 -> NODES.numberNode(in.readUInt64());
      case DOUBLE -> NODES.numberNode(in.readDouble());
      case FLOAT -> NODES.numberNode(in.readFloat());
      case ENUM, GROUP, FIXED32, FIXED64, SFIXED32, SFIXED64, SINT32, SINT64 ->
          throw new InvalidProtocolBufferException(
              "Kubernetes' messages have no field of type " + field.getType());
    };
  }
}
