package io.nave.apiserver;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.schema.Schema;
import io.nave.controllers.ApiClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The verbs of the Kubernetes API on this server's objects, for one caller each.
///
/// Every call is authorized, admitted, validated and stored here, whether it came over the wire or
/// from a controller of this process. Refusals are [ApiError]. Calls block their task until the
/// store has answered.
public interface Api {
  /// The types served here, in the order of discovery.
  List<ResourceType> types();

  /// The served type of a path.
  Optional<ResourceType> type(String group, String version, String plural);

  /// The subresources of a type that can be asked for, such as `status` or `approval`.
  List<String> subresources(ResourceType type);

  /// The verbs that a type or subresource answers, as discovery lists them.
  default List<String> verbs(ResourceType type, String subresource) {
    return subresource.isEmpty()
        ? List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
        : List.of("get", "patch", "update");
  }

  /// The kind that a subresource answers with where that is another than the object's: `scale`, and
  /// those that compute their answers, see [Subresource]; empty where it shows the object.
  default Optional<ResourceType> answers(ResourceType type, String subresource) {
    return Optional.empty();
  }

  /// Whether a subresource computes its answers rather than showing a side of the object.
  default boolean computes(ResourceType type, String subresource) {
    return answers(type, subresource).isPresent();
  }

  /// The version in which objects of this type are stored; empty when they are not.
  default Optional<ResourceType> storedAs(ResourceType type) {
    return Optional.of(type);
  }

  /// Asks a subresource that computes its answers.
  ///
  /// @param key of the object it is about
  default Written ask(
      Caller caller, ResourceType type, Key key, String subresource, Asked asked, Options options) {
    throw ApiError.noSuchPath();
  }

  /// The types that do not come and go: those that are not defined by objects.
  default List<ResourceType> builtIn() {
    return types();
  }

  /// Rises whenever other types are served, or the same ones otherwise: documents made of them hold
  /// until then.
  default long edition() {
    return 1;
  }

  /// Has this run whenever [#edition] has risen: briefly, and without writes.
  ///
  /// @return what makes it stop
  default Runnable onServe(Runnable listener) {
    return () -> {};
  }

  /// What objects of a type may hold; empty when that is not said.
  default Optional<Schema> schema(ResourceType type) {
    return Optional.empty();
  }

  /// The cells of columns without a `jsonPath`; empty when the type has no such columns.
  default Optional<Columns> columns(ResourceType type) {
    return Optional.empty();
  }

  /// @param subresource empty for the object itself
  ApiObject get(Caller caller, ResourceType type, Key key, String subresource);

  /// @param namespace empty: all namespaces, or cluster scope
  Page list(Caller caller, ResourceType type, String namespace, Selection selection, Paging paging);

  Written create(
      Caller caller, ResourceType type, ApiObject object, String subresource, Options options);

  Written update(
      Caller caller, ResourceType type, ApiObject object, String subresource, Options options);

  Written patch(
      Caller caller, ResourceType type, Key key, String subresource, Patch patch, Options options);

  /// Deletes, or marks as deleting while finalizers hold the object.
  ///
  /// @return the last state when it is gone, the marked one when it is held
  Written delete(
      Caller caller, ResourceType type, Key key, Preconditions preconditions, Options options);

  /// Deletes every selected object, or those of a page, one after the other; answers with what was
  /// there.
  ///
  /// @param preconditions of each of them: the first that does not meet them ends it
  /// @throws ApiError Conflict when one does not meet them; those before it are gone
  Page deleteAll(
      Caller caller,
      ResourceType type,
      String namespace,
      Selection selection,
      Paging paging,
      Preconditions preconditions,
      Options options);

  /// Several writes as one commit: all or none, visible at once. One result for each write; empty
  /// for deletes of what was not there.
  List<Optional<ApiObject>> commit(Caller caller, List<ApiClient.Write> writes);

  /// Follows changes. With `initial`, present objects come first as ADDED, then (where bookmarks
  /// are wanted) a BOOKMARK annotated `k8s.io/initial-events-end: "true"`.
  ///
  /// @param resourceVersion from just after it; empty or `0` without `initial`: present objects
  ///   first, as classic Kubernetes watches do
  ApiClient.Watch watch(
      Caller caller,
      ResourceType type,
      String namespace,
      Selection selection,
      String resourceVersion,
      boolean initial,
      boolean bookmarks);

  /// Whether the caller may do this; for SubjectAccessReviews and paths that are no resources.
  Decision authorize(Caller caller, Attributes attributes);

  /// @param remaining objects after this page; 0 when it is the last
  /// @param next the `continue` token; empty when it is the last page
  record Page(List<ApiObject> items, String resourceVersion, String next, long remaining) {
    public Page {
      items = List.copyOf(items);
    }
  }

  /// @param limit most objects, 0: all
  /// @param next the `continue` token of the page before; empty for the first
  /// @param resourceVersion the list shows this state or, unless `exact`, a later one; empty: the
  ///   present one
  record Paging(int limit, String next, String resourceVersion, boolean exact) {
    public static final Paging ALL = new Paging(0, "");

    public Paging(int limit, String next) {
      this(limit, next, "", false);
    }
  }

  /// A stored object, with warnings for the person who sent it.
  ///
  /// @param created whether it was not there before
  record Written(ApiObject object, List<String> warnings, boolean created) {
    public Written {
      warnings = List.copyOf(warnings);
    }

    /// One that was there before, or for which that does not matter.
    public Written(ApiObject object, List<String> warnings) {
      this(object, warnings, false);
    }
  }

  /// @param dryRun everything but the commit
  /// @param fieldValidation `Ignore`, `Warn` or `Strict`, for unknown fields
  /// @param fieldManager who owns what is written; empty for a part of this process, which is known
  ///   by its caller's name where the object's owners are followed at all
  /// @param propagation of deletes
  /// @param form the kind of options these are, such as `CreateOptions`
  /// @param notes for the audit event
  record Options(
      boolean dryRun,
      String fieldValidation,
      String fieldManager,
      Propagation propagation,
      String form,
      Notes notes) {
    public static final Options DEFAULT = new Options(false, "Ignore", "");

    public Options(boolean dryRun, String fieldValidation, String fieldManager) {
      this(dryRun, fieldValidation, fieldManager, Propagation.UNSAID, "", Notes.NONE);
    }

    public Options with(Propagation other) {
      return new Options(dryRun, fieldValidation, fieldManager, other, form, notes);
    }
  }

  /// Takes down what the audit event of a request is to say beside what was asked: its annotations.
  @FunctionalInterface
  interface Notes {
    /// For requests that nobody audits.
    Notes NONE = (_, _) -> {};

    void note(String key, String value);
  }

  /// What becomes of the objects that an object owns when it is deleted.
  enum Propagation {
    /// As its finalizers say; without any, as `BACKGROUND`.
    UNSAID,
    /// They go after it.
    BACKGROUND,
    /// They go before it: it is held until those that block its deletion are gone.
    FOREGROUND,
    /// They stay and forget it, before it goes.
    ORPHAN
  }

  /// Tests that must hold for a delete; null: no test.
  record Preconditions(@Nullable String uid, @Nullable String resourceVersion) {
    public static final Preconditions NONE = new Preconditions(null, null);
  }

  /// What a computing subresource is asked.
  ///
  /// @param verb `get`, `create` or `update`
  /// @param parameters the query, decoded
  /// @param body an empty object for `get`
  record Asked(String verb, Map<String, List<String>> parameters, ApiObject body) {
    public Asked {
      parameters = Map.copyOf(parameters);
    }

    /// A question without a body.
    public static Asked get(Map<String, List<String>> parameters) {
      return new Asked("get", parameters, ApiObject.of(Json.object()));
    }
  }

  /// What is asked, as in `SubjectAccessReview`.
  ///
  /// @param path for non-resource requests; then all resource fields are empty
  record Attributes(
      String verb,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name,
      String path) {
    /// Of an object or collection. A namespace is asked for inside itself, so that its own roles
    /// can speak of it.
    public static Attributes of(String verb, ResourceType type, String subresource, Key key) {
      var itself = type.group().isEmpty() && type.plural().equals("namespaces");
      return new Attributes(
          verb,
          type.group(),
          type.plural(),
          subresource,
          itself ? key.name() : key.namespace(),
          key.name(),
          "");
    }

    public static Attributes ofPath(String verb, String path) {
      return new Attributes(verb, "", "", "", "", "", path);
    }
  }

  /// @param reason for people: which rule allows, or that none does
  record Decision(boolean allowed, String reason) {}
}
