package io.nave.store;

import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the objects in one SQLite file, `store.db` in the data directory, which belongs to one
/// process at a time. The file's format and why it is SQLite: see the package.
public final class SqliteEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteEngine.class);
  static final String FILE = "store.db";

  private final Host host;
  private final SqliteFile file;
  private final Connection connection;
  private final Disk.Lock lock;
  private final PackedRow.Packer packer = new PackedRow.Packer(); // writer task only
  private Statements statements;

  private SqliteEngine(Host host, SqliteFile file, Connection connection, Disk.Lock lock)
      throws SQLException {
    this.host = host;
    this.file = file;
    this.connection = connection;
    this.lock = lock;
    this.statements = Statements.on(connection);
  }

  /// The writes, prepared. A failed one closes its statement, so a failure prepares them anew.
  private record Statements(
      PreparedStatement put,
      PreparedStatement remove,
      PreparedStatement noteRemoval,
      PreparedStatement setRevision) {
    static Statements on(Connection connection) throws SQLException {
      return new Statements(
          connection.prepareStatement(
              "INSERT INTO objects (k, rev, crc, v) VALUES (?, ?, ?, ?) ON CONFLICT (k)"
                  + " DO UPDATE SET rev = excluded.rev, crc = excluded.crc, v = excluded.v"),
          connection.prepareStatement("DELETE FROM objects WHERE k = ?"),
          SqliteRemovals.noting(connection),
          connection.prepareStatement("UPDATE meta SET v = ?, crc = ? WHERE k = 'revision'"));
    }
  }

  /// Takes the data directory, creating it when absent, and opens the file in it.
  ///
  /// @throws Disk.DiskFailure when another process has the directory, or it cannot be used
  /// @throws StoreBroken when the file is not a store this version can read and write
  public static SqliteEngine open(Host host, Path dir) {
    var lock = host.disk().lock(dir);
    try {
      var file = new SqliteFile(dir.resolve(FILE));
      var connection = file.open();
      try {
        return new SqliteEngine(host, file, connection, lock);
      } catch (SQLException e) {
        closeQuietly(connection);
        throw file.broken("cannot be used", e);
      }
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public long load(Sink each) {
    return new SqliteRows(file, connection).load(host, each);
  }

  @Override
  public void write(List<Entry> entries) {
    var latest = new LinkedHashMap<StoreKey, Entry>();
    entries.forEach(entry -> latest.put(entry.key(), entry));
    try {
      SqliteFile.run(connection, "BEGIN IMMEDIATE");
      for (var entry : latest.values()) {
        write(entry);
      }
      long revision = entries.getLast().revision();
      SqliteRemovals.note(statements.noteRemoval(), entries, revision);
      setRevision(revision);
      SqliteFile.run(connection, "COMMIT");
    } catch (SQLException e) {
      rollBack();
      throw file.broken("refused a write", e);
    }
  }

  private void write(Entry entry) throws SQLException {
    var key = text(entry.key());
    byte[] given = entry.bytes();
    if (given == null) {
      statements.remove().setString(1, key);
      statements.remove().executeUpdate();
      return;
    }
    byte[] bytes = packer.pack(given);
    var put = statements.put();
    put.setString(1, key);
    put.setLong(2, entry.revision());
    put.setLong(3, SqliteFile.checksum(key, entry.revision(), bytes));
    put.setBytes(4, bytes);
    put.executeUpdate();
  }

  private void setRevision(long revision) throws SQLException {
    var set = statements.setRevision();
    set.setLong(1, revision);
    set.setLong(2, SqliteFile.checksum("revision", revision));
    set.executeUpdate();
  }

  /// SQLite may have rolled back by itself; if it could not, the next BEGIN says so.
  private void rollBack() {
    try {
      SqliteFile.run(connection, "ROLLBACK");
    } catch (SQLException e) {
      LOG.atDebug().setCause(e).log("nothing to roll back");
    }
    try {
      statements = Statements.on(connection);
    } catch (SQLException e) {
      throw file.broken("cannot be written any more", e);
    }
  }

  @Override
  public long room() {
    return file.room();
  }

  private static String text(StoreKey key) {
    return key.bucket() + "/" + key.namespace() + "/" + key.name();
  }

  /// Lets the file grow to `pages` at most, or to what it has: a disk that is full, for tests.
  void limitPages(long pages) {
    try {
      SqliteFile.run(connection, "PRAGMA max_page_count=" + pages);
    } catch (SQLException e) {
      throw file.broken("cannot be limited", e);
    }
  }

  @Override
  public void close() {
    packer.close();
    closeQuietly(connection);
    lock.close();
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.atWarn()
          .setCause(e)
          .log("the store's file did not close; its log is read on the next start");
    }
  }
}
