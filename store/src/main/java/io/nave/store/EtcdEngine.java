package io.nave.store;

import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the objects in an etcd, which several hubs may share.
///
/// Under the prefix stand `o/bucket/namespace/name`, an object each, and `head`, an [EtcdRecord]:
/// the store's revision and the changes of the newest transaction. Every transaction rewrites the
/// head on condition that it is the one its writer knows, so transactions of all hubs form one
/// sequence, each made on top of all before it; a writer that was overtaken hears the news and
/// prepares anew. Each hub watches the prefix: head and objects of a transaction come together, so
/// it hears of each transaction whole, in order, and with every change it consisted of.
///
/// One commit of one hub may be too large for a transaction (etcd's `--max-txn-ops`); it is then
/// written in several, which others see one after the other.
///
/// When etcd does not answer, a transaction may have happened or not. It is sent again as it was:
/// either it happens now, or the head has moved, and then the news tell whether it was moved by it.
public final class EtcdEngine implements SharedEngine {
  private static final Logger LOG = LoggerFactory.getLogger(EtcdEngine.class);
  private static final int PAGE = 1_000;
  private static final int NEWS_MAX = 100_000; // changes heard and not taken in; more are reloaded
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final Duration COMPACT_EVERY = Duration.ofMinutes(5); // as kube-apiserver does
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);
  private static final Duration DOUBT_WAIT = Duration.ofSeconds(30);

  private record Heard(News news, long modRevision) {}

  private final Host host;
  private final EtcdLink link;
  private final EtcdSettings settings;
  private final String headKey;
  private final String objects; // the prefix of all objects
  private final String writer; // the name of this one among all
  private long number; // writer task only: of the last transaction
  private long headModRevision; // writer task only: of the head that the store's state is
  private final Monitor monitor;
  private final ArrayDeque<Heard> heard = new ArrayDeque<>(); // under monitor
  private int heardChanges; // under monitor
  private long heardRevision; // under monitor: the news up to here have come
  private long ownNumber; // under monitor: of the last own transaction that was heard of
  private @Nullable String broken; // under monitor: the news cannot be trusted
  private boolean reload; // under monitor: begin anew
  private boolean closed; // under monitor
  private long loadedAt; // etcd's revision of the first load; set before the follower starts
  private long gaps; // under monitor: how often changes were loaded, not heard one by one
  private @Nullable Task follower;
  private @Nullable Task compactor;

  EtcdEngine(Host host, EtcdLink link, EtcdSettings settings) {
    this.host = host;
    this.link = link;
    this.settings = settings;
    this.headKey = settings.prefix() + "/head";
    this.objects = settings.prefix() + "/o/";
    this.writer = Long.toHexString(host.secureRandom().nextLong());
    this.monitor = host.monitor();
  }

  /// Connects to an etcd.
  ///
  /// @throws StoreBroken when the settings cannot be used
  public static EtcdEngine open(Host host, EtcdSettings settings) {
    return new EtcdEngine(host, JetcdLink.open(settings), settings);
  }

  @Override
  public long load(BiConsumer<StoreKey, byte[]> each) {
    try {
      var content = read(each);
      headModRevision = content.headModRevision();
      loadedAt = content.at();
      return content.revision();
    } catch (EtcdLink.Unreachable e) {
      throw unreachable(e);
    }
  }

  /// @param at etcd's revision
  /// @param revision the store's
  private record Content(long at, long headModRevision, long revision) {}

  /// Everything as of one revision of etcd.
  private Content read(BiConsumer<StoreKey, byte[]> each) {
    var page = link.range(headKey, headKey + '\0', 1, 0);
    long at = page.revision();
    var head = page.items().isEmpty() ? null : page.items().getFirst();
    var from = objects;
    var end = objects.substring(0, objects.length() - 1) + '0'; // the character after '/'
    var more = true;
    while (more) {
      var some = link.range(from, end, PAGE, at);
      for (var item : some.items()) {
        byte[] value = item.value();
        if (value != null) {
          each.accept(EtcdRecord.key(item.key().substring(objects.length())), value);
        }
      }
      more = some.more();
      from = more ? some.items().getLast().key() + '\0' : from;
    }
    byte[] value = head == null ? null : head.value();
    var newest = value == null ? null : EtcdRecord.decode(value);
    long revision = newest == null ? 0 : newest.revision();
    try (var _ = monitor.lock()) {
      heardRevision = Math.max(heardRevision, revision);
      if (newest != null && newest.writer().equals(writer)) {
        ownNumber = newest.number();
      }
    }
    return new Content(at, head == null ? 0 : head.modRevision(), revision);
  }

  @Override
  public void write(List<Entry> entries) {
    for (var some : EtcdChunks.of(entries, settings)) {
      transact(some);
    }
  }

  private void transact(List<Entry> entries) {
    number++;
    long gapsBefore = gaps();
    var record = EtcdRecord.of(writer, number, entries);
    var puts = new LinkedHashMap<String, EtcdLink.Put>();
    for (var entry : entries) {
      var key = objects + EtcdRecord.place(entry.key());
      puts.put(key, new EtcdLink.Put(key, entry.bytes()));
    }
    var head = new EtcdLink.Put(headKey, record.encode());
    for (int attempt = 0; ; attempt++) {
      try {
        var swapped = link.swap(head, headModRevision, List.copyOf(puts.values()));
        if (swapped.done()) {
          headModRevision = swapped.revision();
          return;
        }
        settle(swapped, gapsBefore);
        return;
      } catch (EtcdLink.Unreachable e) {
        wait(attempt, e);
      }
    }
  }

  private long gaps() {
    try (var _ = monitor.lock()) {
      return gaps;
    }
  }

  /// The head is another one: by others, or by this very transaction when its answer was lost. That
  /// can be so at the first attempt too, as the client below tries again by itself.
  private void settle(EtcdLink.Swapped swapped, long gapsBefore) {
    var head = swapped.head();
    byte[] value = head == null ? null : head.value();
    long revision = value == null ? 0 : EtcdRecord.decode(value).revision();
    if (!appeared(revision, gapsBefore)) {
      throw new Behind(revision);
    }
  }

  /// Whether the newest own transaction is among those up to a revision.
  ///
  /// @param gapsBefore when it was sent: what was not heard since cannot be told
  private boolean appeared(long revision, long gapsBefore) {
    long deadline = host.nanoTime() + DOUBT_WAIT.toNanos();
    try (var _ = monitor.lock()) {
      while (heardRevision < revision) {
        var left = Duration.ofNanos(deadline - host.nanoTime());
        if (broken != null || !left.isPositive()) {
          throw unknown();
        }
        monitor.await(left);
      }
      if (ownNumber < number && gaps != gapsBefore) {
        throw unknown();
      }
      return ownNumber >= number;
    }
  }

  private static StoreUnreachable unknown() {
    return new StoreUnreachable(
        "nobody can tell whether the last write reached etcd; read again before writing");
  }

  private void wait(int attempt, EtcdLink.Unreachable e) {
    if (attempt % 50 == 0) { // now and every ten seconds and more
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("etcd does not answer: trying again");
    }
    try (var _ = monitor.lock()) {
      if (closed) {
        throw unreachable(e);
      }
    }
    host.sleep(RETRY);
  }

  private StoreUnreachable unreachable(EtcdLink.Unreachable e) {
    return new StoreUnreachable(String.valueOf(e.getMessage()), e);
  }

  @Override
  public long head() {
    try {
      var page = link.range(headKey, headKey + '\0', 1, 0);
      byte[] value = page.items().isEmpty() ? null : page.items().getFirst().value();
      return value == null ? 0 : EtcdRecord.decode(value).revision();
    } catch (EtcdLink.Unreachable e) {
      throw unreachable(e);
    }
  }

  @Override
  public void follow(Runnable poke) {
    follower = host.start("etcd-follower", () -> listen(poke));
    compactor = host.start("etcd-compactor", this::compact);
  }

  /// Watches from what was loaded, and loads anew whenever a watch cannot go on.
  private void listen(Runnable poke) {
    long from = loadedAt + 1;
    while (true) {
      try (var _ =
          link.watch(settings.prefix() + "/", from, items -> hear(items, poke), this::end)) {
        if (!untilOver()) {
          return;
        }
      }
      from = reloaded(poke) + 1;
    }
  }

  /// @return false when the engine is closed or broken
  private boolean untilOver() {
    try (var _ = monitor.lock()) {
      while (!closed && broken == null && !reload) {
        monitor.await();
      }
      reload = false;
      return !closed && broken == null;
    }
  }

  private void end(EtcdLink.Failure failure) {
    LOG.atWarn().addKeyValue("reason", failure.message()).log("the watch of etcd ended: loading");
    try (var _ = monitor.lock()) {
      reload = true;
      monitor.signalAll();
    }
  }

  private long reloaded(Runnable poke) {
    for (int attempt = 0; ; attempt++) {
      try {
        var objectsNow = new HashMap<StoreKey, byte[]>();
        var content = read(objectsNow::put);
        var reset = new News.Reset(objectsNow, content.revision());
        try (var _ = monitor.lock()) {
          gaps++;
          heard.clear();
          heardChanges = 0;
          heard.add(new Heard(reset, content.headModRevision()));
          monitor.signalAll();
        }
        poke.run();
        return content.at();
      } catch (EtcdLink.Unreachable e) {
        wait(attempt, e);
      }
    }
  }

  /// Called by the link, with whole revisions.
  private void hear(List<EtcdLink.Item> items, Runnable poke) {
    try (var _ = monitor.lock()) {
      int i = 0;
      while (i < items.size() && !reload) {
        int next = i;
        while (next < items.size() && items.get(next).modRevision() == items.get(i).modRevision()) {
          next++;
        }
        hear(items.subList(i, next));
        i = next;
      }
      monitor.signalAll();
    } catch (StoreBroken e) {
      breakDown(e);
    }
    poke.run();
  }

  /// Under monitor: the keys of one transaction.
  private void hear(List<EtcdLink.Item> items) {
    var values = new HashMap<String, byte[]>();
    byte[] head = null;
    for (var item : items) {
      byte[] value = item.value();
      if (item.key().equals(headKey)) {
        head = value;
      } else if (value != null && item.key().startsWith(objects)) {
        values.put(item.key().substring(objects.length()), value);
      }
    }
    if (head == null) {
      throw new StoreBroken(
          "somebody else wrote to etcd below "
              + settings.prefix()
              + " ("
              + items.getFirst().key()
              + "): give Nave a prefix of its own, and start again");
    }
    take(EtcdRecord.decode(head), values, items.getFirst().modRevision());
  }

  private void take(EtcdRecord record, Map<String, byte[]> values, long modRevision) {
    var entries = record.entries(values);
    heard.add(new Heard(new News.Written(entries), modRevision));
    heardChanges += entries.size();
    heardRevision = record.revision();
    if (record.writer().equals(writer)) {
      ownNumber = record.number();
    }
    if (heardChanges > NEWS_MAX) {
      heard.clear();
      heardChanges = 0;
      reload = true;
    }
  }

  private void breakDown(StoreBroken fault) {
    LOG.atError().setCause(fault).log("what etcd tells cannot be trusted");
    try (var _ = monitor.lock()) {
      broken = fault.getMessage();
      monitor.signalAll();
    }
  }

  @Override
  public List<News> news() {
    var news = new ArrayList<News>();
    try (var _ = monitor.lock()) {
      if (broken != null) {
        throw new StoreBroken(broken);
      }
      for (var one : heard) {
        news.add(one.news());
        headModRevision = Math.max(headModRevision, one.modRevision());
      }
      heard.clear();
      heardChanges = 0;
    }
    return news;
  }

  /// Lets etcd forget what all hubs had five minutes to hear of. Several hubs do it side by side:
  /// the later one finds it done.
  private void compact() {
    long seen = 0;
    while (true) {
      host.sleep(COMPACT_EVERY);
      try {
        long now = link.range(headKey, headKey + '\0', 1, 0).revision();
        if (seen > 0) {
          link.compact(seen);
        }
        seen = now;
      } catch (Cancelled e) {
        throw e;
      } catch (RuntimeException e) {
        LOG.atDebug().addKeyValue("reason", e.getMessage()).log("nothing to compact");
      }
    }
  }

  @Override
  public void close() {
    try (var _ = monitor.lock()) {
      closed = true;
      monitor.signalAll();
    }
    for (var task : new Task[] {follower, compactor}) {
      if (task != null) {
        task.cancel();
        task.join(CLOSE_WAIT);
      }
    }
    link.close();
  }
}
