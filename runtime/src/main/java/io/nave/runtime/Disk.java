package io.nave.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Small files that survive a crash: credentials, desired state, configuration.
///
/// Every write is whole or not at all: after a crash a reader finds the old bytes or the new ones.
/// Files are readable by their owner only (0600, folders 0700).
public interface Disk {
  /// The bytes of a file, or empty when there is none.
  ///
  /// @throws DiskFailure when it is there and cannot be read
  Optional<byte[]> read(Path file);

  /// Replaces or creates the file, with its folders; on return the bytes survive a crash.
  ///
  /// @throws DiskFailure when the disk is full, read-only or refuses; the old bytes stay
  void write(Path file, byte[] bytes);

  /// Adds to the end of the file, creating it with its folders when absent; on return the bytes
  /// survive a crash. A crash meanwhile leaves a first part of them, perhaps none.
  ///
  /// @throws DiskFailure when the disk is full, read-only or refuses; the file is as it was before
  void append(Path file, byte[] bytes);

  /// Gives a file another name in the same file system, over whatever has that name.
  ///
  /// @throws DiskFailure when there is no such file, or the disk refuses
  void move(Path from, Path to);

  /// Removes the file; nothing happens when there is none.
  void delete(Path file);

  /// Removes a folder with everything in it; nothing happens when there is none. Not atomic: for
  /// what nobody needs any more.
  void deleteFolder(Path folder);

  /// The files right below a folder, sorted by name; empty when there is no such folder.
  List<Path> list(Path folder);

  /// Takes a folder for this process alone, creating it when absent.
  ///
  /// @return closing it gives the folder back; a crash does too
  /// @throws DiskFailure naming the holder's process when another process has it, or saying why the
  ///   folder cannot be used
  Lock lock(Path folder);

  /// A folder held by this process.
  interface Lock extends AutoCloseable {
    @Override
    void close();
  }

  /// The disk did not do what was asked; nothing was half done. The message names the file, what
  /// happened and what to do.
  final class DiskFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DiskFailure(String message, Throwable cause) {
      super(message, cause);
    }

    public DiskFailure(String message) {
      super(message);
    }
  }
}
