package io.nave.api;

import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
///
/// A tree takes ten to twenty times the room of its bytes. So an object that is kept for long holds
/// the bytes and a small [Head], and its tree only as long as somebody uses it: [#stored] and
/// [#settled] make such objects. Which of the two an object is cannot be told from outside.
public final class ApiObject {
  private static final WeakReference<ObjectNode> NOT_PARSED = new WeakReference<>(null);
  private static final WeakReference<byte[]> NOT_UNPACKED = new WeakReference<>(null);

  private final @Nullable ObjectNode tree; // null: this object keeps its bytes
  private final @Nullable Packed packed; // null: or has them made anew when they are asked for
  // Each of these is derived from the others on first use; a race derives twice, harmlessly.
  private volatile byte @Nullable [] bytes;
  private volatile @Nullable Head head;
  private volatile WeakReference<ObjectNode> parsed = NOT_PARSED;
  private volatile WeakReference<byte[]> unpacked = NOT_UNPACKED;
  private volatile @Nullable Object vouchedFor; // what was found true of it, see vouch()

  /// An object's bytes, kept in less room than they take.
  public interface Packed {
    /// How many they are.
    int size();

    /// Makes them, the same each time. Called from any task.
    byte[] bytes();
  }

  private ApiObject(@Nullable ObjectNode tree, byte @Nullable [] bytes, @Nullable Packed packed) {
    this.tree = tree;
    this.bytes = bytes;
    this.packed = packed;
  }

  /// Wraps a tree, which the caller gives away.
  public static ApiObject of(ObjectNode tree) {
    return new ApiObject(tree, null, null);
  }

  /// Parses an object and keeps the bytes.
  ///
  /// @throws ApiError BadRequest when it is not a JSON object
  public static ApiObject parse(byte[] json) {
    return new ApiObject(Json.parseObject(json), json, null);
  }

  /// An object from bytes that [#bytes] once gave, of which nothing is read before it is needed.
  /// For bytes from outside there is [#parse].
  ///
  /// Reading what turns out to be no object is an [IllegalStateException], whenever that happens.
  public static ApiObject stored(byte[] encoded) {
    return new ApiObject(null, encoded, null);
  }

  /// As [#stored(byte[])], of bytes that are made when they are needed, and again when they were
  /// not for a while.
  public static ApiObject stored(Packed packed) {
    return new ApiObject(null, null, packed);
  }

  /// The same object, to be kept for long: encoded, and without its tree once that is unused.
  public ApiObject settled() {
    if (tree == null) {
      return this;
    }
    var kept = stored(bytes());
    kept.head = Head.of(tree);
    kept.parsed = new WeakReference<>(tree);
    return kept;
  }

  /// Remembers that `token`, such as a schema, was held against this object and found it right:
  /// what need not be looked at again. Only the last token is remembered, and only by this very
  /// instance.
  public void vouch(Object token) {
    vouchedFor = token;
  }

  /// Whether [#vouch] was last called with this very token.
  @SuppressWarnings("ReferenceEquality") // that very token
  public boolean isVouchedFor(Object token) {
    return vouchedFor == token;
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
    if (tree != null) {
      return tree;
    }
    var known = parsed.get();
    if (known == null) {
      known = Json.stored(bytes());
      parsed = new WeakReference<>(known);
    }
    return known;
  }

  /// The UTF-8 bytes of this object; the caller must not change them.
  public byte[] bytes() {
    var encoded = bytes;
    if (encoded == null) {
      if (packed != null) {
        return unpacked(packed);
      }
      encoded = Json.encode(json());
      bytes = encoded;
    }
    return encoded;
  }

  private byte[] unpacked(Packed from) {
    var known = unpacked.get();
    if (known == null) {
      known = from.bytes();
      unpacked = new WeakReference<>(known);
    }
    return known;
  }

  /// How many [#bytes] there are.
  public int size() {
    return packed == null ? bytes().length : packed.size();
  }

  /// A changed copy: `change` gets a private tree.
  public ApiObject edit(Consumer<ObjectNode> change) {
    var known = tree == null ? parsed.get() : tree;
    var copy = known == null ? Json.stored(bytes()) : known.deepCopy();
    change.accept(copy);
    return of(copy);
  }

  /// A changed copy: `change` gets the private tree of `metadata`.
  public ApiObject editMeta(Consumer<ObjectNode> change) {
    return edit(copy -> change.accept(copy.withObjectProperty("metadata")));
  }

  public String apiVersion() {
    return head().apiVersion();
  }

  public String kind() {
    return head().kind();
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

  /// `metadata` without `managedFields`; a missing node when there is none.
  public JsonNode metadata() {
    return head().metadata();
  }

  public JsonNode spec() {
    return json().path("spec");
  }

  public JsonNode status() {
    return json().path("status");
  }

  /// The value at a JSON pointer such as `/spec/replicas`; a missing node when there is none.
  public JsonNode at(String pointer) {
    return json().at(pointer);
  }

  private Head head() {
    var known = head;
    if (known == null) {
      known = tree == null ? Head.read(bytes()) : Head.of(tree);
      head = known;
    }
    return known;
  }

  private String meta(String field) {
    return metadata().path(field).asString("");
  }

  private @Nullable Instant time(String field) {
    var text = meta(field);
    return text.isEmpty() ? null : Timestamps.parse(text);
  }

  private Map<String, String> strings(String field) {
    return new Strings(metadata().path(field));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ApiObject that
        && (that == this || sameBytes(bytes, that.bytes) || json().equals(that.json()));
  }

  private static boolean sameBytes(byte @Nullable [] a, byte @Nullable [] b) {
    return a != null && b != null && Arrays.equals(a, b);
  }

  @Override
  public int hashCode() {
    return json().hashCode();
  }

  /// Kind, key and revision; never the content, which may be secret.
  @Override
  public String toString() {
    return kind() + " " + key() + "@" + resourceVersion();
  }
}
