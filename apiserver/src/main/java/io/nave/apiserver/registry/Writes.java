package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.apply.ManagedFields;
import io.nave.api.patch.Patches;
import io.nave.apiserver.Api;
import io.nave.apiserver.Authorizer;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.admission.Admission.Operation;
import io.nave.apiserver.admission.Admission.Request;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.StringNode;

/// Prepares writes: from what a client sent and what is stored to what shall be stored. Each method
/// leaves its change in the [Draft] and returns the object as prepared, in its stored version.
///
/// The order of a write: read it, prune and default it by its schema, keep what the client may not
/// change, admission, the kind's own completion, validation, and only then the draft.
final class Writes {
  /// Draws of a generated name before giving up; the suffix has 14 million values.
  private static final int NAME_ATTEMPTS = 8;

  private final Supplier<Catalog> catalog;
  private final List<Admission> admissions;
  private final Authorizer authorizer;
  private final Names names;
  private final Gate gate;

  Writes(
      Supplier<Catalog> catalog, List<Admission> admissions, Authorizer authorizer, Names names) {
    this.catalog = catalog;
    this.admissions = List.copyOf(admissions);
    this.authorizer = authorizer;
    this.names = names;
    this.gate = new Gate(authorizer);
  }

  ApiObject create(Draft draft, ServedType served, ApiObject sent) {
    return create(draft, served, sent, null);
  }

  /// @param applied the owners that an apply gave; null: who sent it owns it
  private ApiObject create(
      Draft draft, ServedType served, ApiObject sent, @Nullable ManagedFields applied) {
    var read = read(draft, served, sent);
    var stored = catalog.get().stored(served);
    checkNew(stored, read);
    var born = Metadata.born(read, stored, newName(draft, stored, read), names.uid(), draft.now());
    var request = request(draft, served, Operation.CREATE, "", null, born);
    var prepared =
        finished(
            request,
            stored,
            changed -> Metadata.born(changed, stored, born.name(), born.uid(), draft.now()));
    if (stored.strategy().virtual()) {
      return prepared;
    }
    var key = stored.storeKey(prepared.key());
    if (draft.get(key).isPresent()) {
      throw ApiError.alreadyExists(stored.type(), prepared.name());
    }
    var next =
        Owners.with(prepared, applied != null ? applied : Owners.created(draft, served, born));
    draft.create(key, next);
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

  /// Kinds that Kubernetes lets a client put without asking first are created when they are
  /// missing.
  ApiObject update(Draft draft, ServedType served, String subresource, ApiObject sent) {
    var stored = catalog.get().stored(served);
    if (subresource.equals(ScaleView.NAME)) {
      return scaled(draft, served, existing(draft, served, sent.key()), sent);
    }
    if (subresource.isEmpty()
        && stored.strategy().createsOnUpdate()
        && draft.get(stored.storeKey(sent.key())).isEmpty()) {
      gate.check(draft.caller(), "create", served.type(), "", sent.key());
      return create(draft, served, sent);
    }
    return replace(draft, served, subresource, existing(draft, served, sent.key()), sent, null);
  }

  ApiObject patch(Draft draft, ServedType served, Key key, String subresource, Patch patch) {
    if (patch.form() == Patch.Form.APPLY && !subresource.equals(ScaleView.NAME)) {
      return apply(draft, served, key, subresource, patch);
    }
    var old = existing(draft, served, key);
    if (subresource.equals(ScaleView.NAME)) {
      var scale = served.scale().of(served.shown(old)).json();
      return scaled(draft, served, old, ApiObject.of(Patches.apply(scale, patch, ScaleView.TYPE)));
    }
    var patched = Patches.apply(served.shown(old).json(), patch, served.type());
    return replace(draft, served, subresource, old, ApiObject.of(patched), null);
  }

  private ApiObject scaled(Draft draft, ServedType served, ApiObject old, ApiObject scale) {
    var next = served.scale().into(served.shown(old), scale);
    return replace(draft, served, ScaleView.NAME, old, next, null);
  }

  private ApiObject apply(
      Draft draft, ServedType served, Key key, String subresource, Patch patch) {
    var old =
        subresource.isEmpty()
            ? draft.get(served.storeKey(key)).orElse(null)
            : existing(draft, served, key);
    if (old == null) {
      gate.check(draft.caller(), "create", served.type(), "", key);
    }
    var applied = Owners.applied(draft, served, subresource, old, patch);
    var meta = applied.object().withObjectProperty("metadata");
    meta.putIfAbsent("name", StringNode.valueOf(key.name()));
    if (!key.namespace().isEmpty()) {
      meta.putIfAbsent("namespace", StringNode.valueOf(key.namespace()));
    }
    var sent = ApiObject.of(applied.object());
    if (old != null) {
      return replace(draft, served, subresource, old, sent, applied.owners());
    }
    checkKey(sent, key);
    if (!sent.uid().isEmpty()) {
      throw ApiError.conflict(
          served.type(),
          key.name(),
          "uid mismatch: the provided object specified uid "
              + sent.uid()
              + ", and no existing object was found");
    }
    return create(draft, served, sent, applied.owners());
  }

  private ApiObject existing(Draft draft, ServedType served, Key key) {
    return draft
        .get(served.storeKey(key))
        .orElseThrow(() -> ApiError.notFound(served.type(), key.name()));
  }

  /// @param applied the owners that an apply gave; null: who sent it owns what it changed
  private ApiObject replace(
      Draft draft,
      ServedType served,
      String subresource,
      ApiObject raw,
      ApiObject sent,
      @Nullable ManagedFields applied) {
    var read = read(draft, served, sent);
    var stored = catalog.get().stored(served);
    var old = stored.strategy().revised(raw);
    checkSameObject(draft, stored, old, read);
    var bare = Owners.bare(old);
    UnaryOperator<ApiObject> keep =
        asked ->
            subresource.isEmpty() || subresource.equals(ScaleView.NAME)
                ? Metadata.over(bare, asked, stored.type())
                : stored.strategy().merge(subresource, bare, asked);
    var kept = keep.apply(read);
    var present = Owners.of(old);
    var owners =
        applied != null
            ? applied
            : Owners.updated(draft, served, subresource, present, sent, bare, kept);
    var request = request(draft, served, Operation.UPDATE, subresource, bare, kept);
    var next = finished(request, stored, keep);
    if (Json.same(Owners.bare(raw).json(), next.json()) && owners.sameOwners(present)) {
      return raw;
    }
    next = Owners.with(Metadata.counted(bare, next, stored), owners);
    var key = stored.storeKey(old.key());
    if (old.deleting() && !stored.strategy().held(next)) {
      draft.delete(key, next);
    } else {
      draft.put(key, next);
    }
    return next;
  }

  private static void checkKey(ApiObject sent, Key key) {
    if (!sent.key().equals(key)) {
      throw ApiError.badRequest(
          "the name of the object ("
              + sent.name()
              + ") does not match the name on the URL ("
              + key.name()
              + ")");
    }
  }

  private static void checkSameObject(
      Draft draft, ServedType served, ApiObject old, ApiObject read) {
    var type = served.type();
    // Parts of this process know what they do.
    var blind = served.strategy().replacesBlindly() || draft.options().fieldManager().isEmpty();
    checkKey(read, old.key());
    if (!read.uid().isEmpty() && !read.uid().equals(old.uid())) {
      throw Conflicts.uid(type, old, read.uid());
    }
    var revision = read.resourceVersion();
    if (revision.isEmpty() && !blind) {
      throw Conflicts.unread(type, old.name());
    }
    if (!revision.isEmpty() && !revision.equals(old.resourceVersion())) {
      throw Conflicts.modified(type, old.name());
    }
  }

  /// @return null when there is no such object
  @Nullable ApiObject delete(
      Draft draft, ServedType served, Key key, Api.Preconditions preconditions) {
    var stored = catalog.get().stored(served);
    var storeKey = stored.storeKey(key);
    var old = draft.get(storeKey).orElse(null);
    if (old == null) {
      return null;
    }
    Conflicts.check(stored.type(), old, preconditions);
    var request = request(draft, served, Operation.DELETE, "", old, old);
    admitted(request, stored, UnaryOperator.identity());
    check(request);
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
    served.strategy().warnings().forEach(draft::warn);
    var read = Structure.read(served, Metadata.read(served, sent), Metadata.unknown(sent), draft);
    var conversion = served.conversion();
    var inStored = conversion == null ? read : conversion.toStored(read);
    return catalog.get().stored(served).strategy().completed(inStored);
  }

  private Request request(
      Draft draft,
      ServedType served,
      Operation operation,
      String subresource,
      @Nullable ApiObject old,
      ApiObject object) {
    var now = catalog.get();
    return new Request(
        draft.caller(),
        operation,
        now.stored(served).type(),
        subresource,
        old,
        object,
        authorizer,
        draft,
        draft.now(),
        draft.options(),
        new ServedForms(now, served),
        draft::warn);
  }

  /// @param keep what the client may not change stays as it is
  private ApiObject finished(Request request, ServedType served, UnaryOperator<ApiObject> keep) {
    var admitted = request.with(admitted(request, served, keep));
    var next = request.with(served.strategy().prepare(admitted));
    var faults = new Faults();
    if (!served.strategy().virtual()) {
      var strategy = served.strategy();
      var builtIn = strategy.builtIn();
      MetadataRules.validate(request.old(), next.object(), strategy.names(), builtIn, faults);
      if (!builtIn) {
        MetadataRules.doubts(request.old(), next.object()).forEach(request.warn());
      }
    }
    faults.addAll(Structure.validate(served, request.old(), next.object()));
    served.strategy().validate(next, faults);
    faults.raise(served.type(), next.object().name());
    check(served.strategy().virtual() ? admitted : next);
    return next.object();
  }

  private ApiObject admitted(Request request, ServedType served, UnaryOperator<ApiObject> keep) {
    var next = request;
    for (var admission : admissions) {
      var object = admission.admit(next);
      var changed = admission.outside() && !object.equals(next.object());
      next = next.with(changed ? keep.apply(Structure.revised(served, object)) : object);
    }
    return next.object();
  }

  private void check(Request request) {
    admissions.forEach(admission -> admission.check(request));
  }
}
