package io.nave.agent.work;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A work in memory, as the bytes of its file: its trees would take ten to twenty times the room,
/// and a settled work is looked at every few minutes. While somebody uses what was read, it is
/// shared.
final class KeptWork {
  private final byte[] file;
  private volatile WeakReference<SavedWork> read; // a race reads twice, harmlessly

  private KeptWork(byte[] file, SavedWork saved) {
    this.file = file;
    this.read = new WeakReference<>(saved);
  }

  static KeptWork of(SavedWork saved) {
    return new KeptWork(WorkFile.encode(saved), saved);
  }

  /// @throws WorkFile.Damaged when the bytes are not what was written
  static KeptWork read(byte[] file) {
    return new KeptWork(file, WorkFile.decode(file));
  }

  SavedWork saved() {
    var known = read.get();
    if (known == null) {
      known = WorkFile.decode(file);
      read = new WeakReference<>(known);
    }
    return known;
  }

  /// Whether it is kept in the same bytes.
  boolean isSame(@Nullable KeptWork other) {
    return other != null && Arrays.equals(file, other.file);
  }

  byte[] file() {
    return file;
  }
}
