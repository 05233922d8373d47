package io.nave.store;

import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final Duration COMPACT_EVERY = Duration.ofMinutes(5); // as kube-apiserver does
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5); // whether the watch is awake

  private final Host host;
  private final EtcdLink link;
  private final EtcdSettings settings;
  private final String headKey;
  private final String objects; // the prefix of all objects
  private final String writer; // the name of this one among all
  private final EtcdNews news;
  private long number; // writer task only: of the last transaction
  private long headModRevision; // writer task only: of the head that the store's state is
  private long loadedAt; // etcd's revision of the first load; set before the follower starts
  private @Nullable Task follower;
  private @Nullable Task compactor;

  EtcdEngine(Host host, EtcdLink link, EtcdSettings settings) {
    this.host = host;
    this.link = link;
    this.settings = settings;
    this.headKey = settings.prefix() + "/head";
    this.objects = settings.prefix() + "/o/";
    this.writer = Long.toHexString(host.secureRandom().nextLong());
    this.news = new EtcdNews(host, settings, headKey, objects, writer);
  }

  /// Connects to an etcd.
  ///
  /// @throws StoreBroken when the settings cannot be used
  public static EtcdEngine open(Host host, EtcdSettings settings) {
    return new EtcdEngine(host, JetcdLink.open(settings), settings);
  }

  @Override
  public long load(Sink each) {
    try {
      var content = read(each);
      headModRevision = content.headModRevision();
      loadedAt = content.at();
      news.begin(content.newest());
      return content.revision();
    } catch (EtcdLink.Unreachable e) {
      throw unreachable(e);
    }
  }

  /// @param at etcd's revision
  /// @param newest what the head said; null: nobody ever wrote
  private record Content(long at, long headModRevision, @Nullable EtcdRecord newest) {
    /// The store's.
    long revision() {
      return newest == null ? 0 : newest.revision();
    }
  }

  /// Everything as of one revision of etcd.
  private Content read(Sink each) {
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
          each.add(EtcdRecord.key(item.key().substring(objects.length())), value, 0);
        }
      }
      more = some.more();
      from = more ? some.items().getLast().key() + '\0' : from;
    }
    byte[] value = head == null ? null : head.value();
    var newest = value == null ? null : EtcdRecord.decode(value);
    return new Content(at, head == null ? 0 : head.modRevision(), newest);
  }

  @Override
  public void write(List<Entry> entries) {
    for (var some : EtcdChunks.of(entries, settings)) {
      transact(some);
    }
  }

  private void transact(List<Entry> entries) {
    number++;
    long gapsBefore = news.gaps();
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

  /// The head is another one: by others, or by this very transaction when its answer was lost. That
  /// can be so at the first attempt too, as the client below tries again by itself.
  private void settle(EtcdLink.Swapped swapped, long gapsBefore) {
    var head = swapped.head();
    byte[] value = head == null ? null : head.value();
    long revision = value == null ? 0 : EtcdRecord.decode(value).revision();
    if (!news.appeared(number, revision, gapsBefore)) {
      throw new Behind(revision);
    }
  }

  private void wait(int attempt, EtcdLink.Unreachable e) {
    if (attempt % 50 == 0) { // now and every ten seconds and more
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("etcd does not answer: trying again");
    }
    if (news.closed()) {
      throw unreachable(e);
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

  /// Watches from what was loaded, and loads anew whenever a watch cannot go on, or does not tell
  /// what has happened: a client library may lose an answer that comes while a watch is being made.
  private void listen(Runnable poke) {
    long from = loadedAt + 1;
    while (true) {
      try (var _ =
          link.watch(settings.prefix() + "/", from, items -> hear(items, poke), this::end)) {
        if (!untilLoadIsDue()) {
          return;
        }
      } catch (EtcdLink.Unreachable e) {
        end(new EtcdLink.Failure(false, String.valueOf(e.getMessage())));
      }
      from = reloaded(poke) + 1;
    }
  }

  /// @return false when there is nothing to follow any more
  private boolean untilLoadIsDue() {
    long due = 0; // what stood in etcd when it was looked at last
    while (true) {
      switch (news.untilInterrupted(LOOK_EVERY)) {
        case LOAD -> {
          return true;
        }
        case OVER -> {
          return false;
        }
        case NO_END -> {
          if (news.revision() < due) {
            LOG.atWarn()
                .addKeyValue("heard", news.revision())
                .addKeyValue("due", due)
                .log("the watch of etcd does not tell what has happened: loading");
            return true;
          }
          due = headOr(due);
        }
      }
    }
  }

  private long headOr(long unreachable) {
    try {
      return head();
    } catch (StoreUnreachable e) {
      return unreachable;
    }
  }

  /// Called by the link.
  private void hear(List<EtcdLink.Item> items, Runnable poke) {
    news.hear(items);
    poke.run();
  }

  private void end(EtcdLink.Failure failure) {
    LOG.atWarn().addKeyValue("reason", failure.message()).log("the watch of etcd ended: loading");
    news.interrupt();
  }

  private long reloaded(Runnable poke) {
    for (int attempt = 0; ; attempt++) {
      try {
        var now = new HashMap<StoreKey, byte[]>();
        var content = read((key, bytes, _) -> now.put(key, bytes));
        news.reset(
            new News.Reset(now, content.revision()), content.newest(), content.headModRevision());
        poke.run();
        return content.at();
      } catch (EtcdLink.Unreachable e) {
        wait(attempt, e);
      }
    }
  }

  @Override
  public List<News> news() {
    var all = new ArrayList<News>();
    for (var one : news.drain()) {
      all.add(one.news());
      headModRevision = Math.max(headModRevision, one.modRevision());
    }
    return all;
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
    news.close();
    for (var task : new Task[] {follower, compactor}) {
      if (task != null) {
        task.cancel();
        task.join(CLOSE_WAIT);
      }
    }
    link.close();
  }
}
