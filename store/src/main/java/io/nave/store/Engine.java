package io.nave.store;

import io.nave.api.ApiObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What makes commits durable under an embedded store. Called by the writer task only.
///
/// An engine knows nothing of watches: it keeps the latest bytes of each key, and the revision they
/// belong to. One that other processes write to as well is a [SharedEngine].
public interface Engine extends AutoCloseable {
  /// One key's new bytes, or null to remove it.
  ///
  /// @param last of a removal: the state that watchers are shown; engines of one process ignore it
  record Entry(StoreKey key, byte @Nullable [] bytes, long revision, byte @Nullable [] last) {
    public Entry(StoreKey key, byte @Nullable [] bytes, long revision) {
      this(key, bytes, revision, null);
    }
  }

  /// Is handed what an engine holds.
  @FunctionalInterface
  interface Sink {
    /// Takes one object.
    ///
    /// @param revision that it was written at, from an engine that keeps it beside the bytes and
    ///   vouches for both; 0 from one that does not, so that it stands in the bytes alone
    void add(StoreKey key, byte[] bytes, long revision);

    /// As [#add], of bytes that are made only when they are needed.
    default void addPacked(StoreKey key, ApiObject.Packed packed, long revision) {
      add(key, packed.bytes(), revision);
    }

    /// Takes what the engine remembers of what was removed. One that does not call this remembers
    /// nothing, and no watch goes on over a restart.
    default void removals(Removals known) {}
  }

  /// When something was removed last.
  @FunctionalInterface
  interface Removals {
    /// @param namespace empty for all of the bucket, and for buckets without namespaces
    /// @return a revision not below that of the newest removal there; 0: there never was one
    long newest(String bucket, String namespace);
  }

  /// Hands every stored key to `each`, in any order; called once, before the first write.
  ///
  /// @return the highest revision ever written, deletes included; 0 for a new engine
  /// @throws RuntimeException naming the file and the fault when the content cannot be trusted
  long load(Sink each);

  /// Makes the entries durable, all or none, before it returns.
  ///
  /// @throws StoreFull when there is no room; nothing was written
  void write(List<Entry> entries);

  /// Bytes that can still be written, as far as the engine knows. Cheap enough for once a second.
  default long room() {
    return Long.MAX_VALUE;
  }

  @Override
  void close();
}
