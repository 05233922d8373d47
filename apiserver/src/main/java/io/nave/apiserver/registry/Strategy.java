package io.nave.apiserver.registry;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.apiserver.admission.Admission.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is special about one kind. Every method has the answer of an ordinary kind; strategies keep
/// no state and have no effects.
public interface Strategy {
  /// The strategy of kinds without specialities, as custom resources are.
  Strategy PLAIN = new Strategy() {};

  /// What objects may be called.
  default NameRule names() {
    return NameRule.SUBDOMAIN;
  }

  /// Whether the kind is one of Kubernetes' own: there a null is as good as absent, and few have
  /// generations.
  default boolean builtIn() {
    return false;
  }

  /// Whether `metadata.generation` counts changes of the wish.
  default boolean countsGenerations() {
    return !builtIn();
  }

  /// Whether an update that names no `resourceVersion` is taken as "whatever is there".
  default boolean replacesBlindly() {
    return builtIn();
  }

  /// Whether a whole collection may be deleted at once.
  default boolean deletesCollections() {
    return true;
  }

  /// Whether an update of an object that is not there creates it.
  default boolean createsOnUpdate() {
    return false;
  }

  /// What a client's object means in full, before it is told whose its fields are: for defaults
  /// that a schema cannot say, and for fields that only stand for others.
  default ApiObject completed(ApiObject sent) {
    return sent;
  }

  /// Fields that a selector may ask for, beside `metadata.name` and `metadata.namespace`.
  default List<String> selectableFields() {
    return List.of();
  }

  /// The subresources beside `status`, which the type itself declares.
  default List<String> subresources() {
    return List.of();
  }

  /// How many of something its objects want, for the subresource `scale`; null: that is no
  /// question.
  default @Nullable ScaleView scale() {
    return null;
  }

  /// Whether objects are questions: created, answered by [#prepare], never stored.
  default boolean virtual() {
    return false;
  }

  /// Whether clients may ask for the type; one that is only stored is shown in other versions.
  default boolean served() {
    return true;
  }

  /// A stored object as it would be stored today: the kind may have another stored version by now,
  /// or a schema with other fields and defaults. The same object when nothing differs.
  default ApiObject revised(ApiObject stored) {
    return stored;
  }

  /// What a person who uses the type is to be told, such as that it is deprecated.
  default List<String> warnings() {
    return List.of();
  }

  /// Completes an object on its way to the store, after admission: fills in what only the server
  /// knows, drops what a client may not say.
  default ApiObject prepare(Request request) {
    return request.object();
  }

  /// What is wrong with the object, beyond its schema.
  default void validate(Request request, Faults faults) {}

  /// What an update of a subresource makes of the stored object.
  ///
  /// @param sent the whole object as the client sent it
  default ApiObject merge(String subresource, ApiObject old, ApiObject sent) {
    return old.edit(next -> Trees.put(next, "status", sent.json().get("status")));
  }

  /// Whether something must still happen before the object can go.
  default boolean held(ApiObject object) {
    return !object.finalizers().isEmpty();
  }

  /// A last change when an object that is held gets its deletion time.
  default ApiObject leaving(ApiObject object) {
    return object;
  }

  /// All subresources of a type with this strategy.
  default List<String> subresourcesOf(ResourceType type) {
    var all = new ArrayList<String>();
    if (type.statusSubresource()) {
      all.add("status");
    }
    all.addAll(subresources());
    if (scale() != null) {
      all.add(ScaleView.NAME);
    }
    return List.copyOf(all);
  }
}
