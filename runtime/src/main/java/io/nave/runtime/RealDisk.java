package io.nave.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/// Files of this machine.
///
/// A write goes to `.<name>.tmp` beside the file, is synced, takes the file's name in one step, and
/// the folder is synced: at no moment is there half a file under the name. What a crash leaves of
/// the temporary file is replaced by the next write. Being cancelled does not disturb any of it:
/// the JDK closes a channel under an interrupted thread, so the interrupt is put aside meanwhile.
final class RealDisk implements Disk {
  private static final String LOCK_FILE = "lock";
  private static final boolean POSIX =
      Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix");

  /// Folders locked by this process. POSIX drops a process's lock when it closes *any* descriptor
  /// of the file, so a second attempt must not even open it.
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  /// One writer per file at a time, as they share the temporary file; striped by name.
  private final List<ReentrantLock> writers =
      IntStream.range(0, 16).mapToObj(_ -> new ReentrantLock()).toList();

  @Override
  public Optional<byte[]> read(Path file) {
    if (isHeldLock(file)) {
      return Optional.of(pid());
    }
    return DiskProblem.READ.translated(
        file,
        () -> {
          try {
            return Optional.of(Files.readAllBytes(file));
          } catch (NoSuchFileException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public void write(Path file, byte[] bytes) {
    var whole = file.toAbsolutePath().normalize();
    var writer = writers.get(Math.floorMod(whole.hashCode(), writers.size()));
    writer.lock();
    try {
      DiskProblem.WRITE.translated(
          file,
          () -> {
            replace(whole, bytes);
            return bytes;
          });
    } finally {
      writer.unlock();
    }
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    var folder = folderOf(file);
    createFolders(folder);
    var temporary = folder.resolve("." + file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    try {
      writeAll(temporary, bytes);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteQuietly(temporary, e);
      throw e;
    }
    sync(folder);
  }

  private static void writeAll(Path file, byte[] bytes) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = FileChannel.open(file, options, only("rw-------"))) {
      for (var left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  private static void deleteQuietly(Path file, IOException because) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    var parent = folder.getParent();
    if (parent != null) {
      createFolders(parent);
    }
    Files.createDirectories(folder, only("rwx------"));
    if (parent != null) {
      sync(parent);
    }
  }

  /// Makes names in a folder survive a crash of the machine.
  private static void sync(Path folder) throws IOException {
    if (POSIX) {
      try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static FileAttribute<?>[] only(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  public void append(Path file, byte[] bytes) {
    var whole = file.toAbsolutePath().normalize();
    var writer = writers.get(Math.floorMod(whole.hashCode(), writers.size()));
    var sizes = new ArrayList<Long>();
    writer.lock();
    try {
      DiskProblem.WRITE.translated(
          file,
          () -> {
            var size = sizes.isEmpty() ? sizeOf(whole) : sizes.getFirst();
            sizes.add(size); // a second try after an interrupt begins where the first did
            addTo(whole, bytes, size);
            return bytes;
          });
    } finally {
      writer.unlock();
    }
  }

  private static long sizeOf(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private static void addTo(Path file, byte[] bytes, long at) throws IOException {
    var folder = folderOf(file);
    createFolders(folder);
    var fresh = !Files.exists(file);
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try (var channel = FileChannel.open(file, options, only("rw-------"))) {
      channel.truncate(at); // what a first try left
      try {
        for (var left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
          channel.write(left, at + left.position());
        }
        channel.force(true);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        channel.truncate(at);
        throw e;
      }
    }
    if (fresh) {
      sync(folder);
    }
  }

  @Override
  public void move(Path from, Path to) {
    DiskProblem.WRITE.translated(
        from,
        () -> {
          var moved = Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
          sync(folderOf(to));
          return moved;
        });
  }

  @Override
  public void delete(Path file) {
    DiskProblem.DELETE.translated(
        file,
        () -> {
          boolean there = Files.deleteIfExists(file);
          if (there) {
            sync(folderOf(file));
          }
          return there;
        });
  }

  @Override
  public void deleteFolder(Path folder) {
    DiskProblem.DELETE.translated(
        folder,
        () -> {
          if (!Files.exists(folder)) {
            return false;
          }
          try (var inside = Files.walk(folder)) {
            for (var path : inside.sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(path);
            }
          }
          return true;
        });
  }

  @Override
  public List<Path> list(Path folder) {
    return DiskProblem.READ.translated(
        folder,
        () -> {
          try (var files = Files.list(folder)) {
            return files
                .filter(file -> Files.isRegularFile(file) && !isInternal(file))
                .sorted(Comparator.comparing(file -> String.valueOf(file.getFileName())))
                .toList();
          } catch (NoSuchFileException e) {
            return List.of();
          }
        });
  }

  private static boolean isInternal(Path file) {
    var name = String.valueOf(file.getFileName());
    return name.equals(LOCK_FILE) || (name.startsWith(".") && name.endsWith(".tmp"));
  }

  @Override
  public Lock lock(Path folder) {
    return DiskProblem.LOCK.translated(
        folder,
        () -> {
          createFolders(folder.toAbsolutePath().normalize());
          var real = folder.toRealPath();
          if (!LOCKED.add(real)) {
            throw inUse(folder, new String(pid(), US_ASCII));
          }
          try {
            var channel = openLocked(folder);
            return () -> unlock(real, channel);
          } catch (IOException | RuntimeException e) {
            LOCKED.remove(real);
            throw e;
          }
        });
  }

  private static FileChannel openLocked(Path folder) throws IOException {
    Set<OpenOption> options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    var channel = FileChannel.open(folder.resolve(LOCK_FILE), options, only("rw-------"));
    try {
      if (channel.tryLock() == null) {
        throw inUse(folder, holder(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid()), 0);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate(20);
    channel.read(bytes, 0);
    var pid = new String(bytes.array(), 0, bytes.position(), US_ASCII).strip();
    return pid.isEmpty() ? "(just starting)" : pid;
  }

  private static DiskFailure inUse(Path folder, String pid) {
    return new DiskFailure(
        folder + " is in use by process " + pid + "; stop it or choose another --data-dir");
  }

  private static void unlock(Path real, FileChannel channel) {
    if (channel.isOpen()) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new DiskFailure(real + " could not be given back: " + e.getMessage(), e);
      } finally {
        LOCKED.remove(real);
      }
    }
  }

  private static boolean isHeldLock(Path file) {
    try {
      return String.valueOf(file.getFileName()).equals(LOCK_FILE)
          && LOCKED.contains(folderOf(file).toRealPath());
    } catch (IOException e) {
      return false; // no such folder: nothing is held there
    }
  }

  private static byte[] pid() {
    return Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII);
  }

  private static Path folderOf(Path file) {
    var parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new DiskFailure(file + " is not the name of a file; name one inside a folder");
    }
    return parent;
  }

  /// Runs a step with the interrupt flag put aside and set again at the end.
  static <T> T undisturbed(Step<T> step) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return step.run();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// A step that can be run again from its beginning.
  @FunctionalInterface
  interface Step<T> {
    T run() throws IOException;
  }
}
