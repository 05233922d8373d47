package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.store.Scope;
import io.nave.store.Store;
import io.nave.store.StoreKey;
import io.nave.store.TooOld;
import io.nave.store.View;
import io.nave.store.WatchFeed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A bucket as it was at a revision, as far back as the store remembers changes: the present state
/// with what has happened since undone.
final class PastView implements View {
  /// Most changes undone; a list that was overtaken by more is begun anew.
  private static final int UNDONE_MAX = 100_000;

  private final View present;
  private final long revision;
  private final String bucket;
  private final Map<StoreKey, Optional<ApiObject>> before;

  private PastView(
      View present, long revision, String bucket, Map<StoreKey, Optional<ApiObject>> before) {
    this.present = present;
    this.revision = revision;
    this.bucket = bucket;
    this.before = before;
  }

  /// @param namespace what it will be asked for; all of them when empty
  /// @throws ApiError Expired when the changes since are no longer held
  static View at(Store store, View present, ServedType served, String namespace, long revision) {
    if (revision == present.revision()) {
      return present;
    }
    var before = new TreeMap<StoreKey, Optional<ApiObject>>();
    var scope = Scope.namespace(served.bucket(), namespace);
    try (var feed = store.watch(scope, revision, UNDONE_MAX)) {
      var change = feed.next(Duration.ZERO);
      while (change != null && change.revision() <= present.revision()) {
        var object = change.after();
        before.putIfAbsent(
            new StoreKey(served.bucket(), object.namespace(), object.name()),
            Optional.ofNullable(change.before()));
        if (before.size() > UNDONE_MAX) {
          throw tooOld(revision, present);
        }
        change = feed.next(Duration.ZERO);
      }
      if (feed.ended() != WatchFeed.Ended.NO) {
        throw tooOld(revision, present);
      }
    } catch (TooOld e) {
      throw tooOld(revision, present);
    }
    return new PastView(present, revision, served.bucket(), before);
  }

  private static ApiError tooOld(long revision, View present) {
    return ApiError.expired(
        "The resourceVersion for the provided list is too old: revision "
            + revision
            + " is no longer held, the present one is "
            + present.revision());
  }

  @Override
  public long revision() {
    return revision;
  }

  @Override
  public Optional<ApiObject> get(StoreKey key) {
    var undone = before.get(key);
    return undone != null ? undone : present.get(key);
  }

  @Override
  public List<ApiObject> list(String of, String namespace) {
    return list(of, namespace, null, Integer.MAX_VALUE);
  }

  @Override
  public List<ApiObject> list(String of, String namespace, @Nullable StoreKey after, int limit) {
    var all = new TreeMap<StoreKey, ApiObject>();
    for (var object : present.list(of, namespace, after, Integer.MAX_VALUE)) {
      all.put(new StoreKey(of, object.namespace(), object.name()), object);
    }
    before.forEach((key, object) -> {
      if ((after == null || key.compareTo(after) > 0)
          && (namespace.isEmpty() || key.namespace().equals(namespace))) {
        object.ifPresentOrElse(was -> all.put(key, was), () -> all.remove(key));
      }
    });
    return all.values().stream().limit(limit).toList();
  }

  @Override
  public int count(String of, String namespace) {
    return list(of, namespace).size();
  }

  @Override
  public Set<String> buckets() {
    return Set.of(bucket);
  }
}
