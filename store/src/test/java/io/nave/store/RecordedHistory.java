package io.nave.store;

import static io.nave.store.Samples.BUCKET;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.n;
import static io.nave.store.Samples.object;

import io.nave.api.ApiObject;
import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import io.nave.store.Store.Change;
import io.nave.testkit.Linearizability;
import io.nave.testkit.Linearizability.Event;
import io.nave.testkit.Linearizability.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Clients and watchers of one or several stores on the same data, what they saw, and whether that
/// keeps the promises: each key is linearizable, two keys that are written together are never seen
/// apart, watches tell every change once and in order, and their progress is never ahead of it.
///
/// Values are unique, so a read tells whose write it saw, and a write that was applied twice is
/// found. The bucket holds nothing else, so its revisions have no gaps.
///
/// Whether a write that nobody answered has happened is asked of the watchers, when they heard of
/// every change: it need not be guessed, which is what makes judging dear.
final class RecordedHistory {
  private static final int KEYS = 3;
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final Host host;
  private final Map<String, List<Event>> operations = new TreeMap<>(); // under this
  private final TreeMap<Long, Told> changes = new TreeMap<>(); // under this: by revision
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
  private final List<Mailbox<String>> running = new ArrayList<>();
  private volatile boolean over;
  private long values; // under this

  /// One change as a watcher first heard of it.
  ///
  /// @param n what the object holds after it; for a removal, what it held
  /// @param at when it was heard of
  private record Told(WatchFeed.Kind kind, String name, long n, long at) {
    boolean removed() {
      return kind == WatchFeed.Kind.DELETED;
    }

    boolean same(Told other) {
      return kind == other.kind() && name.equals(other.name()) && n == other.n();
    }
  }

  RecordedHistory(Host host) {
    this.host = host;
  }

  /// Starts a client that does `count` operations one after the other.
  ///
  /// @param store asked for before each operation: a restarted store is another one
  void client(Supplier<Store> store, int count, long seed) {
    var done = host.<String>mailbox(1);
    running.add(done);
    host.start(
        "client",
        () -> {
          var random = new Random(seed);
          var known = new HashMap<String, ApiObject>();
          for (int i = 0; i < count; i++) {
            operate(store.get(), "k" + random.nextInt(KEYS), random, known);
          }
          done.offer("done");
        });
  }

  private void operate(Store store, String name, Random random, Map<String, ApiObject> known) {
    long call = host.nanoTime();
    try {
      if (random.nextInt(3) == 0) {
        read(store, name, known, call);
      } else {
        write(store, name, random, known, call);
      }
    } catch (StoreClosed | StoreUnreachable e) {
      host.sleep(Duration.ofMillis(1)); // told by write() when it matters
    }
  }

  private void read(Store store, String name, Map<String, ApiObject> known, long call) {
    var view = store.latest();
    var found = view.get(key(name));
    var twin = view.get(key(name + "-twin"));
    long value = found.map(Samples::n).orElse(Linearizability.ABSENT);
    if (value != twin.map(Samples::n).orElse(Linearizability.ABSENT)) {
      faults.add(name + " is " + value + " and its twin is not, at " + view.revision());
    }
    found.ifPresentOrElse(object -> known.put(name, object), () -> known.remove(name));
    record(name, new Operation.Read(value), call, host.nanoTime());
  }

  private void write(
      Store store, String name, Random random, Map<String, ApiObject> known, long call) {
    var last = known.get(name);
    var removes = last != null && random.nextInt(5) == 0;
    var blind = !removes && random.nextInt(3) == 0;
    long value = removes ? Linearizability.ABSENT : nextValue();
    long expected = blind ? Change.ANY : last == null ? 0 : last.revision();
    Operation done =
        blind
            ? new Operation.Write(value)
            : new Operation.Swap(last == null ? 0 : n(last), value, true);
    try {
      var stored = store.commit(changes(name, value, expected, removes));
      record(name, done, call, host.nanoTime());
      known.put(name, stored.getFirst());
      if (removes) {
        known.remove(name);
      }
    } catch (Conflict e) {
      record(
          name,
          new Operation.Swap(last == null ? 0 : n(last), value, false),
          call,
          host.nanoTime());
      known.remove(name);
    } catch (StoreClosed | StoreUnreachable e) {
      record(name, done, call, Linearizability.NEVER);
      known.remove(name);
      throw e;
    }
  }

  private static List<Change> changes(String name, long value, long expected, boolean removes) {
    var key = key(name);
    var twin = key(name + "-twin");
    return removes
        ? List.of(new Change.Delete(key, null, expected), new Change.Delete(twin, null, Change.ANY))
        : List.of(
            new Change.Put(key, object(key, value), expected),
            new Change.Put(twin, object(twin, value), Change.ANY));
  }

  private synchronized long nextValue() {
    return ++values;
  }

  private synchronized void record(String name, Operation operation, long call, long answer) {
    operations
        .computeIfAbsent(name, _ -> new ArrayList<>())
        .add(new Event(operation, call, answer));
  }

  /// Starts a watcher that follows the bucket from its beginning until [#finish], resuming where it
  /// was whenever a watch ends.
  ///
  /// @param from the revision to begin after
  void watcher(Supplier<Store> store, long from) {
    var done = host.<String>mailbox(1);
    running.add(done);
    host.start("watcher", () -> done.offer(follow(store, from)));
  }

  private String follow(Supplier<Store> store, long from) {
    long seen = from;
    while (true) {
      try (var feed = store.get().watch(BUCKET, seen, 100_000)) {
        while (feed.ended() == WatchFeed.Ended.NO) {
          var event = feed.next(PATIENCE);
          if (event == null) {
            if (over && seen >= store.get().latest().revision()) {
              return "done";
            }
            continue;
          }
          check(event, seen);
          seen = event.revision();
          if (feed.progress() < seen) {
            faults.add("progress " + feed.progress() + " after " + seen + " was told");
          }
        }
      } catch (StoreClosed | StoreUnreachable e) {
        host.sleep(Duration.ofMillis(1));
      } catch (TooOld e) {
        if (over) {
          return "done";
        }
        seen = store.get().view().revision(); // a restarted store knows nothing of before
      }
    }
  }

  private synchronized void check(WatchFeed.Event event, long seen) {
    if (event.revision() != seen + 1) {
      faults.add("told " + event.revision() + " where " + (seen + 1) + " was due");
    }
    var after = event.after();
    var what = new Told(event.kind(), after.name(), n(after), host.nanoTime());
    var before = changes.putIfAbsent(event.revision(), what);
    if (before != null && !before.same(what)) {
      faults.add("revision " + event.revision() + " is both " + before + " and " + what);
    }
  }

  /// Waits for the clients, then for the watchers to have seen everything, and judges.
  ///
  /// @return what is wrong, with the number of operations and changes it was found in
  Verdict finish(int clients, Duration atMost) {
    await(running.subList(0, clients), atMost);
    over = true;
    await(running.subList(clients, running.size()), atMost);
    return judged();
  }

  private void await(List<Mailbox<String>> tasks, Duration atMost) {
    for (var task : tasks) {
      if (task.poll(atMost) == null) {
        faults.add(
            "%s %d does not come to its end within %s"
                .formatted(over ? "watcher" : "client", tasks.indexOf(task), atMost));
      }
    }
  }

  /// What is wrong so far.
  synchronized Verdict judged() {
    var all = new ArrayList<>(faults);
    findTwice(all);
    int count = 0;
    for (var entry : operations.entrySet()) {
      count += entry.getValue().size();
      Linearizability.fault(settled(entry.getKey(), entry.getValue()))
          .ifPresent(fault -> all.add(entry.getKey() + ": " + fault));
    }
    return new Verdict(all, count, changes.size());
  }

  private void findTwice(List<String> all) {
    var written = new HashMap<String, Long>();
    changes.forEach((revision, told) -> {
      var what = told.name() + " = " + told.n();
      var before = told.removed() ? null : written.put(what, revision);
      if (before != null) {
        all.add(what + " was written twice, as revisions " + before + " and " + revision);
      }
    });
  }

  /// The operations on a key, the unanswered ones as the watchers know them: answered when they
  /// heard of it, or left out. One of several removals of the same state stays unanswered.
  private List<Event> settled(String name, List<Event> events) {
    if (changes.isEmpty() || changes.lastKey() != changes.size()) {
      return events; // watchers did not hear of everything
    }
    var settled = new ArrayList<Event>();
    for (var event : events) {
      var told = event.answer() == Linearizability.NEVER ? told(name, event) : null;
      if (event.answer() != Linearizability.NEVER) {
        settled.add(event);
      } else if (told != null) {
        settled.add(
            new Event(
                event.operation(), event.call(), removal(event) ? event.answer() : told.at()));
      }
    }
    return settled;
  }

  private static boolean removal(Event event) {
    return event.operation() instanceof Operation.Swap(_, var value, _)
        && value == Linearizability.ABSENT;
  }

  private @Nullable Told told(String name, Event event) {
    long n =
        switch (event.operation()) {
          case Operation.Read _ -> -1;
          case Operation.Write(var value) -> value;
          case Operation.Swap(var expected, var value, _) -> removal(event) ? expected : value;
        };
    return changes.values().stream()
        .filter(each -> each.name().equals(name) && each.n() == n)
        .filter(each -> each.removed() == removal(event))
        .findFirst()
        .orElse(null);
  }

  /// @param faults empty: all promises were kept
  record Verdict(List<String> faults, int operations, int changes) {}

  /// A store that can be replaced while others ask for it.
  static final class Slot implements Supplier<Store> {
    private volatile @Nullable Store store;

    void set(Store next) {
      store = next;
    }

    @Override
    public Store get() {
      var now = store;
      if (now == null) {
        throw new StoreClosed("not open yet");
      }
      return now;
    }
  }
}
