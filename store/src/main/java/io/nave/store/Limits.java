package io.nave.store;

/// How much an [EmbeddedStore] holds before it refuses or forgets.
///
/// @param bytesMax stored bytes (keys and encoded objects) above which growing commits are refused
///   with [StoreFull]; setting `store.bytes.max`
/// @param queueMax commits waiting for the writer; further callers wait for room
/// @param batchMax commits written with one sync
/// @param historyEventsMax past changes kept for watches to resume from
/// @param historyBytesMax encoded bytes of those changes
/// @param roomMin free bytes on the disk below which growing commits are refused, until a quarter
///   more than that is free again; what is left keeps deletes and checkpoints going
public record Limits(
    long bytesMax,
    int queueMax,
    int batchMax,
    int historyEventsMax,
    long historyBytesMax,
    long roomMin) {
  private static final long MIB = 1024 * 1024;

  public Limits {
    atLeastOne("bytesMax", bytesMax);
    atLeastOne("queueMax", queueMax);
    atLeastOne("batchMax", batchMax);
    atLeastOne("historyEventsMax", historyEventsMax);
    atLeastOne("historyBytesMax", historyBytesMax);
    atLeastOne("roomMin", roomMin);
  }

  /// 4 GiB of objects; two batches of 512 in the queue; 100,000 changes or 64 MiB of history; 64
  /// MiB of free disk, twice the largest log that the default engine keeps.
  public static Limits defaults() {
    return new Limits(4096 * MIB, 1024, 512, 100_000, 64 * MIB, 64 * MIB);
  }

  public Limits withBytesMax(long bytes) {
    return new Limits(bytes, queueMax, batchMax, historyEventsMax, historyBytesMax, roomMin);
  }

  public Limits withHistory(int events, long bytes) {
    return new Limits(bytesMax, queueMax, batchMax, events, bytes, roomMin);
  }

  public Limits withRoomMin(long bytes) {
    return new Limits(bytesMax, queueMax, batchMax, historyEventsMax, historyBytesMax, bytes);
  }

  /// What commits that only take things away may use above [#bytesMax]: setting a deletion time
  /// makes an object a little larger before its finalizers let it go.
  long bytesMaxForDeleting() {
    return bytesMax + bytesMax / 16;
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
  }
}
