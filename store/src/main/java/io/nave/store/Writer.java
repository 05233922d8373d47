package io.nave.store;

import io.nave.api.ApiObject;
import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import io.nave.store.Store.Change;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one task that orders commits: takes what is queued, writes it with one sync, then shows it
/// to readers and watchers, then answers. Whatever ends it, every caller gets an answer.
final class Writer {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

  /// What became of a commit.
  sealed interface Answer {
    record Done(List<ApiObject> objects) implements Answer {}

    record Refused(RuntimeException reason) implements Answer {}
  }

  /// A commit in the queue and where its caller waits.
  private record Commit(List<Change> changes, Mailbox<Answer> answer) {}

  private final Host host;
  private final Engine engine;
  private final Limits limits;
  private final History history;
  private final StoreMetrics metrics;
  private final Mailbox<Commit> queue;
  private volatile Snapshot published; // written by the writer task
  private volatile @Nullable String stopped; // why no more commits are taken

  Writer(
      Host host,
      Engine engine,
      Limits limits,
      History history,
      StoreMetrics metrics,
      Snapshot loaded) {
    this.host = host;
    this.engine = engine;
    this.limits = limits;
    this.history = history;
    this.metrics = metrics;
    this.queue = host.mailbox(limits.queueMax());
    this.published = loaded;
  }

  Snapshot published() {
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
      var commits = queue.takeAll(limits.batchMax());
      while (!commits.isEmpty()) {
        write(commits);
        commits = queue.takeAll(limits.batchMax());
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

  private void write(List<Commit> commits) {
    var batch = new Batch(published, limits);
    var answers = new ArrayList<Answer>(commits.size());
    for (var commit : commits) {
      answers.add(take(batch, commit));
    }
    if (!batch.applied().isEmpty()) {
      try {
        engine.write(batch.applied().stream().map(Batch.Applied::entry).toList());
      } catch (StoreFull full) {
        retryAlone(commits, full);
        return;
      } catch (RuntimeException | Error e) {
        refuse(commits, e);
        throw e;
      }
      publish(batch);
    }
    for (int i = 0; i < answers.size(); i++) {
      commits.get(i).answer().offer(answers.get(i));
    }
    history.announce();
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
  }

  /// Deletes must pass on a full disk, so no commit may fail for another's size.
  private void retryAlone(List<Commit> commits, StoreFull full) {
    if (commits.size() == 1) {
      refuse(commits, full);
      return;
    }
    for (var commit : commits) {
      write(List.of(commit));
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
      refuse(queue.takeAll(limits.batchMax()), closed());
    }
    history.close();
    engine.close();
  }
}
