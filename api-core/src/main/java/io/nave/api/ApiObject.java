package io.nave.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Any API object: immutable JSON, encoded once.
///
/// The tree handed to [#of] belongs to this object from then on and must not be changed by anyone;
/// [#edit] gives a private copy to change. Two objects are equal when their JSON is.
public final class ApiObject {
  private final ObjectNode tree; // never written after construction
  private byte @Nullable [] bytes; // encoded on first use; a race encodes twice, harmlessly

  private ApiObject(ObjectNode tree, byte @Nullable [] bytes) {
    this.tree = tree;
    this.bytes = bytes;
  }

  /// Wraps a tree, which the caller gives away.
  public static ApiObject of(ObjectNode tree) {
    return new ApiObject(tree, null);
  }

  /// Parses an object and keeps the bytes.
  ///
  /// @throws ApiError BadRequest when it is not a JSON object
  public static ApiObject parse(byte[] json) {
    return new ApiObject(Json.parseObject(json), json);
  }

  /// An object of a type with nothing but its name.
  public static ApiObject named(ResourceType type, String namespace, String name) {
    var tree = Json.object();
    tree.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    var meta = tree.putObject("metadata");
    meta.put("name", name);
    if (!namespace.isEmpty()) {
      meta.put("namespace", namespace);
    }
    return of(tree);
  }

  /// The JSON of this object. Read only: to change it, [#edit].
  public ObjectNode json() {
    return tree;
  }

  /// The UTF-8 bytes of this object; the caller must not change them.
  public byte[] bytes() {
    var encoded = bytes;
    if (encoded == null) {
      encoded = Json.encode(tree);
      bytes = encoded;
    }
    return encoded;
  }

  /// A changed copy: `change` gets a private tree.
  public ApiObject edit(Consumer<ObjectNode> change) {
    var copy = tree.deepCopy();
    change.accept(copy);
    return of(copy);
  }

  /// A changed copy: `change` gets the private tree of `metadata`.
  public ApiObject editMeta(Consumer<ObjectNode> change) {
    return edit(copy -> change.accept(copy.withObjectProperty("metadata")));
  }

  public String apiVersion() {
    return tree.path("apiVersion").asString("");
  }

  public String kind() {
    return tree.path("kind").asString("");
  }

  public String name() {
    return meta("name");
  }

  /// Empty for cluster scope.
  public String namespace() {
    return meta("namespace");
  }

  public Key key() {
    return new Key(namespace(), name());
  }

  public String uid() {
    return meta("uid");
  }

  /// Empty when the object was never stored.
  public String resourceVersion() {
    return meta("resourceVersion");
  }

  /// The revision the object was stored at; 0 when it never was.
  public long revision() {
    var text = resourceVersion();
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  public long generation() {
    return metadata().path("generation").asLong(0);
  }

  public boolean deleting() {
    return metadata().hasNonNull("deletionTimestamp");
  }

  public @Nullable Instant creationTimestamp() {
    return time("creationTimestamp");
  }

  public @Nullable Instant deletionTimestamp() {
    return time("deletionTimestamp");
  }

  public Map<String, String> labels() {
    return strings("labels");
  }

  public Map<String, String> annotations() {
    return strings("annotations");
  }

  public List<String> finalizers() {
    var found = new ArrayList<String>();
    for (var finalizer : metadata().path("finalizers")) {
      found.add(finalizer.asString(""));
    }
    return List.copyOf(found);
  }

  public List<Meta.OwnerReference> owners() {
    var found = new ArrayList<Meta.OwnerReference>();
    for (var owner : metadata().path("ownerReferences")) {
      found.add(Codec.decode(owner, Meta.OwnerReference.class));
    }
    return List.copyOf(found);
  }

  /// `metadata`; a missing node when there is none.
  public JsonNode metadata() {
    return tree.path("metadata");
  }

  public JsonNode spec() {
    return tree.path("spec");
  }

  public JsonNode status() {
    return tree.path("status");
  }

  /// The value at a JSON pointer such as `/spec/replicas`; a missing node when there is none.
  public JsonNode at(String pointer) {
    return tree.at(pointer);
  }

  private String meta(String field) {
    return metadata().path(field).asString("");
  }

  private @Nullable Instant time(String field) {
    var text = meta(field);
    return text.isEmpty() ? null : Instant.parse(text);
  }

  private Map<String, String> strings(String field) {
    var found = new LinkedHashMap<String, String>();
    for (var entry : metadata().path(field).properties()) {
      found.put(entry.getKey(), entry.getValue().asString(""));
    }
    return java.util.Collections.unmodifiableMap(found);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ApiObject that && tree.equals(that.tree);
  }

  @Override
  public int hashCode() {
    return tree.hashCode();
  }

  /// Kind, key and revision; never the content, which may be secret.
  @Override
  public String toString() {
    return kind() + " " + key() + "@" + resourceVersion();
  }
}
