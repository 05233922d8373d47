package io.nave.apiserver.definitions;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.outbound.Calls;
import io.nave.apiserver.registry.Registry;
import io.nave.apiserver.registry.ServedType;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import io.nave.store.Store;
import io.nave.store.StoreClosed;
import io.nave.store.TooOld;
import io.nave.store.WatchFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The kinds that are defined in the store, served by a registry.
///
/// When a definition's write is answered, its kind is served; other replicas on the same store
/// follow it through a watch. A definition that did not change keeps the very types it had, so that
/// watches of its objects go on. Thread-safe.
///
/// ```java
/// var definitions = new Definitions(OwnKinds.of(kinds));
/// types.add(definitions.kind());
/// var registry = new Registry(host, store, types, rbac, List.of(definitions.admission()));
/// hub.open(definitions.start(host, store, registry));
/// ```
public final class Definitions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);
  private static final String BUCKET = CustomResourceDefinition.TYPE.resource();
  private static final int FEED_EVENTS_MAX = 10_000;
  private static final Duration FEED_WAIT = Duration.ofHours(1); // its end is told at once
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  /// What all parts of a started instance share.
  private record Running(Host host, Store store, Registry registry, Monitor monitor) {}

  private final OwnKinds own;
  private final Conversions conversions;
  private volatile @Nullable Running running; // set by start()
  private @Nullable Task follower; // set by start()
  private Map<String, Definition> served = new TreeMap<>(); // by name; under monitor
  private List<ServedType> types = List.of(); // under monitor
  private long revision = -1; // of the view `served` was made from; under monitor

  private Definitions(OwnKinds own, Conversions conversions) {
    this.own = own;
    this.conversions = conversions;
  }

  /// Definitions of users, and of these kinds of the program itself; none asks a webhook.
  public static Definitions of(List<ServedType> own) {
    return new Definitions(OwnKinds.of(own), Conversions.RENAMING);
  }

  /// Definitions of users, which may name webhooks that convert their objects, and of these kinds
  /// of the program itself.
  public static Definitions of(List<ServedType> own, Host host, Calls calls) {
    return new Definitions(OwnKinds.of(own), new WebhookConversions(host, calls));
  }

  /// The kind CustomResourceDefinition, to be served by the registry.
  public ServedType kind() {
    var strategy =
        new DefinitionStrategy(
            own,
            () -> {
              var now = running;
              return now == null ? List.of() : now.registry().builtIn();
            });
    return ServedType.of(CustomResourceDefinition.class, strategy);
  }

  /// Keeps the program's own kinds from being deleted.
  public Admission admission() {
    var type = CustomResourceDefinition.TYPE;
    return request -> {
      if (request.operation() == Admission.Operation.DELETE
          && request.isAbout(type.group(), type.plural())) {
        own.checkDelete(request.object().name());
      }
      return request.object();
    };
  }

  /// Serves what is defined, the program's own kinds first of all, and follows the store from now
  /// on.
  ///
  /// @return this
  public Definitions start(Host host, Store store, Registry registry) {
    running = new Running(host, store, registry, host.monitor());
    registry.onCommit(BUCKET, this::refresh);
    refresh();
    own.install(new LocalClient(registry, Caller.system("bootstrap")));
    follower = host.start("definitions", this::follow);
    return this;
  }

  private void follow() {
    var now = running();
    var ended = WatchFeed.Ended.NO;
    while (ended != WatchFeed.Ended.CLOSED) {
      try (var feed = now.store().watch(BUCKET, now.store().view().revision(), FEED_EVENTS_MAX)) {
        refresh();
        while (feed.ended() == WatchFeed.Ended.NO) {
          if (feed.next(FEED_WAIT) != null) {
            refresh();
          }
        }
        ended = feed.ended();
      } catch (TooOld e) {
        ended = WatchFeed.Ended.SLOW;
      } catch (StoreClosed e) {
        ended = WatchFeed.Ended.CLOSED;
      }
    }
  }

  private Running running() {
    var now = running;
    if (now == null) {
      throw new IllegalStateException("start() comes first");
    }
    return now;
  }

  private void refresh() {
    var now = running();
    try (var _ = now.monitor().lock()) {
      var view = now.store().view();
      if (view.revision() <= revision) {
        return;
      }
      revision = view.revision();
      var next = new TreeMap<String, Definition>();
      for (var crd : view.list(BUCKET, "")) {
        var definition = read(crd);
        if (definition != null) {
          next.put(crd.name(), definition);
        }
      }
      served = next;
      var ordered = types(next);
      if (!ordered.equals(types)) { // unchanged ones are the very same, so this is cheap
        types = ordered;
        now.registry().serve(ordered);
      }
    }
  }

  /// The definition as served; the same as before when nothing that counts has changed.
  private @Nullable Definition read(ApiObject crd) {
    var before = served.get(crd.name());
    if (before != null && before.revision() == crd.revision()) {
      return before;
    }
    try {
      return Definition.of(crd, before, conversions, own);
    } catch (ApiError e) {
      LOG.atError()
          .addKeyValue("key", crd.name())
          .addKeyValue("reason", e.getMessage())
          .log("a stored definition cannot be served; apply it again");
      return null;
    }
  }

  private static List<ServedType> types(Map<String, Definition> definitions) {
    var all = new ArrayList<ServedType>();
    definitions.values().forEach(definition -> all.addAll(definition.types()));
    all.sort(
        Comparator.comparing((ServedType one) -> one.type().group())
            .thenComparing(one -> one.type().version(), VersionOrder.NEWEST_FIRST)
            .thenComparing(one -> one.type().plural()));
    return all;
  }

  @Override
  public void close() {
    var task = follower;
    if (task != null) {
      task.cancel();
      task.join(CLOSE_WAIT);
    }
  }
}
