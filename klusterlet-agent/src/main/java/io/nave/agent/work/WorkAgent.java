package io.nave.agent.work;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Backoff;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.runtime.Host;
import io.nave.runtime.Task;
import io.nave.runtime.Transport;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The work side of an agent: from the works of one cluster on the hub to objects in that cluster
/// and back to their status.
///
/// It begins with what is on disk, with or without a hub; [#onHubClient] brings the hub, and again
/// after every rotation of the agent's certificate.
///
/// ```java
/// var work = WorkAgent.start(host, WorkSettings.of("east", url, folder), cluster,
///     discovery::find, metrics);
/// work.onHubClient(hub);
/// ```
public final class WorkAgent implements AutoCloseable {
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));

  private final Host host;
  private final WorkSettings settings;
  private final SwitchingClient hub = new SwitchingClient();
  private final AtomicReference<@Nullable Cache<ApiObject>> works = new AtomicReference<>();
  private final WorkBook book;
  private final AppliedRecords records;
  private final StrayRecords strays;
  private final Watched watched;
  private final Controller controller;
  private final List<Task> tasks = new CopyOnWriteArrayList<>();

  private WorkAgent(
      Host host,
      WorkSettings settings,
      ApiClient cluster,
      KindResolver kinds,
      MeterRegistry registry) {
    this.host = host;
    this.settings = settings;
    var metrics = new AgentMetrics(registry);
    var cleaner = new Cleaner(cluster);
    book = WorkBook.open(host, settings.folder());
    var id = AgentId.of(host, settings);
    records = new AppliedRecords(host, cluster, kinds, settings, id, this::wake);
    var eviction = new Eviction(host, settings, hub, records);
    strays = new StrayRecords(host, settings, records, eviction, cleaner);
    watched = new Watched(host, cluster, this::wake);
    var applier = new ManifestApplier(host, cluster, watched, metrics);
    var pass = new WorkPass(host, kinds, watched, applier, records, cleaner);
    var reconciler =
        new WorkReconciler(
            host, settings, hub, works::get, book, records, watched, pass, cleaner, eviction);
    controller =
        new Controller(
            host, "work", reconciler, Controller.Options.workers(settings.workers()), registry);
    metrics.watch(hub::connected, reconciler::applied);
  }

  /// Starts with what is on disk.
  ///
  /// @param cluster the agent's own cluster
  /// @param kinds what kinds that cluster has
  public static WorkAgent start(
      Host host,
      WorkSettings settings,
      ApiClient cluster,
      KindResolver kinds,
      MeterRegistry registry) {
    var agent = new WorkAgent(host, settings, cluster, kinds, registry);
    agent.hub.onConnected(agent::wakeAll);
    agent.controller.start();
    agent.tasks.add(host.start("work-records", agent::findRecords));
    agent.tasks.add(host.start("stray-records", agent.strays::run));
    agent.wakeAll();
    return agent;
  }

  /// Goes on with this client to the hub. The first call begins to follow the hub's works.
  public void onHubClient(ApiClient client) {
    hub.use(client);
    var scope = Cache.Scope.in(WORK, settings.clusterName());
    var next = Cache.of(host, hub, scope);
    next.onChange(this::changed);
    if (works.compareAndSet(null, next)) {
      next.start();
      tasks.add(host.start("work-first-list", () -> afterFirstList(next)));
    }
  }

  /// Whether the hub answered the last call.
  public boolean connected() {
    return hub.connected();
  }

  @Override
  public void close() {
    tasks.forEach(Task::cancel);
    var cache = works.get();
    if (cache != null) {
      cache.close();
    }
    controller.close();
    watched.close();
    records.close();
  }

  /// Works that are known here and missing on the hub are no change of the cache's.
  private void afterFirstList(Cache<ApiObject> cache) {
    while (!cache.awaitSynced(Duration.ofHours(1))) {
      host.sleep(Duration.ofMillis(1));
    }
    wakeAll();
  }

  /// Records outlive the agent's disk, so they are looked for too.
  private void findRecords() {
    for (int failures = 1; ; failures++) {
      try {
        records.openIfServed();
        return;
      } catch (Transport.Unreachable | ApiError e) {
        host.sleep(RETRY.after(failures, host.random()));
      }
    }
  }

  private void wakeAll() {
    var known = new TreeSet<>(book.names());
    known.addAll(records.works());
    for (var work : known) {
      if (book.isSettled(work)) {
        controller.enqueueBehind(key(work));
      } else {
        controller.enqueue(key(work));
      }
    }
  }

  /// What is new on the hub goes before what was in order when this agent last looked: a start with
  /// hundreds of settled works applies the one that came meanwhile at once.
  private void changed(Cache.Change<ApiObject> change) {
    var after = change.after();
    if (change.before() == null && after != null && book.isSettled(after)) {
      controller.enqueueBehind(change.key());
    } else {
      controller.enqueue(change.key());
    }
  }

  private void wake(String work) {
    controller.enqueue(key(work));
  }

  private Key key(String work) {
    return Key.of(settings.clusterName(), work);
  }
}
