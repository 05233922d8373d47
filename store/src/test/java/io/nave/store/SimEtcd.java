package io.nave.store;

import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An etcd in memory for simulation, that keeps etcd's promises itself and is reached over links
/// that do not: calls get no answer, before or after they were carried out; watches end; and what a
/// watch has to tell is lost now and then without a word.
final class SimEtcd {
  private static final Duration LATENCY_MAX = Duration.ofMillis(4);

  /// Kept at one revision each: an absent value removes.
  private record Version(long modRevision, byte @Nullable [] value) {}

  private final TreeMap<String, TreeMap<Long, Version>> keys = new TreeMap<>(); // by revision
  private final TreeMap<Long, List<EtcdLink.Item>> log = new TreeMap<>(); // by revision
  private final List<Mailbox<List<EtcdLink.Item>>> watches = new ArrayList<>();
  private final Host host;
  private final int faultOneIn;
  private long revision = 1;
  private boolean calm;

  /// @param faultOneIn how rarely a call or an answer goes wrong
  SimEtcd(Host host, int faultOneIn) {
    this.host = host;
    this.faultOneIn = faultOneIn;
  }

  /// Nothing goes wrong from now on.
  void calmDown() {
    calm = true;
  }

  EtcdLink link() {
    return new Link();
  }

  private boolean fault() {
    return !calm && host.random().nextInt(faultOneIn) == 0;
  }

  private void travel() {
    host.sleep(Duration.ofNanos(1 + host.random().nextLong(LATENCY_MAX.toNanos())));
  }

  private static EtcdLink.Unreachable unreachable() {
    return new EtcdLink.Unreachable("no answer", new IllegalStateException("simulated"));
  }

  private @Nullable Version at(String key, long asOf) {
    var versions = keys.get(key);
    var entry = versions == null ? null : versions.floorEntry(asOf);
    return entry == null || entry.getValue().value() == null ? null : entry.getValue();
  }

  private void apply(List<EtcdLink.Put> puts) {
    revision++;
    var items = new ArrayList<EtcdLink.Item>();
    for (var put : puts) {
      keys.computeIfAbsent(put.key(), _ -> new TreeMap<>())
          .put(revision, new Version(revision, put.value()));
      items.add(new EtcdLink.Item(put.key(), put.value(), revision));
    }
    log.put(revision, items);
    for (var watch : List.copyOf(watches)) {
      watch.offer(items);
    }
  }

  private final class Link implements EtcdLink {
    @Override
    public Page range(String from, String end, int limit, long asOf) {
      travel();
      if (fault()) {
        throw unreachable();
      }
      long as = asOf == 0 ? revision : asOf;
      var items = new ArrayList<Item>();
      for (var key : keys.subMap(from, end).keySet()) {
        var version = at(key, as);
        if (version != null) {
          items.add(new Item(key, version.value(), version.modRevision()));
        }
      }
      var more = items.size() > limit;
      var page = new Page(List.copyOf(more ? items.subList(0, limit) : items), more, revision);
      travel();
      return page;
    }

    @Override
    public Swapped swap(Put head, long headModRevision, List<Put> others) {
      travel();
      if (fault()) {
        throw unreachable();
      }
      var now = at(head.key(), revision);
      if ((now == null ? 0 : now.modRevision()) != headModRevision) {
        var found = now == null ? null : new Item(head.key(), now.value(), now.modRevision());
        return new Swapped(false, revision, found);
      }
      var puts = new ArrayList<Put>();
      puts.add(head);
      puts.addAll(others);
      apply(puts);
      var at = revision;
      travel();
      if (fault()) {
        throw unreachable(); // done all the same
      }
      return new Swapped(true, at, null);
    }

    @Override
    public Watching watch(
        String prefix, long from, Consumer<List<Item>> each, Consumer<Failure> failed) {
      var open = host.<List<Item>>mailbox(10_000);
      log.tailMap(from, true).values().forEach(open::offer);
      watches.add(open);
      var telling = host.start("etcd-watch", () -> tell(open, each, failed));
      return () -> {
        watches.remove(open);
        telling.cancel();
      };
    }

    private void tell(
        Mailbox<List<Item>> open, Consumer<List<Item>> each, Consumer<Failure> failed) {
      while (true) {
        var items = open.take();
        if (items == null) {
          return;
        }
        travel();
        if (fault()) {
          continue; // as a client library loses what comes before it listens
        }
        if (fault()) {
          failed.accept(new Failure(false, "simulated"));
          return;
        }
        each.accept(items);
      }
    }

    @Override
    public void compact(long before) {
      travel();
    }

    @Override
    public void close() {}
  }
}
