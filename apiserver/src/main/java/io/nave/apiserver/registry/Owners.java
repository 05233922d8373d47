package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.apply.ManagedFields;
import io.nave.api.apply.Manager;
import io.nave.api.apply.Ownership;
import io.nave.api.schema.Shape;
import io.nave.api.schema.Shapes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps `metadata.managedFields` of what is written.
///
/// Everything a client creates over the wire has owners. What a part of this process creates has
/// none, for its objects are many and its own, until somebody applies to one: Kubernetes treats
/// objects that were there before server-side apply in the same way. An object without owners stays
/// without them until then, also when it is updated.
final class Owners {
  private static final String FIELD = "managedFields";

  /// Where an apply of the object itself or of a subresource may say something, beside who it is
  /// about.
  private static final List<String> ABOUT = List.of("name", "namespace", "uid", "resourceVersion");

  private static final Shape ANYTHING = Shapes.ofObject(null);

  private Owners() {}

  /// The object without its owners. Shares everything else with the one given, so it is for reading
  /// only.
  static ApiObject bare(ApiObject object) {
    return object.json().path("metadata").has(FIELD) ? ApiObject.of(bare(object.json())) : object;
  }

  private static ObjectNode bare(ObjectNode tree) {
    if (!(tree.get("metadata") instanceof ObjectNode meta)) {
      return tree;
    }
    var small = Json.object();
    small.setAll(meta);
    small.remove(FIELD);
    var copy = Json.object();
    copy.setAll(tree);
    copy.set("metadata", small);
    return copy;
  }

  /// The owners of a stored object. What cannot be read is nobody's.
  static ManagedFields of(ApiObject stored) {
    try {
      return ManagedFields.decode(stored.json().path("metadata").get(FIELD));
    } catch (IllegalArgumentException e) {
      return ManagedFields.NONE;
    }
  }

  /// The object with these owners; a shallow copy.
  static ApiObject with(ApiObject bare, ManagedFields owners) {
    if (owners.isEmpty()) {
      return bare;
    }
    var copy = bare(bare.json());
    copy.withObjectProperty("metadata").set(FIELD, owners.encode());
    return ApiObject.of(copy);
  }

  /// Of an object that is created.
  static ManagedFields created(Draft draft, ServedType served, ApiObject born) {
    if (draft.options().fieldManager().isEmpty()) {
      return ManagedFields.NONE;
    }
    var rules = rules(served);
    var self = updater(draft, served, "");
    return rules.update(
        rules.blank(), served.shown(born).json(), ManagedFields.NONE, self, draft.now());
  }

  /// Of an object that is updated or patched.
  ///
  /// @param present its owners so far
  /// @param sent what the client sent
  /// @param next what becomes of `old`, before the server has its say; neither has owners
  static ManagedFields updated(
      Draft draft,
      ServedType served,
      String subresource,
      ManagedFields present,
      ApiObject sent,
      ApiObject old,
      ApiObject next) {
    var told =
        subresource.isEmpty()
            ? Ownership.told(sent.json().path("metadata").get(FIELD), present)
            : present;
    if (told.isEmpty()) {
      return told;
    }
    return rules(served)
        .update(
            served.shown(old).json(),
            served.shown(next).json(),
            told,
            updater(draft, served, subresource),
            draft.now());
  }

  /// An apply to an object, or to nothing when it is to be created.
  ///
  /// @param old as it is stored; null when there is none
  /// @throws ApiError Conflict, BadRequest
  static Ownership.Applied applied(
      Draft draft, ServedType served, String subresource, @Nullable ApiObject old, Patch patch) {
    var config = config(served, subresource, patch.body());
    var rules = rules(served);
    var named = patch.fieldManager();
    var self =
        new Manager(
            named.isEmpty() ? name(draft) : named, true, served.type().apiVersion(), subresource);
    return rules.apply(
        old == null ? rules.blank() : bare(served.shown(old)).json(),
        config,
        old == null ? ManagedFields.NONE : of(old),
        self,
        patch.force(),
        draft.now());
  }

  /// What a configuration may say here: nothing of the status when it is about the object itself,
  /// nothing else when it is about that.
  private static ObjectNode config(ServedType served, String subresource, JsonNode body) {
    if (!(body instanceof ObjectNode sent)) {
      throw ApiError.badRequest("an applied configuration must be an object");
    }
    var type = served.type();
    checkSame(sent, "version", "apiVersion", type.apiVersion());
    checkSame(sent, "kind", "kind", type.kind());
    if (!sent.path("metadata").path(FIELD).isEmpty()) {
      throw ApiError.badRequest("metadata.managedFields must be nil");
    }
    var config = served.strategy().builtIn() ? Structure.withoutNulls(sent) : bare(sent);
    if (subresource.isEmpty()) {
      return type.statusSubresource() ? config.without("status") : config;
    }
    var only = Json.object();
    only.set("apiVersion", sent.get("apiVersion"));
    only.set("kind", sent.get("kind"));
    ABOUT.forEach(field ->
        Trees.put(only.withObjectProperty("metadata"), field, sent.path("metadata").get(field)));
    var side = subresource.equals("finalize") ? "spec" : "status";
    Trees.put(only, side, config.get(side));
    return only;
  }

  private static void checkSame(ObjectNode config, String what, String field, String expected) {
    var found = config.path(field).asString("");
    if (!found.equals(expected)) {
      throw ApiError.badRequest(
          "Incorrect "
              + what
              + " specified in apply patch. Specified patch "
              + what
              + ": "
              + found
              + ", expected: "
              + expected);
    }
  }

  private static Manager updater(Draft draft, ServedType served, String subresource) {
    return new Manager(name(draft), false, served.type().apiVersion(), subresource);
  }

  /// A part of this process, such as "system:nave:placement", is known as "nave:placement".
  private static String name(Draft draft) {
    var named = draft.options().fieldManager();
    var user = draft.caller().user();
    return !named.isEmpty() ? named : user.startsWith("system:") ? user.substring(7) : user;
  }

  private static Ownership rules(ServedType served) {
    var schema = served.schema();
    var shape = schema == null ? ANYTHING : schema.objectShape();
    return new Ownership(shape, served.strategy().builtIn() ? Shapes.blank(shape) : Json.object());
  }
}
