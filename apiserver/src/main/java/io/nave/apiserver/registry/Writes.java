package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.patch.Patches;
import io.nave.apiserver.Api;
import io.nave.apiserver.Authorizer;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.admission.Admission.Operation;
import io.nave.apiserver.admission.Admission.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Prepares writes: from what a client sent and what is stored to what shall be stored. Each method
/// leaves its change in the [Draft] and returns the object as prepared, in its stored version.
///
/// The order of a write: read it, prune and default it by its schema, keep what the client may not
/// change, admission, the kind's own completion, validation, and only then the draft.
final class Writes {
  /// Draws of a generated name before giving up; the suffix has 14 million values.
  private static final int NAME_ATTEMPTS = 8;

  private final Catalog catalog;
  private final List<Admission> admissions;
  private final Authorizer authorizer;
  private final Names names;

  Writes(Catalog catalog, List<Admission> admissions, Authorizer authorizer, Names names) {
    this.catalog = catalog;
    this.admissions = List.copyOf(admissions);
    this.authorizer = authorizer;
    this.names = names;
  }

  ApiObject create(Draft draft, ServedType served, ApiObject sent) {
    var read = read(draft, served, sent);
    var stored = catalog.stored(served);
    checkNew(stored, read);
    var born = Metadata.born(read, stored, newName(draft, stored, read), names.uid(), draft.now());
    var request = request(draft, stored, Operation.CREATE, "", null, born);
    var next = finished(request, stored);
    if (stored.strategy().virtual()) {
      return next;
    }
    var key = stored.storeKey(next.key());
    if (draft.get(key).isPresent()) {
      throw ApiError.alreadyExists(stored.type(), next.name());
    }
    draft.put(key, next);
    return next;
  }

  private static void checkNew(ServedType served, ApiObject read) {
    var type = served.type();
    if (!read.resourceVersion().isEmpty()) {
      throw ApiError.badRequest("resourceVersion should not be set on objects to be created");
    }
    if (type.namespaced() && read.namespace().isEmpty()) {
      throw ApiError.badRequest("an empty namespace may not be set during creation");
    }
    if (!type.namespaced() && !read.namespace().isEmpty()) {
      throw ApiError.badRequest(
          "namespace may not be set on a " + type.kind() + ", which belongs to the whole cluster");
    }
  }

  private String newName(Draft draft, ServedType served, ApiObject read) {
    var base = read.metadata().path("generateName").asString("");
    if (!read.name().isEmpty() || served.strategy().virtual()) {
      return read.name();
    }
    if (base.isEmpty()) {
      new Faults()
          .required("metadata.name", "name or generateName is required")
          .raise(served.type(), "");
    }
    var name = names.generate(base);
    for (var i = 1; i < NAME_ATTEMPTS; i++) {
      if (draft.get(served.storeKey(new Key(read.namespace(), name))).isEmpty()) {
        break;
      }
      name = names.generate(base);
    }
    return name;
  }

  ApiObject update(Draft draft, ServedType served, String subresource, ApiObject sent) {
    var old = existing(draft, served, sent.key());
    return replace(draft, served, subresource, old, sent);
  }

  ApiObject patch(Draft draft, ServedType served, Key key, String subresource, Patch patch) {
    var old = existing(draft, served, key);
    var patched = Patches.apply(served.shown(old).json(), patch, served.type());
    return replace(draft, served, subresource, old, ApiObject.of(patched));
  }

  private ApiObject existing(Draft draft, ServedType served, Key key) {
    return draft
        .get(served.storeKey(key))
        .orElseThrow(() -> ApiError.notFound(served.type(), key.name()));
  }

  private ApiObject replace(
      Draft draft, ServedType served, String subresource, ApiObject old, ApiObject sent) {
    var read = read(draft, served, sent);
    var stored = catalog.stored(served);
    checkSameObject(stored, old, read);
    var kept =
        subresource.isEmpty()
            ? Metadata.over(old, read, stored.type())
            : stored.strategy().merge(subresource, old, read);
    var next = finished(request(draft, stored, Operation.UPDATE, subresource, old, kept), stored);
    if (Json.same(old.json(), next.json())) {
      return old;
    }
    next = Metadata.counted(old, next, stored);
    var key = stored.storeKey(old.key());
    if (old.deleting() && !stored.strategy().held(next)) {
      draft.delete(key, next);
    } else {
      draft.put(key, next);
    }
    return next;
  }

  private static void checkSameObject(ServedType served, ApiObject old, ApiObject read) {
    var type = served.type();
    if (!read.key().equals(old.key())) {
      throw ApiError.badRequest(
          "the name of the object ("
              + read.key()
              + ") does not match the name on the URL ("
              + old.key()
              + ")");
    }
    if (!read.uid().isEmpty() && !read.uid().equals(old.uid())) {
      throw Conflicts.uid(type, old, read.uid());
    }
    var revision = read.resourceVersion();
    if (revision.isEmpty() && !served.strategy().replacesBlindly()) {
      new Faults()
          .invalid("metadata.resourceVersion", 0, "must be specified for an update")
          .raise(type, old.name());
    }
    if (!revision.isEmpty() && !revision.equals(old.resourceVersion())) {
      throw Conflicts.modified(type, old.name());
    }
  }

  /// @return null when there is no such object
  @Nullable ApiObject delete(
      Draft draft, ServedType served, Key key, Api.Preconditions preconditions) {
    var stored = catalog.stored(served);
    var storeKey = stored.storeKey(key);
    var old = draft.get(storeKey).orElse(null);
    if (old == null) {
      return null;
    }
    Conflicts.check(stored.type(), old, preconditions);
    admitted(request(draft, stored, Operation.DELETE, "", old, old));
    var asked = Metadata.propagating(old, draft.options().propagation());
    if (!stored.strategy().held(asked)) {
      draft.delete(storeKey, old);
      return old;
    }
    var next =
        old.deleting()
            ? asked
            : stored.strategy().leaving(Metadata.marked(asked, stored, draft.now()));
    if (!next.equals(old)) {
      draft.put(storeKey, next);
    }
    return next;
  }

  /// What was sent, in the stored version, with its unknown fields pruned and its defaults filled.
  private ApiObject read(Draft draft, ServedType served, ApiObject sent) {
    var read = Structure.read(served, Metadata.read(served, sent), Metadata.unknown(sent), draft);
    var conversion = served.conversion();
    return conversion == null ? read : conversion.toStored(read);
  }

  private Request request(
      Draft draft,
      ServedType served,
      Operation operation,
      String subresource,
      @Nullable ApiObject old,
      ApiObject object) {
    return new Request(
        draft.caller(),
        operation,
        served.type(),
        subresource,
        old,
        object,
        authorizer,
        draft,
        draft.now());
  }

  private ApiObject finished(Request request, ServedType served) {
    var admitted = request.with(admitted(request));
    var next = request.with(served.strategy().prepare(admitted));
    var faults = new Faults();
    if (!served.strategy().virtual()) {
      MetadataRules.validate(request.old(), next.object(), served.strategy().names(), faults);
    }
    faults.addAll(Structure.validate(served, next.object()));
    served.strategy().validate(next, faults);
    faults.raise(served.type(), next.object().name());
    return next.object();
  }

  private ApiObject admitted(Request request) {
    var next = request;
    for (var admission : admissions) {
      next = next.with(admission.admit(next));
    }
    return next.object();
  }
}
