package io.nave.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The database file of [SqliteEngine]: how it is opened, what is in it, and what its faults mean.
final class SqliteFile {
  static final int FORMAT = SqliteRemovals.FORMAT;

  private static final int APPLICATION_ID = 0x4e617665; // "Nave"
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /// `synchronous=FULL` is what makes a commit survive a power loss. A write-ahead log of 8,000
  /// pages is 32 MB; when a reader such as a backup made it grow beyond 64 MB it is cut back; 64 MB
  /// of page cache; negative sizes are KiB.
  private static final List<String> TUNING =
      List.of(
          "PRAGMA journal_mode=WAL",
          "PRAGMA synchronous=FULL",
          "PRAGMA wal_autocheckpoint=8000",
          "PRAGMA journal_size_limit=67108864",
          "PRAGMA cache_size=-64000",
          "PRAGMA mmap_size=268435456",
          "PRAGMA cell_size_check=ON",
          "PRAGMA trusted_schema=OFF");

  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE objects (k TEXT PRIMARY KEY NOT NULL, rev INTEGER NOT NULL,"
              + " crc INTEGER NOT NULL, v BLOB NOT NULL)",
          "CREATE TABLE meta (k TEXT PRIMARY KEY NOT NULL, v INTEGER NOT NULL,"
              + " crc INTEGER NOT NULL)",
          "INSERT INTO meta (k, v, crc) VALUES ('revision', 0, " + checksum("revision", 0) + ")",
          SqliteRemovals.TABLE,
          "PRAGMA application_id=" + APPLICATION_ID,
          "PRAGMA user_version=" + FORMAT);

  private final Path path;

  SqliteFile(Path path) {
    this.path = path;
  }

  /// Opens the file, new when there is none.
  ///
  /// @throws StoreBroken when it is no store of this format or cannot be read or written
  Connection open() {
    restrict();
    try {
      var connection = DriverManager.getConnection("jdbc:sqlite:" + path);
      try {
        prepare(connection);
        return connection;
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw broken("cannot be opened", e);
    }
  }

  /// Opens a file that nobody else has, without changing how it is kept.
  Connection openAsIs() throws SQLException {
    var connection = DriverManager.getConnection("jdbc:sqlite:" + path);
    try {
      run(connection, "PRAGMA synchronous=FULL");
      check(number(connection, "PRAGMA user_version"), number(connection, "PRAGMA application_id"));
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /// Another connection to a file that this process has open, to read it.
  Connection openBeside() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + path);
  }

  /// Writes a compact copy as of one moment into an empty file, beside whoever writes.
  void copyInto(Path target) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + path)) {
      run(connection, "PRAGMA busy_timeout=10000");
      check(number(connection, "PRAGMA user_version"), number(connection, "PRAGMA application_id"));
      try (var copy = connection.prepareStatement("VACUUM INTO ?")) {
        copy.setString(1, target.toString());
        copy.executeUpdate();
      }
    }
  }

  boolean present() {
    return Files.exists(path);
  }

  void requirePresent() {
    if (!Files.isRegularFile(path)) {
      throw new StoreBroken("there is no file " + path + ": name the right folder or file");
    }
  }

  /// Makes the file, for its owner only.
  ///
  /// @throws StoreBroken when it is there already
  Path createEmpty() {
    try {
      return Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (FileAlreadyExistsException e) {
      throw new StoreBroken(path + " is there already: name another file, or remove it", e);
    } catch (IOException e) {
      throw new StoreBroken(path + " cannot be made: " + e, e);
    }
  }

  /// Makes sure that the file and its name survive a loss of power.
  void sync() {
    try (var file = FileChannel.open(path, StandardOpenOption.WRITE);
        var folder = FileChannel.open(path.toAbsolutePath().resolveSibling("."))) {
      file.force(true);
      folder.force(true);
    } catch (IOException e) {
      throw new StoreBroken(path + " cannot be synced: " + e, e);
    }
  }

  /// Removes it with its log; nothing happens when it is not there.
  void remove() {
    try {
      for (var suffix : List.of("", "-wal", "-shm", "-journal")) {
        Files.deleteIfExists(path.resolveSibling(path.getFileName() + suffix));
      }
    } catch (IOException e) {
      throw new StoreBroken(path + " cannot be removed: " + e, e);
    }
  }

  /// Gives it another name on the same disk.
  void moveTo(SqliteFile place) {
    try {
      Files.move(path, place.path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StoreBroken(path + " cannot be moved to " + place.path + ": " + e, e);
    }
    place.sync();
  }

  /// SQLite gives its log the permissions of the file, so the file must have them first.
  private void restrict() {
    try {
      if (!Files.exists(path)) {
        Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } else if (!Files.isRegularFile(path)) {
        throw new StoreBroken(path + " should be a file and is not: move it away");
      } else if (!Files.getPosixFilePermissions(path).equals(OWNER_ONLY)) {
        Files.setPosixFilePermissions(path, OWNER_ONLY);
      }
    } catch (IOException e) {
      throw new StoreBroken(
          path + " cannot be used: " + e + ": make it readable and writable for this user", e);
    }
  }

  /// Free bytes on the disk; as many as can be when it does not say.
  long room() {
    try {
      return Files.getFileStore(path).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private void prepare(Connection connection) throws SQLException {
    run(connection, TUNING.getFirst());
    long format = number(connection, "PRAGMA user_version");
    if (format == 0 && number(connection, "SELECT count(*) FROM sqlite_schema") == 0) {
      create(connection);
    } else {
      check(format, number(connection, "PRAGMA application_id"));
      if (format < FORMAT) {
        upgrade(connection);
      }
    }
    for (var setting : TUNING) {
      run(connection, setting);
    }
  }

  private static void create(Connection connection) throws SQLException {
    run(connection, "BEGIN IMMEDIATE");
    for (var step : SCHEMA) {
      run(connection, step);
    }
    SqliteRemovals.forget(connection, 0);
    run(connection, "COMMIT");
  }

  /// What an older version wrote stays as it is; from now on it could not read all of it.
  private void upgrade(Connection connection) throws SQLException {
    run(connection, "BEGIN IMMEDIATE");
    run(connection, SqliteRemovals.TABLE);
    SqliteRemovals.forget(connection, new SqliteRows(this, connection).revision());
    run(connection, "PRAGMA user_version=" + FORMAT);
    run(connection, "COMMIT");
  }

  private void check(long format, long application) {
    if (application != APPLICATION_ID) {
      throw new StoreBroken(
          path + " is a database of another program: choose another data directory");
    }
    if (format > FORMAT) {
      throw new StoreBroken(
          "%s has format %d, written by a newer Nave; this one knows up to %d:"
                  .formatted(path, format, FORMAT)
              + " start the newer version, or restore a backup made before the upgrade");
    }
    if (format < 1) {
      throw damaged("its format is " + format);
    }
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Which format a file has that was opened.
  static long format(Connection connection) throws SQLException {
    return number(connection, "PRAGMA user_version");
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /// The check value of a row without a blob.
  static long checksum(String key, long number) {
    return checksum(key, number, new byte[0]);
  }

  /// CRC32C over the key in UTF-8, the number as 8 bytes big-endian, and the value.
  static long checksum(String key, long number, byte[] value) {
    var crc = new CRC32C();
    crc.update(key.getBytes(StandardCharsets.UTF_8));
    for (int shift = 56; shift >= 0; shift -= 8) {
      crc.update((int) (number >>> shift) & 0xff);
    }
    crc.update(value);
    return crc.getValue();
  }

  /// The content is not what was written.
  StoreBroken damaged(String fault) {
    return new StoreBroken(path + " is damaged: " + fault + advice());
  }

  /// What a failure of SQLite means for the store; [StoreFull] when only room is missing.
  RuntimeException broken(String doing, SQLException e) {
    var code =
        e instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    return switch (code) {
      case SQLITE_FULL ->
          new StoreFull("no room on the disk of " + path + ": delete something, or make room");
      case SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_CORRUPT_INDEX, SQLITE_CORRUPT_VTAB ->
          new StoreBroken(path + " is damaged: " + e.getMessage() + advice(), e);
      default ->
          new StoreBroken(
              ("%s %s: %s: look at the disk and the permissions of its folder, then start again;"
                      + " if that does not help, put a backup in its place")
                  .formatted(path, doing, e.getMessage()),
              e);
    };
  }

  private static String advice() {
    return "; nothing was changed: stop, keep a copy of the folder, and put a backup in its place";
  }
}
