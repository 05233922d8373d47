package io.nave.runtime;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;

/// What was tried on a file, for saying in one sentence why it failed and what helps.
enum DiskProblem {
  READ("read", "the disk or its permissions"),
  WRITE("written", "the disk; the old content is unchanged"),
  DELETE("deleted", "the disk or its permissions"),
  LOCK("used", "the disk, or choose another --data-dir");

  private final String done;
  private final String look;

  DiskProblem(String done, String look) {
    this.done = done;
    this.look = look;
  }

  /// Runs `step`, undisturbed by cancelling; its I/O error becomes a [Disk.DiskFailure].
  <T> T translated(Path path, RealDisk.Step<T> step) {
    try {
      return RealDisk.undisturbed(step);
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  Disk.DiskFailure failure(Path path, IOException e) {
    return new Disk.DiskFailure(path + " cannot be " + done + ": " + reason(path, e), e);
  }

  private String reason(Path path, IOException e) {
    var said = said(e);
    var lower = said.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left") || lower.contains("quota exceeded")) {
      return "the disk is full (" + said + "); free space or choose another --data-dir";
    }
    if (lower.contains("read-only")) {
      return "the file system is read-only; mount it writable or choose another --data-dir";
    }
    if (e instanceof AccessDeniedException denied) {
      return "user %s is not permitted; give it rights on %s or choose another --data-dir"
          .formatted(System.getProperty("user.name"), fileOf(denied, path));
    }
    if (e instanceof FileAlreadyExistsException there) {
      return fileOf(there, path)
          + " is a file where a folder is needed; remove it or choose another --data-dir";
    }
    if (lower.contains("is a directory")) {
      return "it is a folder where a file is expected; remove it or choose another --data-dir";
    }
    return said + "; check " + look;
  }

  private static String said(IOException e) {
    var reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  private static String fileOf(FileSystemException e, Path path) {
    var file = e.getFile();
    return file == null ? path.toString() : file;
  }
}
