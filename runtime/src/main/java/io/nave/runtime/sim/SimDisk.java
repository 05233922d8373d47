package io.nave.runtime.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nave.runtime.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The files of a simulated host, in memory. A write takes virtual time; a crash meanwhile leaves
/// the old bytes or the new ones, as the seed says. It can be told to fail as disks do.
///
/// The driver's writes are done at once.
public final class SimDisk implements Disk {
  private static final String LOCK_FILE = "lock";
  private static final String PID = "1";

  private final SimHost host;
  private final Baton baton;
  private final RandomGenerator random;
  private final TreeMap<Path, byte[]> files = new TreeMap<>();
  private final List<Change> underWay = new ArrayList<>();
  private final ArrayDeque<Change> lies = new ArrayDeque<>(); // their `bytes` are the old ones
  private final Map<Path, SimLock> locks = new TreeMap<>();
  private final Set<Path> unreadable = new TreeSet<>();
  private boolean full;
  private boolean readOnly;
  private boolean lying;
  private long syncNanosMin = 100_000;
  private long syncNanosMax = 2_000_000;

  /// A file and what is in it; null is no file.
  private record Change(Path file, byte @Nullable [] bytes) {}

  SimDisk(SimHost host, Baton baton, RandomGenerator random) {
    this.host = host;
    this.baton = baton;
    this.random = random;
  }

  /// Whether there is no room for another write.
  public void full(boolean isFull) {
    host.log("disk full " + isFull);
    full = isFull;
  }

  /// Whether the file system refuses all changes.
  public void readOnly(boolean isReadOnly) {
    host.log("disk read-only " + isReadOnly);
    readOnly = isReadOnly;
  }

  /// Whether writes are acknowledged before they are safe: a crash then loses the last of them, one
  /// to all. Ending the lie makes what was written safe.
  public void lying(boolean isLying) {
    host.log("disk lying " + isLying);
    lying = isLying;
    if (!isLying) {
      lies.clear();
    }
  }

  /// Whether reading this file fails.
  public void unreadable(Path file, boolean isUnreadable) {
    host.log("disk unreadable " + isUnreadable + " " + file);
    if (isUnreadable) {
      unreadable.add(key(file));
    } else {
      unreadable.remove(key(file));
    }
  }

  /// How long a write or delete takes, drawn evenly from these bounds.
  public void syncTime(Duration least, Duration most) {
    syncNanosMin = Baton.nanos(least);
    syncNanosMax = Baton.nanos(most);
  }

  @Override
  public Optional<byte[]> read(Path file) {
    baton.alive();
    if (unreadable.contains(key(file))) {
      throw new DiskFailure(file + " cannot be read: Input/output error; check the disk");
    }
    return Optional.ofNullable(files.get(key(file))).map(byte[]::clone);
  }

  @Override
  public void write(Path file, byte[] bytes) {
    change(file, "written", bytes.clone());
  }

  @Override
  public void append(Path file, byte[] bytes) {
    var before = files.getOrDefault(key(file), new byte[0]);
    var after = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, after, before.length, bytes.length);
    change(file, "written", after);
  }

  @Override
  public void move(Path from, Path to) {
    var bytes = files.get(key(from));
    if (bytes == null) {
      throw new DiskFailure(from + " cannot be written: there is no such file; check the disk");
    }
    change(to, "written", bytes);
    change(from, "deleted", null);
  }

  @Override
  public void delete(Path file) {
    change(file, "deleted", null);
  }

  private void change(Path file, String done, byte @Nullable [] bytes) {
    var me = baton.alive();
    requireWritable(file, done, bytes != null);
    var change = new Change(key(file), bytes);
    if (!baton.isDriver(me)) {
      long nanos = syncNanosMin + random.nextLong(Math.max(1, syncNanosMax - syncNanosMin));
      underWay.add(change);
      baton.blockFor(me, nanos, "the disk");
      underWay.remove(change);
      requireWritable(file, done, bytes != null);
    }
    if (lying) {
      lies.addLast(new Change(change.file, files.get(change.file)));
    }
    apply(change);
  }

  private void requireWritable(Path file, String done, boolean needsRoom) {
    if (readOnly) {
      throw failure(
          file,
          done,
          "the file system is read-only; mount it writable or choose another --data-dir");
    }
    if (full && needsRoom) {
      throw failure(file, done, "the disk is full; free space or choose another --data-dir");
    }
  }

  private static DiskFailure failure(Path file, String done, String reason) {
    return new DiskFailure(file + " cannot be " + done + ": " + reason);
  }

  private void apply(Change change) {
    if (change.bytes == null) {
      files.remove(change.file);
    } else {
      files.put(change.file, change.bytes);
    }
  }

  @Override
  public void deleteFolder(Path folder) {
    baton.alive();
    requireWritable(folder, "deleted", false);
    files.keySet().removeIf(file -> file.startsWith(key(folder)));
  }

  @Override
  public List<Path> list(Path folder) {
    baton.alive();
    var parent = key(folder);
    return files.keySet().stream()
        .filter(file -> parent.equals(file.getParent()) && !file.endsWith(LOCK_FILE))
        .map(file -> folder.resolve(String.valueOf(file.getFileName())))
        .sorted((a, b) -> name(a).compareTo(name(b)))
        .toList();
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  @Override
  public Lock lock(Path folder) {
    baton.alive();
    if (locks.containsKey(key(folder))) {
      throw new DiskFailure(
          folder + " is in use by process " + PID + "; stop it or choose another --data-dir");
    }
    requireWritable(folder, "used", true);
    files.put(key(folder.resolve(LOCK_FILE)), PID.getBytes(US_ASCII));
    var lock = new SimLock(key(folder));
    locks.put(key(folder), lock);
    return lock;
  }

  /// What a crash of the machine does to it.
  void crashed() {
    for (var change : underWay) {
      if (random.nextBoolean()) {
        if (lying) {
          lies.addLast(new Change(change.file, files.get(change.file)));
        }
        apply(change);
      }
    }
    underWay.clear();
    int lost = lies.isEmpty() ? 0 : 1 + random.nextInt(lies.size());
    for (int i = 0; i < lost; i++) {
      var undone = lies.removeLast();
      host.log("disk lost " + undone.file.getFileName());
      apply(undone);
    }
    lies.clear();
    locks.clear();
  }

  private static Path key(Path file) {
    return file.toAbsolutePath().normalize();
  }

  /// A held folder; one that a crash has freed belongs to the next holder.
  private final class SimLock implements Lock {
    private final Path folder;

    private SimLock(Path folder) {
      this.folder = folder;
    }

    @Override
    public void close() {
      locks.remove(folder, this);
    }
  }
}
