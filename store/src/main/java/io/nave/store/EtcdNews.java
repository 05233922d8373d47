package io.nave.store;

import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.store.SharedEngine.News;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one hub heard of the transactions in an etcd and has not taken in yet, and which of its own
/// transactions were among them. Thread-safe: a watch tells it, the writer takes from it.
///
/// Transactions heard one by one come in order, none left out: the store's revisions have no holes,
/// so one that is missing is found when the next one comes. Where they cannot be heard one by one,
/// the state after them stands as one [News.Reset]; that is a gap, in which an own transaction may
/// have been overlooked.
final class EtcdNews {
  private static final Logger LOG = LoggerFactory.getLogger(EtcdNews.class);
  private static final int CHANGES_MAX = 100_000; // heard and not taken in; more are reloaded
  private static final Duration DOUBT_WAIT = Duration.ofSeconds(30);

  /// @param modRevision etcd's revision of the head that these news are about
  record Heard(News news, long modRevision) {}

  private final Host host;
  private final EtcdSettings settings;
  private final String headKey;
  private final String objects; // the prefix of all objects
  private final String writer;
  private final Monitor monitor;
  private final ArrayDeque<Heard> heard = new ArrayDeque<>(); // under monitor
  private int changes; // under monitor: in `heard`
  private long revision; // under monitor: the news up to here have come
  private long ownNumber; // under monitor: of the last own transaction that was heard of
  private long gaps; // under monitor: how often changes were loaded, not heard one by one
  private @Nullable String broken; // under monitor: the news cannot be trusted
  private boolean reload; // under monitor: begin anew
  private boolean closed; // under monitor

  /// @param writer the name of this hub among all that write
  EtcdNews(Host host, EtcdSettings settings, String headKey, String objects, String writer) {
    this.host = host;
    this.settings = settings;
    this.headKey = headKey;
    this.objects = objects;
    this.writer = writer;
    this.monitor = host.monitor();
  }

  // ---- told by the follower

  /// Begins with a state that was loaded.
  ///
  /// @param newest its head; null: nobody ever wrote
  void begin(@Nullable EtcdRecord newest) {
    try (var _ = monitor.lock()) {
      reached(newest);
    }
  }

  /// A state that was loaded because changes can no longer be told one by one. Its revision and the
  /// gap become known at once: between the two a lost transaction would look like one that never
  /// was.
  void reset(News.Reset state, @Nullable EtcdRecord newest, long modRevision) {
    try (var _ = monitor.lock()) {
      gaps++;
      reached(newest);
      heard.clear();
      changes = 0;
      heard.add(new Heard(state, modRevision));
      monitor.signalAll();
    }
  }

  /// Under monitor.
  private void reached(@Nullable EtcdRecord newest) {
    if (newest == null) {
      return;
    }
    revision = Math.max(revision, newest.revision());
    if (newest.writer().equals(writer)) {
      ownNumber = newest.number();
    }
  }

  /// What a watch tells: whole revisions of etcd.
  void hear(List<EtcdLink.Item> items) {
    try (var _ = monitor.lock()) {
      int i = 0;
      while (i < items.size() && !reload) {
        int next = i;
        while (next < items.size() && items.get(next).modRevision() == items.get(i).modRevision()) {
          next++;
        }
        transaction(items.subList(i, next));
        i = next;
      }
      monitor.signalAll();
    } catch (StoreBroken e) {
      breakDown(e);
    }
  }

  /// Under monitor: the keys of one transaction.
  private void transaction(List<EtcdLink.Item> items) {
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
    if (record.revision() <= revision) {
      return; // known from a load
    }
    if (record.firstRevision() > revision + 1) {
      LOG.atWarn()
          .addKeyValue("heard", revision)
          .addKeyValue("next", record.firstRevision())
          .log("the watch of etcd left something out: loading");
      reload = true;
      return;
    }
    var entries = record.entries(values);
    heard.add(new Heard(new News.Written(entries), modRevision));
    changes += entries.size();
    reached(record);
    if (changes > CHANGES_MAX) {
      heard.clear();
      changes = 0;
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

  /// The watch ended: what comes next has to be loaded.
  void interrupt() {
    try (var _ = monitor.lock()) {
      reload = true;
      monitor.signalAll();
    }
  }

  /// What a wait for the end of a watch came to.
  enum Waited {
    /// Nothing ended.
    NO_END,
    /// The watch has to be replaced by a load.
    LOAD,
    /// There is nothing to follow any more: closed, or broken.
    OVER
  }

  /// Waits until a watch has to be replaced by a load, at most so long.
  Waited untilInterrupted(Duration atMost) {
    long deadline = host.nanoTime() + atMost.toNanos();
    try (var _ = monitor.lock()) {
      while (!closed && broken == null && !reload) {
        var left = Duration.ofNanos(deadline - host.nanoTime());
        if (!left.isPositive()) {
          return Waited.NO_END;
        }
        monitor.await(left);
      }
      reload = false;
      return closed || broken != null ? Waited.OVER : Waited.LOAD;
    }
  }

  /// The revision up to which all was heard of.
  long revision() {
    try (var _ = monitor.lock()) {
      return revision;
    }
  }

  void close() {
    try (var _ = monitor.lock()) {
      closed = true;
      monitor.signalAll();
    }
  }

  // ---- asked by the writer

  boolean closed() {
    try (var _ = monitor.lock()) {
      return closed;
    }
  }

  long gaps() {
    try (var _ = monitor.lock()) {
      return gaps;
    }
  }

  /// Whether an own transaction is among those up to a revision; waits for these to be heard of.
  ///
  /// @param number the transaction's, the newest of this writer
  /// @param gapsBefore when it was sent: what was not heard since cannot be told
  /// @throws StoreUnreachable when nobody can tell
  boolean appeared(long number, long upTo, long gapsBefore) {
    long deadline = host.nanoTime() + DOUBT_WAIT.toNanos();
    try (var _ = monitor.lock()) {
      while (revision < upTo) {
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

  /// Takes what was heard.
  ///
  /// @throws StoreBroken when what was heard cannot be trusted
  List<Heard> drain() {
    try (var _ = monitor.lock()) {
      if (broken != null) {
        throw new StoreBroken(broken);
      }
      var all = List.copyOf(heard);
      heard.clear();
      changes = 0;
      return all;
    }
  }
}
