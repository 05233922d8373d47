package io.nave.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `metadata` of any object; what is absent is empty, never null, but for the times.
public record Meta(
    String name,
    String generateName,
    String namespace,
    String uid,
    String resourceVersion,
    long generation,
    @Nullable Instant creationTimestamp,
    @Nullable Instant deletionTimestamp,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<String> finalizers,
    List<OwnerReference> ownerReferences) {

  /// Who an object goes with; as in `metav1.OwnerReference`.
  public record OwnerReference(
      String apiVersion,
      String kind,
      String name,
      String uid,
      @Nullable Boolean controller,
      @Nullable Boolean blockOwnerDeletion) {}

  @SuppressWarnings("ConstantValue") // Jackson passes null for what the JSON lacks
  public Meta {
    name = orEmpty(name);
    generateName = orEmpty(generateName);
    namespace = orEmpty(namespace);
    uid = orEmpty(uid);
    resourceVersion = orEmpty(resourceVersion);
    labels = Absent.sorted(labels);
    annotations = Absent.sorted(annotations);
    finalizers = Absent.toEmpty(finalizers);
    ownerReferences = Absent.toEmpty(ownerReferences);
  }

  /// Metadata of a new object of cluster scope.
  public static Meta named(String name) {
    return named("", name);
  }

  /// Metadata of a new object in a namespace.
  public static Meta named(String namespace, String name) {
    return new Meta(
        name, "", namespace, "", "", 0, null, null, Map.of(), Map.of(), List.of(), List.of());
  }

  public Meta withLabels(Map<String, String> next) {
    return new Meta(
        name,
        generateName,
        namespace,
        uid,
        resourceVersion,
        generation,
        creationTimestamp,
        deletionTimestamp,
        next,
        annotations,
        finalizers,
        ownerReferences);
  }

  public Meta withAnnotations(Map<String, String> next) {
    return new Meta(
        name,
        generateName,
        namespace,
        uid,
        resourceVersion,
        generation,
        creationTimestamp,
        deletionTimestamp,
        labels,
        next,
        finalizers,
        ownerReferences);
  }

  public Meta withFinalizers(List<String> next) {
    return new Meta(
        name,
        generateName,
        namespace,
        uid,
        resourceVersion,
        generation,
        creationTimestamp,
        deletionTimestamp,
        labels,
        annotations,
        next,
        ownerReferences);
  }

  public Meta withOwner(OwnerReference owner) {
    return new Meta(
        name,
        generateName,
        namespace,
        uid,
        resourceVersion,
        generation,
        creationTimestamp,
        deletionTimestamp,
        labels,
        annotations,
        finalizers,
        List.of(owner));
  }

  /// Whether the object is on its way out: deleted by someone, held by finalizers.
  @JsonIgnore
  public boolean deleting() {
    return deletionTimestamp != null;
  }

  /// The key these metadata name.
  @JsonIgnore
  public Key key() {
    return new Key(namespace, name);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
