package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.runtime.Host;
import io.nave.store.Conflict;
import io.nave.store.Store;
import io.nave.store.StoreClosed;
import io.nave.store.StoreFull;
import io.nave.store.StoreUnreachable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Prepares writes and commits them, again and again while others are quicker. Thread-safe.
///
/// A write is prepared on a view and committed on condition that nothing it touches has changed
/// since; when something has, it is prepared again on the new state. A write that names a
/// `resourceVersion` is then refused by that very preparation, so only those that leave it open are
/// really retried.
final class Commits {
  /// Preparations of one write before the caller is told to come again.
  private static final int ATTEMPTS_MAX = 5;

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(2);

  private final Host host;
  private final Store store;
  private final Reads reads;
  private final Quotas quotas;
  private final Map<String, Runnable> committed = new ConcurrentHashMap<>();

  Commits(Host host, Store store, Reads reads) {
    this.host = host;
    this.store = store;
    this.reads = reads;
    this.quotas = new Quotas(host, store);
  }

  /// Has this run by whoever wrote to a bucket, once that is committed and before the answer.
  void onCommit(String bucket, Runnable listener) {
    committed.put(bucket, listener);
  }

  /// An object as prepared or stored, and the version it is to be shown in.
  record Result(ServedType served, ApiObject object) {
    Result storedBy(Draft draft) {
      var stored = draft.result(served.storeKey(object.key()), object);
      return new Result(served, served.shown(stored));
    }
  }

  record Results(List<@Nullable Result> results, List<String> warnings, boolean created) {}

  /// @param prepare called once for each attempt
  Results write(
      Caller caller, Api.Options options, Function<Draft, List<@Nullable Result>> prepare) {
    for (var attempt = 1; ; attempt++) {
      var draft = new Draft(store.view(), caller, options, host.now());
      List<@Nullable Result> prepared;
      try {
        prepared = prepare.apply(draft);
      } catch (ApiError e) {
        if (attempt == 1 && reads.latest().revision() > draft.revision()) {
          continue; // refused on a state that was not the newest, perhaps wrongly
        }
        throw e;
      }
      try {
        return stored(commit(draft), prepared);
      } catch (Conflict e) {
        if (attempt == ATTEMPTS_MAX) {
          throw conflict(prepared, e);
        }
        host.sleep(BETWEEN_ATTEMPTS.multipliedBy(attempt));
      } catch (StoreFull e) {
        throw Conflicts.full(e);
      } catch (StoreUnreachable | StoreClosed e) {
        throw Conflicts.unavailable(e);
      }
    }
  }

  /// @return the draft as it was committed
  private Draft commit(Draft draft) {
    if (draft.unchanged()) {
      return draft;
    }
    var done = draft;
    if (quotas.concern(draft)) {
      done = quotas.commit(draft);
    } else if (!draft.options().dryRun()) {
      draft.commit(store);
    }
    if (!draft.options().dryRun()) {
      committed.forEach((bucket, listener) -> {
        if (draft.touches(bucket)) {
          listener.run();
        }
      });
    }
    return done;
  }

  /// Every attempt met another writer.
  private static ApiError conflict(List<@Nullable Result> prepared, Conflict last) {
    for (var result : prepared) {
      if (result != null) {
        return Conflicts.modified(result.served().type(), result.object().name());
      }
    }
    throw last;
  }

  private static Results stored(Draft draft, List<@Nullable Result> prepared) {
    var results = new ArrayList<@Nullable Result>();
    for (var result : prepared) {
      results.add(result == null ? null : result.storedBy(draft));
    }
    return new Results(results, draft.warnings(), draft.created());
  }
}
