package io.nave.store;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What makes commits durable under an embedded store. Called by the writer task only.
///
/// An engine knows nothing of revisions or watches: it keeps the latest bytes of each key, and the
/// revision they belong to.
public interface Engine extends AutoCloseable {
  /// One key's new bytes, or null to remove it.
  record Entry(StoreKey key, byte @Nullable [] bytes, long revision) {}

  /// Hands every stored key to `each`, in any order; called once, before the first write.
  ///
  /// @return the highest revision ever written, deletes included; 0 for a new engine
  /// @throws RuntimeException naming the file and the fault when the content cannot be trusted
  long load(BiConsumer<StoreKey, byte[]> each);

  /// Makes the entries durable, all or none, before it returns.
  ///
  /// @throws StoreFull when there is no room; nothing was written
  void write(List<Entry> entries);

  @Override
  void close();
}
