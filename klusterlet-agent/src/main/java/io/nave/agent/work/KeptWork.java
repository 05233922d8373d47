package io.nave.agent.work;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.work.ManifestWork;
import io.nave.work.WorkSequence;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A work in memory, as the bytes of its file: its trees would take ten to twenty times the room,
/// and a settled work is looked at every few minutes. While somebody uses what was read, it is
/// shared.
final class KeptWork {
  /// What tells one state of a work from another, without its trees.
  private record Mark(String uid, long generation, long sequence, boolean deleting) {
    static Mark of(ApiObject work) {
      return new Mark(work.uid(), work.generation(), WorkSequence.of(work), work.deleting());
    }
  }

  private final byte[] file;
  private final Mark mark;
  private final boolean applied;
  private volatile WeakReference<SavedWork> read; // a race reads twice, harmlessly

  private KeptWork(byte[] file, SavedWork saved) {
    this.file = file;
    this.mark = Mark.of(saved.work());
    this.applied = isApplied(saved.work());
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

  private static boolean isApplied(ApiObject work) {
    return Condition.find(HubReport.status(work).conditions(), ManifestWork.APPLIED)
        .filter(c -> c.isTrue() && Long.valueOf(work.generation()).equals(c.observedGeneration()))
        .isPresent();
  }

  /// Whether all of it was applied when this agent last looked.
  boolean settled() {
    return applied && !mark.deleting();
  }

  /// Whether `other` is the work in the state that is kept here.
  boolean isStateOf(ApiObject other) {
    return mark.equals(Mark.of(other));
  }

  /// Whether it is kept in the same bytes.
  boolean isSame(@Nullable KeptWork other) {
    return other != null && Arrays.equals(file, other.file);
  }

  byte[] file() {
    return file;
  }
}
