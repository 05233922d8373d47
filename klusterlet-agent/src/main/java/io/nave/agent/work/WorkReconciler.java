package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.controllers.Backoff;
import io.nave.controllers.Cache;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import io.nave.work.WorkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the cluster to what one work says, and the hub to know how that went.
///
/// - Reads: the work (hub, or disk while the hub is silent), its record and its objects (cluster).
/// - Writes: the objects and the record (cluster); finalizer and status of the work (hub).
/// - Safe to repeat: a pass over a settled work writes nothing.
final class WorkReconciler implements Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(WorkReconciler.class);
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(250), Duration.ofMinutes(5));
  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration DEPENDENCY = Duration.ofSeconds(1);
  private static final Duration UNSENT = Duration.ofSeconds(15);

  /// Between looks at an object someone else keeps changing; see [RepairBudget].
  private static final Duration DEFERRED = Duration.ofSeconds(5);

  private final Host host;
  private final WorkSettings settings;
  private final Supplier<@Nullable Cache<ApiObject>> works;
  private final WorkBook book;
  private final AppliedRecords records;
  private final Watched watched;
  private final WorkPass pass;
  private final Cleaner cleaner;
  private final HubReport report;
  private final Eviction eviction;
  private final Map<String, WorkMemory> memories = new ConcurrentSkipListMap<>();

  /// @param works the cache of the hub's works; null before the first contact
  WorkReconciler(
      Host host,
      WorkSettings settings,
      SwitchingClient hub,
      Supplier<@Nullable Cache<ApiObject>> works,
      WorkBook book,
      AppliedRecords records,
      Watched watched,
      WorkPass pass,
      Cleaner cleaner,
      Eviction eviction) {
    this.host = host;
    this.settings = settings;
    this.works = works;
    this.book = book;
    this.records = records;
    this.watched = watched;
    this.pass = pass;
    this.cleaner = cleaner;
    this.report = new HubReport(hub);
    this.eviction = eviction;
  }

  /// How many works have all their manifests applied.
  int applied() {
    return (int) memories.values().stream().filter(memory -> memory.applied).count();
  }

  @Override
  public Outcome reconcile(Key key) {
    var name = key.name();
    var memory = memories.computeIfAbsent(name, _ -> new WorkMemory(host.nanoTime()));
    var cache = works.get();
    var listed = cache != null && cache.synced();
    var cached = cache == null ? null : cache.object(key).orElse(null);
    if (cached != null && cached.uid().equals(memory.released)) {
      return new Outcome.Settled(); // over; it is taken on again only as another object
    }
    var onHub = WorkMemory.newer(cached, memory.reported);
    var known = book.find(name);
    if (onHub != null && known != null && Precedence.isOlder(onHub, known.work())) {
      return refuse(onHub, known.work(), memory);
    }
    return switch (Decision.decide(onHub, listed, book.find(name))) {
      case Decision.Nothing() -> forget(name);
      case Decision.Apply(var work, var fromHub) -> apply(work, fromHub, memory);
      case Decision.Remove(var work, var fromHub) -> remove(work, fromHub, memory);
      case Decision.Missed(var work) -> missed(name, work, memory);
    };
  }

  /// The hub shows an earlier state than was applied here already, as one does that came back from
  /// a backup: what is applied stays, and the hub is told.
  private Outcome refuse(ApiObject onHub, ApiObject applied, WorkMemory memory) {
    var outcome = apply(applied, false, memory);
    var status =
        WorkStatus.older(
            HubReport.status(onHub),
            onHub.generation(),
            Precedence.text(onHub, applied),
            host.now());
    memory.unsent = !send(onHub, status, memory);
    return outcome;
  }

  /// What the work waits for; null when nothing keeps it from being applied.
  private @Nullable String waitsFor(ApiObject work) {
    var typed = Codec.decode(work, ManifestWork.class);
    if (typed.spec().dependsOn().isEmpty() || isTrueNow(work, ManifestWork.APPLIED)) {
      return null;
    }
    var cache = works.get();
    for (var dependency : typed.spec().dependsOn()) {
      var key = Key.of(settings.clusterName(), dependency.name());
      var onHub = cache == null ? null : cache.object(key).orElse(null);
      var saved = book.find(dependency.name());
      var other = onHub == null && saved != null ? saved.work() : onHub;
      if (other == null || !isTrueNow(other, dependency.wanted())) {
        return "waits for work \"%s\" to be %s".formatted(dependency.name(), dependency.wanted());
      }
    }
    return null;
  }

  /// Whether a condition is True of the present generation, as the hub or this agent has it.
  private boolean isTrueNow(ApiObject work, String type) {
    var saved = book.find(work.name());
    return holds(work, type, work.generation())
        || (saved != null
            && saved.work().uid().equals(work.uid())
            && holds(saved.work(), type, work.generation()));
  }

  private static boolean holds(ApiObject work, String type, long generation) {
    return Condition.find(HubReport.status(work).conditions(), type)
        .filter(c -> c.isTrue() && Long.valueOf(generation).equals(c.observedGeneration()))
        .isPresent();
  }

  private Outcome waiting(ApiObject work, boolean fromHub, String text, WorkMemory memory) {
    memory.applied = false;
    if (fromHub) {
      var status = WorkStatus.waiting(HubReport.status(work), work.generation(), text, host.now());
      send(work, status, memory);
    }
    return new Outcome.CheckAfter(DEPENDENCY);
  }

  private Outcome apply(ApiObject work, boolean fromHub, WorkMemory memory) {
    if (Condition.isTrue(HubReport.status(work).conditions(), "Complete")) {
      return new Outcome.Settled();
    }
    var held =
        fromHub && !work.finalizers().contains(ManifestWork.FINALIZER)
            ? report.hold(work, memory)
            : work;
    var saved = remember(held, memory);
    var dependency = waitsFor(held);
    if (dependency != null) {
      return waiting(held, fromHub, dependency, memory);
    }
    ApiObject record;
    try {
      record = records.ensure(held);
    } catch (AppliedRecords.NotServed e) {
      return notServed(held, fromHub, e, memory);
    }
    if (record.deleting()) {
      // Someone deleted the record in the cluster: its objects go with it and are then made anew.
      return empty(record, Codec.decode(held, ManifestWork.class), memory)
          ? new Outcome.CheckAfter(SOON)
          : new Outcome.CheckAfter(RETRY.after(++memory.failures, host.random()));
    }
    var evictionStart = fromHub ? null : AppliedRecords.read(record).status().evictionStartTime();
    var result = passOver(saved, record, evictionStart, memory);
    var sent = conclude(held, fromHub, result.outcomes(), memory);
    var wait = wait(result, memory);
    return new Outcome.CheckAfter(sent ? wait : shorter(wait, UNSENT));
  }

  private SavedWork remember(ApiObject work, WorkMemory memory) {
    var before = book.find(work.name());
    if (before != null && before.asksAs(work)) {
      return before;
    }
    memory.failures = 0;
    var next = new SavedWork(work, before == null ? Map.of() : before.applied());
    book.put(work.name(), next);
    return next;
  }

  private WorkPass.Result passOver(
      SavedWork saved, ApiObject record, @Nullable Instant evictionStart, WorkMemory memory) {
    var work = Codec.decode(saved.work(), ManifestWork.class);
    var kept = HubReport.status(saved.work());
    var result = pass.run(work, record, saved.applied(), kept, evictionStart, memory);
    book.put(saved.work().name(), saved.withApplied(result.applied()));
    memory.applied = !result.failed();
    memory.failures = result.removing() ? memory.failures + 1 : 0;
    return result;
  }

  /// Sums up, remembers and reports.
  ///
  /// @return whether the hub knows
  private boolean conclude(
      ApiObject work, boolean fromHub, List<WorkStatus.Outcome> outcomes, WorkMemory memory) {
    var saved = book.find(work.name());
    var told = HubReport.status(work);
    var kept = saved == null ? told : HubReport.status(saved.work());
    var before = fromHub && !memory.unsent ? told : kept;
    var after = WorkStatus.after(before, work.generation(), outcomes, host.now());
    if (saved != null && !after.equals(kept)) {
      book.put(
          work.name(),
          saved.withWork(saved.work().edit(tree -> tree.set("status", WorkStatus.json(after)))));
    }
    memory.unsent = !(fromHub && send(work, after, memory));
    return !memory.unsent;
  }

  /// @return false when the hub does not answer
  private boolean send(ApiObject work, ManifestWork.Status status, WorkMemory memory) {
    try {
      report.report(work, status, memory);
    } catch (Transport.Unreachable e) {
      return false;
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND)) { // gone meanwhile: the next pass will see it
        throw e;
      }
    }
    return true;
  }

  private Duration wait(WorkPass.Result result, WorkMemory memory) {
    var wait = settings.resync().plusMillis(jitterMillis());
    var next = memory.troubles.next(host.nanoTime());
    if (next != null) {
      wait = shorter(wait, next);
    }
    if (result.removing()) {
      wait = shorter(wait, RETRY.after(memory.failures, host.random()));
    }
    if (result.deferred()) {
      wait = shorter(wait, DEFERRED);
    }
    return result.watched() ? wait : shorter(wait, settings.poll());
  }

  private Outcome notServed(
      ApiObject work, boolean fromHub, AppliedRecords.NotServed why, WorkMemory memory) {
    memory.applied = false;
    var reason = String.valueOf(why.getMessage());
    var outcomes = new ArrayList<WorkStatus.Outcome>();
    for (var manifest : WorkFile.manifests(work)) {
      var identity = ManifestIdentity.of(manifest);
      outcomes.add(
          new WorkStatus.Outcome(
              new ManifestWork.ResourceMeta(
                  outcomes.size(),
                  identity.group(),
                  identity.version(),
                  identity.kind(),
                  "",
                  identity.name(),
                  identity.namespace()),
              WorkStatus.notApplied(reason),
              WorkStatus.availableUnknown(reason),
              null,
              null));
    }
    // The kind may come any moment, so the first tries are quiet.
    if (++memory.failures > 4) {
      conclude(work, fromHub, outcomes, memory);
    }
    return new Outcome.CheckAfter(
        shorter(Duration.ofSeconds(30), RETRY.after(memory.failures, host.random())));
  }

  private Outcome remove(ApiObject work, boolean fromHub, WorkMemory memory) {
    var saved = remember(work, memory);
    var name = work.name();
    if (fromHub) {
      var deleting = WorkStatus.deleting(HubReport.status(work), work.generation(), host.now());
      send(work, deleting, memory); // unreachable: the objects go all the same
    }
    var record = records.openIfServed() ? records.find(name) : null;
    if (record != null) {
      var marked = records.delete(record);
      if (!empty(marked, Codec.decode(saved.work(), ManifestWork.class), memory)) {
        return new Outcome.CheckAfter(RETRY.after(++memory.failures, host.random()));
      }
    }
    if (fromHub) {
      var newest = WorkMemory.newer(work, memory.reported);
      report.release(newest == null ? work : newest, memory);
    }
    LOG.atInfo().addKeyValue("key", name).log("work removed");
    book.remove(name);
    watched.unfollow(name);
    memory.released = work.uid();
    return fromHub ? new Outcome.Settled() : forget(name);
  }

  /// Removes all a record lists and lets the record go.
  ///
  /// @return false while something is still there
  private boolean empty(ApiObject record, @Nullable ManifestWork work, WorkMemory memory) {
    var status = AppliedRecords.read(record).status();
    var option = work == null ? null : work.spec().deleteOption();
    var pending = cleaner.remove(status.appliedResources(), record.uid(), option);
    memory.applied = false;
    memory.written.clear();
    var written = records.write(record, pending, status.evictionStartTime());
    if (!pending.isEmpty()) {
      return false;
    }
    records.release(written);
    return true;
  }

  private Outcome missed(String name, @Nullable ApiObject work, WorkMemory memory) {
    var record = records.openIfServed() ? missing(name, work) : null;
    if (record == null) {
      book.remove(name);
      return forget(name);
    }
    var typed = work == null ? null : Codec.decode(work, ManifestWork.class);
    return switch (eviction.look(name, record)) {
      case Eviction.Stage.Over() -> {
        if (!empty(records.delete(record), typed, memory)) {
          yield new Outcome.CheckAfter(RETRY.after(++memory.failures, host.random()));
        }
        book.remove(name);
        yield forget(name);
      }
      case Eviction.Stage.Waiting(var since, var noted, var left) -> {
        var saved = book.find(name);
        if (saved == null) {
          yield new Outcome.CheckAfter(shorter(left, settings.resync()));
        }
        var result = passOver(saved, noted, since, memory);
        conclude(saved.work(), false, result.outcomes(), memory);
        memory.unsent = false; // there is nobody to tell
        yield new Outcome.CheckAfter(shorter(left, wait(result, memory)));
      }
    };
  }

  /// What nobody remembers here has to be this agent's by its own word.
  private @Nullable ApiObject missing(String name, @Nullable ApiObject work) {
    return work == null ? records.findOwn(name) : records.find(name);
  }

  private Outcome forget(String name) {
    watched.unfollow(name);
    memories.remove(name);
    return new Outcome.Settled();
  }

  private long jitterMillis() {
    return host.random().nextLong(settings.resync().toMillis() / 2 + 1);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
