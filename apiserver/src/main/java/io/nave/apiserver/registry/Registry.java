package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.schema.Schema;
import io.nave.apiserver.Api;
import io.nave.apiserver.Authorizer;
import io.nave.apiserver.Caller;
import io.nave.apiserver.Columns;
import io.nave.apiserver.Subresource;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.admission.NamespaceLifecycle;
import io.nave.apiserver.admission.ReadRule;
import io.nave.apiserver.registry.Commits.Result;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Host;
import io.nave.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The Kubernetes API on a store: who may, is it valid, store it, watch it.
///
/// Here stand the verbs and who may use them; `Writes` prepares a write, `Commits` makes it happen.
/// Thread-safe.
public final class Registry implements Api {
  private final Host host;
  private final List<ServedType> builtIn;
  private final List<Runnable> exchanged = new CopyOnWriteArrayList<>();
  private volatile Catalog catalog;
  private final Authorizer authorizer;
  private final Gate gate;
  private final ReadRule readRule;
  private final Writes writes;
  private final Reads reads;
  private final Watches watches;
  private final Answers answers;
  private final Commits commits;

  /// A registry whose roles say all there is to say about reads.
  public Registry(
      Host host,
      Store store,
      List<ServedType> types,
      Authorizer authorizer,
      List<Admission> admissions) {
    this(host, store, types, authorizer, admissions, ReadRule.NONE);
  }

  /// @param types what is served, in the order of discovery
  /// @param admissions asked in this order about every write, after namespaces are checked
  /// @param readRule asked about every read, after it was authorized
  public Registry(
      Host host,
      Store store,
      List<ServedType> types,
      Authorizer authorizer,
      List<Admission> admissions,
      ReadRule readRule) {
    this.host = host;
    this.readRule = readRule;
    this.builtIn = List.copyOf(types);
    this.catalog = new Catalog(types, 1);
    this.authorizer = authorizer;
    this.gate = new Gate(authorizer);
    var all = new ArrayList<Admission>();
    if (catalog.type("", "v1", "namespaces").isPresent()) {
      all.add(new NamespaceLifecycle());
    }
    all.addAll(admissions);
    this.writes = new Writes(() -> catalog, all, authorizer, new Names(host));
    this.reads = new Reads(store);
    this.watches = new Watches(host, store);
    this.answers = new Answers(host);
    this.commits = new Commits(host, store, reads);
  }

  /// Serves these types from now on, beside those this registry was made with and in place of those
  /// of the call before. Watches of what is no longer served so end. Calls come one at a time.
  ///
  /// @throws IllegalArgumentException when one is served already
  public void serve(List<ServedType> defined) {
    var all = new ArrayList<>(builtIn);
    all.addAll(defined);
    var before = catalog;
    var next = new Catalog(all, before.edition() + 1);
    catalog = next;
    watches.keep(next::shows);
    exchanged.forEach(Runnable::run);
  }

  @Override
  public Runnable onServe(Runnable listener) {
    exchanged.add(listener);
    return () -> exchanged.remove(listener);
  }

  /// Has this run by whoever wrote to a bucket, once that is committed and before the answer.
  public void onCommit(String bucket, Runnable listener) {
    commits.onCommit(bucket, listener);
  }

  @Override
  public List<ResourceType> builtIn() {
    return builtIn.stream().map(ServedType::type).toList();
  }

  @Override
  public long edition() {
    return catalog.edition();
  }

  @Override
  public Optional<Schema> schema(ResourceType type) {
    return Optional.ofNullable(catalog.require(type).schema());
  }

  @Override
  public List<ResourceType> types() {
    return catalog.types();
  }

  @Override
  public Optional<ResourceType> type(String group, String version, String plural) {
    return catalog.type(group, version, plural);
  }

  @Override
  public List<String> subresources(ResourceType type) {
    var served = catalog.require(type);
    var all = new ArrayList<>(served.strategy().subresourcesOf(served.type()));
    served.sides().forEach(side -> all.add(side.name()));
    return List.copyOf(all);
  }

  @Override
  public List<String> verbs(ResourceType type, String subresource) {
    var served = catalog.require(type);
    var side = served.side(subresource);
    if (side != null) {
      return side.verbs();
    }
    if (served.strategy().virtual()) {
      return List.of("create");
    }
    var all = Api.super.verbs(type, subresource);
    return served.strategy().deletesCollections()
        ? all
        : all.stream().filter(verb -> !verb.equals("deletecollection")).toList();
  }

  @Override
  public Optional<ResourceType> answers(ResourceType type, String subresource) {
    var served = catalog.require(type);
    return subresource.equals(ScaleView.NAME) && served.strategy().scale() != null
        ? Optional.of(ScaleView.TYPE)
        : Optional.ofNullable(served.side(subresource)).map(Subresource::kind);
  }

  @Override
  public boolean computes(ResourceType type, String subresource) {
    return catalog.require(type).side(subresource) != null;
  }

  @Override
  public Optional<ResourceType> storedAs(ResourceType type) {
    var served = catalog.require(type);
    return served.strategy().virtual()
        ? Optional.empty()
        : Optional.of(catalog.stored(served).type());
  }

  @Override
  public Written ask(
      Caller caller, ResourceType type, Key key, String subresource, Asked asked, Options options) {
    var served = catalog.require(type);
    var side = served.side(subresource);
    if (side == null) {
      throw ApiError.noSuchPath();
    }
    if (!side.verbs().contains(asked.verb())) {
      throw ApiError.methodNotAllowed(
          "the server does not allow this method on the requested resource");
    }
    gate.check(caller, asked.verb(), served.type(), subresource, key);
    var body = asked.verb().equals("get") ? asked.body() : Answers.question(asked.body(), side);
    var object = shown(served, key);
    readRule.get(caller, served.type(), object);
    var question =
        new Subresource.Question(
            caller, asked.verb(), object, body, asked.parameters(), options.dryRun(), host.now());
    return new Written(answers.answer(side, question), List.of());
  }

  private ApiObject shown(ServedType served, Key key) {
    return reads
        .latest()
        .get(served.storeKey(key))
        .map(served::shown)
        .orElseThrow(() -> ApiError.notFound(served.type(), key.name()));
  }

  @Override
  public Optional<Columns> columns(ResourceType type) {
    return Optional.ofNullable(catalog.require(type).columns());
  }

  @Override
  public Decision authorize(Caller caller, Attributes attributes) {
    return authorizer.authorize(caller, attributes);
  }

  @Override
  public ApiObject get(Caller caller, ResourceType type, Key key, String subresource) {
    var served = kept(type, subresource);
    gate.check(caller, "get", served.type(), subresource, key);
    var found = shown(served, key);
    readRule.get(caller, served.type(), found);
    return subresource.equals(ScaleView.NAME) ? served.scale().of(found) : found;
  }

  @Override
  public Page list(
      Caller caller, ResourceType type, String namespace, Selection selection, Paging paging) {
    var served = kept(type, "");
    gate.check(caller, "list", served.type(), "", selected(namespace, selection));
    checkFields(served, selection);
    var seen = readRule.list(caller, served.type(), selection);
    return reads.list(served, namespace, seen, paging);
  }

  @Override
  public ApiClient.Watch watch(
      Caller caller,
      ResourceType type,
      String namespace,
      Selection selection,
      String resourceVersion,
      boolean initial,
      boolean bookmarks) {
    var served = kept(type, "");
    gate.check(caller, "watch", served.type(), "", selected(namespace, selection));
    checkFields(served, selection);
    var seen = readRule.list(caller, served.type(), selection);
    return watches.open(served, namespace, seen, resourceVersion, initial, bookmarks);
  }

  @Override
  public Written create(
      Caller caller, ResourceType type, ApiObject object, String subresource, Options options) {
    if (!subresource.isEmpty()) {
      throw ApiError.methodNotAllowed("a " + subresource + " cannot be created");
    }
    return one(caller, options, draft -> created(draft, type, object));
  }

  @Override
  public Written update(
      Caller caller, ResourceType type, ApiObject object, String subresource, Options options) {
    return side(
        type, subresource, one(caller, options, d -> updated(d, type, object, subresource)));
  }

  @Override
  public Written patch(
      Caller caller, ResourceType type, Key key, String subresource, Patch patch, Options options) {
    return side(
        type, subresource, one(caller, options, d -> patched(d, type, key, subresource, patch)));
  }

  /// What was written, as the subresource shows it.
  private Written side(ResourceType type, String subresource, Written written) {
    if (!subresource.equals(ScaleView.NAME)) {
      return written;
    }
    var scale = catalog.require(type).scale().of(written.object());
    return new Written(scale, written.warnings());
  }

  @Override
  public Written delete(
      Caller caller, ResourceType type, Key key, Preconditions preconditions, Options options) {
    var served = kept(type, "");
    gate.check(caller, "delete", served.type(), "", key);
    return one(
        caller,
        options,
        draft -> {
          var last = writes.delete(draft, served, key, preconditions);
          if (last == null) {
            throw ApiError.notFound(served.type(), key.name());
          }
          return new Result(served, last);
        });
  }

  @Override
  public Page deleteAll(
      Caller caller,
      ResourceType type,
      String namespace,
      Selection selection,
      Paging paging,
      Preconditions preconditions,
      Options options) {
    var served = kept(type, "");
    gate.check(caller, "deletecollection", served.type(), "", selected(namespace, selection));
    checkFields(served, selection);
    var seen = readRule.list(caller, served.type(), selection);
    var page = reads.list(served, namespace, seen, paging);
    for (var object : page.items()) {
      try {
        var meant =
            preconditions.equals(Preconditions.NONE)
                ? new Preconditions(object.uid(), null)
                : preconditions;
        commits.write(caller, options, d -> gone(d, served, object.key(), meant));
      } catch (ApiError e) {
        // Without preconditions: another of the same name has taken its place, so it is gone.
        if (!e.is(ApiError.Reason.CONFLICT) || !preconditions.equals(Preconditions.NONE)) {
          throw e;
        }
      }
    }
    return page;
  }

  @Override
  public List<Optional<ApiObject>> commit(Caller caller, List<ApiClient.Write> series) {
    return commits
        .write(
            caller,
            Options.DEFAULT,
            draft -> {
              var results = new ArrayList<@Nullable Result>();
              series.forEach(write -> results.add(prepared(draft, write)));
              return results;
            })
        .results()
        .stream()
        .map(result -> Optional.ofNullable(result).map(Result::object))
        .toList();
  }

  private @Nullable Result prepared(Draft draft, ApiClient.Write write) {
    return switch (write) {
      case ApiClient.Write.Create(var type, var object) -> created(draft, type, object);
      case ApiClient.Write.Update(var type, var object, var subresource) ->
          updated(draft, type, object, subresource);
      case ApiClient.Write.Change(var type, var key, var subresource, var patch) ->
          patched(draft, type, key, subresource, patch);
      case ApiClient.Write.Delete(var type, var key, var uid) -> {
        var served = kept(type, "");
        gate.check(draft.caller(), "delete", served.type(), "", key);
        yield gone(draft, served, key, new Preconditions(uid, null)).getFirst();
      }
    };
  }

  private Result created(Draft draft, ResourceType type, ApiObject object) {
    var served = catalog.require(type);
    gate.check(draft.caller(), "create", served.type(), "", new Key(object.namespace(), ""));
    return new Result(served, writes.create(draft, served, object));
  }

  private Result updated(Draft draft, ResourceType type, ApiObject object, String subresource) {
    var served = kept(type, subresource);
    gate.check(draft.caller(), "update", served.type(), subresource, object.key());
    return new Result(served, writes.update(draft, served, subresource, object));
  }

  private Result patched(Draft draft, ResourceType type, Key key, String subresource, Patch patch) {
    var served = kept(type, subresource);
    gate.check(draft.caller(), "patch", served.type(), subresource, key);
    return new Result(served, writes.patch(draft, served, key, subresource, patch));
  }

  /// One result: the last state, or null when there was nothing to delete.
  private List<@Nullable Result> gone(
      Draft draft, ServedType served, Key key, Preconditions preconditions) {
    var last = writes.delete(draft, served, key, preconditions);
    var results = new ArrayList<@Nullable Result>();
    results.add(last == null ? null : new Result(served, last));
    return results;
  }

  private ServedType kept(ResourceType type, String subresource) {
    var served = catalog.require(type, subresource);
    if (served.strategy().virtual()) {
      throw ApiError.methodNotAllowed(
          "the server does not allow this method on the requested resource");
    }
    return served;
  }

  private static Key selected(String namespace, Selection selection) {
    return new Key(namespace, selection.fields().getOrDefault("metadata.name", ""));
  }

  private static void checkFields(ServedType served, Selection selection) {
    selection.fields().keySet().forEach(field -> checkField(served, field));
    selection.without().forEach(field -> checkField(served, field.path()));
  }

  private static void checkField(ServedType served, String field) {
    var known = served.strategy().selectableFields();
    if (field.equals("metadata.name")
        || field.equals("metadata.namespace")
        || known.contains(field)) {
      return;
    }
    throw ApiError.badRequest(
        served.strategy().builtIn() && known.isEmpty()
            ? "\""
                + field
                + "\" is not a known field selector: only \"metadata.name\","
                + " \"metadata.namespace\""
            : "field label not supported: " + field);
  }

  private Written one(Caller caller, Options options, Function<Draft, Result> prepare) {
    var done =
        commits.write(
            caller,
            options,
            draft -> {
              var results = new ArrayList<@Nullable Result>();
              results.add(prepare.apply(draft));
              return results;
            });
    for (var result : done.results()) {
      if (result != null) {
        return new Written(result.object(), done.warnings(), done.created());
      }
    }
    throw ApiError.internal("a write without a result");
  }
}
