package io.nave.store;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The few things the store asks of an etcd. Revisions here are etcd's own.
interface EtcdLink extends AutoCloseable {
  /// A key as it was at one revision; a null value: it was removed.
  record Item(String key, byte @Nullable [] value, long modRevision) {}

  /// @param revision at which etcd answered
  record Page(List<Item> items, boolean more, long revision) {}

  /// @param head what stands there when it was not done; null when it is absent
  record Swapped(boolean done, long revision, @Nullable Item head) {}

  /// Changes to write with the head: null values remove.
  record Put(String key, byte @Nullable [] value) {}

  /// The keys from `from` up to but without `end`, in order.
  ///
  /// @param revision as of this one; 0: the newest, asked of a majority
  Page range(String from, String end, int limit, long revision);

  /// Writes all, in one transaction, if the head was last changed at `headModRevision` (0: absent).
  ///
  /// @throws Unreachable when it may or may not have happened
  /// @throws StoreFull when etcd has no room or the request is too large
  Swapped swap(Put head, long headModRevision, List<Put> others);

  /// Tells everything that happens to keys with the prefix from a revision on, in order and a
  /// revision at a time or several whole ones. Goes on by itself over lost connections.
  ///
  /// @param failed told once when it cannot go on
  /// @throws Unreachable when it cannot even begin
  Watching watch(String prefix, long from, Consumer<List<Item>> each, Consumer<Failure> failed);

  /// Lets etcd forget what was before a revision.
  void compact(long revision);

  @Override
  void close();

  /// A watch that is open.
  interface Watching extends AutoCloseable {
    @Override
    void close();
  }

  /// Why a watch ended: whether what it was to tell is no longer there.
  record Failure(boolean compacted, String message) {}

  /// No answer, so nobody knows whether it was done.
  final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
