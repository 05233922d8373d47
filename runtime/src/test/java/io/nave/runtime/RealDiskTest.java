package io.nave.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealDiskTest {
  private final RealDisk disk = new RealDisk();
  @TempDir private Path folder;

  @Test
  void filesAndFoldersAreForTheirOwnerOnly() throws Exception {
    var file = folder.resolve("a/b/key.pem");
    disk.write(file, new byte[] {1});
    disk.lock(folder.resolve("a")).close();
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(file.getParent())).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve("a"))).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve("a/lock"))).isEqualTo("rw-------");
  }

  @Test
  void replacingTightensPermissionsAndKeepsTheOldFileWholeForItsReaders() throws Exception {
    var file = folder.resolve("config");
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    try (var reader = Files.newInputStream(file)) {
      disk.write(file, "new and longer".getBytes(UTF_8));
      assertThat(reader.readAllBytes()).asString().isEqualTo("old");
    }
    assertThat(file).hasContent("new and longer");
    assertThat(permissions(file)).isEqualTo("rw-------");
  }

  @Test
  void whatACrashLeftOfAWriteIsHiddenAndReplaced() throws Exception {
    var file = folder.resolve("config");
    disk.write(file, "old".getBytes(UTF_8));
    Files.writeString(folder.resolve(".config.tmp"), "half");
    assertThat(disk.list(folder)).containsExactly(file);
    assertThat(disk.read(file)).hasValueSatisfying(b -> assertThat(b).asString().isEqualTo("old"));
    disk.write(file, "new".getBytes(UTF_8));
    assertThat(folder.resolve(".config.tmp")).doesNotExist();
    assertThat(file).hasContent("new");
  }

  @Test
  void aFolderThatAnotherProcessHoldsNamesThatProcess() throws Exception {
    var holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("locked");
      assertThatThrownBy(() -> disk.lock(folder))
          .isInstanceOf(Disk.DiskFailure.class)
          .hasMessage(
              folder
                  + " is in use by process "
                  + holder.pid()
                  + "; stop it or choose another --data-dir");
    } finally {
      holder.destroyForcibly();
    }
    assertThat(holder.waitFor(60, TimeUnit.SECONDS)).isTrue();
    disk.lock(folder).close();
  }

  /// Holds a folder until it is killed.
  static final class LockHolder {
    public static void main(String[] args) throws IOException {
      new RealDisk().lock(Path.of(args[0]));
      System.out.println("locked");
      System.in.read();
    }
  }

  @Test
  void readingTheLockFileDoesNotGiveTheFolderBack() throws Exception {
    try (var _ = disk.lock(folder)) {
      assertThat(disk.read(folder.resolve("lock")))
          .hasValueSatisfying(pid ->
              assertThat(new String(pid, UTF_8))
                  .isEqualTo(String.valueOf(ProcessHandle.current().pid())));
    }
    assertThat(folder.resolve("lock")).exists();
  }

  @Test
  void aFolderWhereAFileIsExpectedIsNamedWithARemedy() throws Exception {
    Files.createDirectory(folder.resolve("config"));
    assertThatThrownBy(() -> disk.read(folder.resolve("config")))
        .isInstanceOf(Disk.DiskFailure.class)
        .hasMessageContaining(folder.resolve("config") + " cannot be read")
        .hasMessageContaining("it is a folder where a file is expected");
    assertThatThrownBy(() -> disk.write(folder.resolve("config"), new byte[0]))
        .isInstanceOf(Disk.DiskFailure.class);
    assertThat(folder.resolve(".config.tmp")).doesNotExist();
  }

  @Test
  void aFileWhereAFolderIsNeededIsNamedWithARemedy() throws Exception {
    Files.writeString(folder.resolve("data"), "");
    assertThatThrownBy(() -> disk.write(folder.resolve("data/config"), new byte[0]))
        .isInstanceOf(Disk.DiskFailure.class)
        .hasMessageContaining(folder.resolve("data") + " is a file where a folder is needed");
    assertThatThrownBy(() -> disk.lock(folder.resolve("data")))
        .isInstanceOf(Disk.DiskFailure.class)
        .hasMessageContaining("is a file where a folder is needed");
  }

  @Test
  void problemsOfTheMachineAreSaidWithTheirRemedy() {
    var file = Path.of("/data/key");
    assertThat(DiskProblem.WRITE.failure(file, new IOException("No space left on device")))
        .hasMessage(
            "/data/key cannot be written: the disk is full (No space left on device); free space or choose another --data-dir");
    assertThat(
            DiskProblem.WRITE.failure(
                file, new FileSystemException("/data/key", null, "Read-only file system")))
        .hasMessage(
            "/data/key cannot be written: the file system is read-only; mount it writable or choose another --data-dir");
    assertThat(DiskProblem.READ.failure(file, new AccessDeniedException("/data/key")))
        .hasMessageStartingWith("/data/key cannot be read: user ")
        .hasMessageEndingWith(
            " is not permitted; give it rights on /data/key or choose another --data-dir");
    assertThat(DiskProblem.WRITE.failure(file, new IOException("Input/output error")))
        .hasMessage(
            "/data/key cannot be written: Input/output error; check the disk; the old content is unchanged");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
