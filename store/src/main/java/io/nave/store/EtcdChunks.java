package io.nave.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Splits what is to be written into transactions that etcd takes.
final class EtcdChunks {
  private EtcdChunks() {}

  /// The entries in order, in as few pieces as the bounds allow.
  static List<List<Engine.Entry>> of(List<Engine.Entry> entries, EtcdSettings settings) {
    var chunks = new ArrayList<List<Engine.Entry>>();
    var chunk = new ArrayList<Engine.Entry>();
    var keys = new HashSet<StoreKey>();
    long bytes = 0;
    for (var entry : entries) {
      long more = cost(entry);
      var full =
          bytes + more > settings.requestBytesMax()
              // One operation is the head's.
              || (keys.size() >= settings.operationsMax() - 1 && !keys.contains(entry.key()));
      if (full && !chunk.isEmpty()) {
        chunks.add(List.copyOf(chunk));
        chunk.clear();
        keys.clear();
        bytes = 0;
      }
      chunk.add(entry);
      keys.add(entry.key());
      bytes += more;
    }
    chunks.add(List.copyOf(chunk));
    return chunks;
  }

  /// The value, or a removed state in base64, and the key in both of its places.
  private static long cost(Engine.Entry entry) {
    byte[] bytes = entry.bytes();
    byte[] last = entry.last();
    long value = bytes != null ? bytes.length : last != null ? last.length * 4L / 3 : 0;
    return value + 2L * EtcdRecord.place(entry.key()).length() + 64;
  }
}
