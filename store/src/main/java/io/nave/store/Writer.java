package io.nave.store;

import io.nave.api.ApiObject;
import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import io.nave.runtime.Monitor;
import io.nave.store.Store.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one task that orders commits: takes what is queued, writes it with one sync, then shows it
/// to readers and watchers, then answers. Whatever ends it, every caller gets an answer.
///
/// Over a [SharedEngine] it also takes in what other processes committed, and prepares its commits
/// anew when one of them was quicker.
final class Writer {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final Duration ROOM_EVERY = Duration.ofSeconds(1);
  private static final Duration NEWS_WAIT = Duration.ofMillis(1);
  private static final int NEWS_WAITS_MAX = 5_000; // 5 s: a store that is closing waits no longer

  /// What became of a commit.
  sealed interface Answer {
    record Done(List<ApiObject> objects) implements Answer {}

    record Refused(RuntimeException reason) implements Answer {}
  }

  private sealed interface Item {}

  /// A commit in the queue and where its caller waits.
  private record Commit(List<Change> changes, Mailbox<Answer> answer) implements Item {}

  /// There are news; nothing is lost when this finds the queue full, as news are heard anyway then.
  private record Poke() implements Item {}

  private final Host host;
  private final Engine engine;
  private final Limits limits;
  private final Sealer sealer;
  private final History history;
  private final StoreMetrics metrics;
  private final Mailbox<Item> queue;
  private final Monitor progress; // signalled when `published` moved or the writer stopped
  private long roomDue; // writer task only
  private boolean readOnly; // writer task only
  private volatile Snapshot published; // written by the writer task
  private volatile @Nullable String stopped; // why no more commits are taken

  Writer(
      Host host,
      Engine engine,
      Limits limits,
      Sealer sealer,
      History history,
      StoreMetrics metrics,
      Snapshot loaded) {
    this.host = host;
    this.engine = engine;
    this.limits = limits;
    this.sealer = sealer;
    this.history = history;
    this.metrics = metrics;
    this.queue = host.mailbox(limits.queueMax());
    this.progress = host.monitor();
    this.published = loaded;
    this.roomDue = host.nanoTime();
  }

  Snapshot published() {
    return published;
  }

  /// The state once it holds everything up to `revision`.
  ///
  /// @throws StoreClosed when the writer stops before
  Snapshot publishedAt(long revision) {
    if (published.revision() < revision) {
      try (var _ = progress.lock()) {
        while (published.revision() < revision) {
          if (stopped != null) {
            throw closed();
          }
          progress.await();
        }
      }
    }
    return published;
  }

  /// Queues a commit and waits for its answer.
  Answer commit(List<Change> changes) {
    var commit = new Commit(changes, host.mailbox(1));
    if (!queue.put(commit)) {
      return new Answer.Refused(closed());
    }
    var answer = commit.answer().take();
    return answer == null ? new Answer.Refused(closed()) : answer;
  }

  /// The engine has news.
  void poke() {
    queue.offer(new Poke());
  }

  /// Takes no more commits; those that are queued are still written.
  void close() {
    queue.close();
  }

  int queued() {
    return queue.size();
  }

  StoreClosed closed() {
    var why = stopped;
    return new StoreClosed(why == null ? "the store is closed" : why);
  }

  boolean isClosed() {
    return stopped != null;
  }

  /// The body of the writer task; ends when the queue is closed and empty, or on a failure.
  void run() {
    var why = "the store's writer stopped on an error of the program";
    try {
      var items = queue.takeAll(limits.batchMax());
      while (!items.isEmpty()) {
        handle(commits(items));
        items = queue.takeAll(limits.batchMax());
      }
      why = "the store is closed";
    } catch (Cancelled e) {
      why = "the store's writer was cancelled";
      throw e;
    } catch (RuntimeException e) {
      why = "the store's writer stopped: " + e.getMessage();
      LOG.atError().setCause(e).log("the store takes no more commits");
    } finally {
      shutDown(why);
    }
  }

  private static List<Commit> commits(List<Item> items) {
    var commits = new ArrayList<Commit>(items.size());
    for (var item : items) {
      if (item instanceof Commit commit) {
        commits.add(commit);
      }
    }
    return commits;
  }

  private void handle(List<Commit> commits) {
    var waiting = commits;
    try {
      published = history.labels().sorted(published);
      hear();
      lookForRoom();
      while (!waiting.isEmpty()) {
        waiting = write(waiting);
      }
    } catch (StoreUnreachable e) {
      refuse(waiting, e); // others may find it reachable again
    } catch (RuntimeException | Error e) {
      refuse(waiting, e);
      throw e;
    }
    history.announce();
  }

  /// @return the commits that are to be written once more, because others were quicker
  private List<Commit> write(List<Commit> commits) {
    var batch = new Batch(published, limits, readOnly);
    var answers = new ArrayList<Answer>(commits.size());
    for (var commit : commits) {
      answers.add(take(batch, commit));
    }
    long newest = newest(answers);
    if (newest > published.revision()) {
      return caughtUp(newest, commits);
    }
    if (!batch.applied().isEmpty()) {
      try {
        engine.write(batch.applied().stream().map(applied -> applied.entry(sealer)).toList());
      } catch (StoreFull full) {
        retryAlone(commits, full);
        return List.of();
      } catch (SharedEngine.Behind behind) {
        return caughtUp(behind.revision, commits);
      }
      publish(batch);
    }
    for (int i = 0; i < answers.size(); i++) {
      commits.get(i).answer().offer(answers.get(i));
    }
    return List.of();
  }

  /// The revision of the newest state where a refusal may be owed to an older one: one that others
  /// have left behind. 0 where nothing was refused, or nobody else writes.
  private long newest(List<Answer> answers) {
    return engine instanceof SharedEngine shared && answers.stream().anyMatch(Writer::conflicts)
        ? shared.head()
        : 0;
  }

  private static boolean conflicts(Answer answer) {
    return answer instanceof Answer.Refused(var reason) && reason instanceof Conflict;
  }

  private static Answer take(Batch batch, Commit commit) {
    try {
      return new Answer.Done(batch.take(commit.changes()));
    } catch (RuntimeException e) {
      return new Answer.Refused(e);
    }
  }

  /// The view before the events: who sees an event finds its state in the view.
  private void publish(Batch batch) {
    published = batch.state();
    history.append(batch.applied());
    metrics.batch(batch.applied().size());
    try (var _ = progress.lock()) {
      progress.signalAll();
    }
  }

  /// Deletes must pass on a full disk, so no commit may fail for another's size.
  private void retryAlone(List<Commit> commits, StoreFull full) {
    if (commits.size() == 1) {
      refuse(commits, full);
      return;
    }
    for (var commit : commits) {
      var waiting = List.of(commit);
      while (!waiting.isEmpty()) {
        waiting = write(waiting);
      }
    }
  }

  /// Takes in what other processes wrote.
  private void hear() {
    if (engine instanceof SharedEngine shared) {
      for (var news : shared.news()) {
        switch (news) {
          case SharedEngine.News.Written(var entries) -> hear(entries);
          case SharedEngine.News.Reset reset -> reset(reset);
        }
      }
    }
  }

  private void hear(List<Engine.Entry> entries) {
    var batch = new Batch(published, limits, readOnly);
    for (var entry : entries) {
      if (entry.revision() > published.revision()) { // else an own write, known already
        batch.heard(entry, sealer);
      }
    }
    if (!batch.applied().isEmpty()) {
      publish(batch);
    }
  }

  /// The changes up to there cannot be told any more: who follows them has to begin anew.
  private void reset(SharedEngine.News.Reset reset) {
    if (reset.revision() <= published.revision()) {
      return;
    }
    var loaded = new Loading(sealer).load(reset.objects(), reset.revision());
    published = history.labels().sortedAnew(loaded);
    history.restart(reset.revision());
    try (var _ = progress.lock()) {
      progress.signalAll();
    }
  }

  /// Takes in what others wrote up to a revision, and further commits meanwhile.
  ///
  /// @return all that are to be written now
  private List<Commit> caughtUp(long revision, List<Commit> commits) {
    var all = new ArrayList<>(commits);
    try {
      hear();
      for (int waits = 0; published.revision() < revision; waits++) {
        if (queue.ended()) {
          if (waits > NEWS_WAITS_MAX) {
            throw new StoreClosed("the store is closed");
          }
          host.sleep(NEWS_WAIT);
        } else {
          all.addAll(commits(queue.takeAll(limits.batchMax())));
        }
        hear();
      }
    } catch (RuntimeException e) {
      refuse(all, e);
      throw e;
    }
    return all;
  }

  /// With little room left on the disk only deletes pass, so that there is always room for them.
  private void lookForRoom() {
    long now = host.nanoTime();
    if (now < roomDue) {
      return;
    }
    roomDue = now + ROOM_EVERY.toNanos();
    long room = engine.room();
    var next = room < (readOnly ? limits.roomMin() + limits.roomMin() / 4 : limits.roomMin());
    if (next != readOnly) {
      readOnly = next;
      metrics.readOnly(next);
      LOG.atWarn()
          .addKeyValue("free_bytes", room)
          .addKeyValue("free_bytes_min", limits.roomMin())
          .log(next ? "the disk is nearly full: only deletes pass" : "there is room again");
    }
  }

  private void refuse(List<Commit> commits, Throwable reason) {
    var refused =
        reason instanceof RuntimeException e && !(e instanceof Cancelled)
            ? e
            : new StoreClosed("the store's writer stopped: " + reason.getMessage());
    for (var commit : commits) {
      commit.answer().offer(new Answer.Refused(refused));
    }
  }

  private void shutDown(String why) {
    stopped = why;
    queue.close();
    while (!queue.ended()) {
      refuse(commits(queue.takeAll(limits.batchMax())), closed());
    }
    history.close();
    engine.close();
    try (var _ = progress.lock()) {
      progress.signalAll();
    }
  }
}
