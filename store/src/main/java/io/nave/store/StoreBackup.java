package io.nave.store;

import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/// Backups of the embedded store: one file that holds every object at one revision, and the files
/// beside the store without which they are of little use, such as a CA's key.
///
/// A backup is made while the hub runs, by another process on its machine: SQLite lets it read a
/// consistent state beside the writer. So it takes the right to read the data folder (which shows
/// everything anyway) and no door beside the Kubernetes API. It is a store's file as the package
/// describes it, with one table more: `files` with `k` a name, `crc` and `v` as in `objects`, where
/// `crc` counts with the number 0. What is encrypted in the store is encrypted in its backup, and
/// the files with it; the keys are never in it.
///
/// A restored store goes on at a revision far above the backup's: whoever still holds a revision of
/// the store's other life is told to list anew, and never misses a change that only one of the two
/// lives had.
public final class StoreBackup {
  /// Added to the revision of what is restored: more changes than a store makes between a backup
  /// and its loss.
  static final long REVISION_GAP = 1_000_000_000;

  /// What a backup holds.
  ///
  /// @param revision as of which
  public record Content(long objects, long revision, long bytes, List<String> files) {}

  private final Host host;
  private final Sealer sealer;

  public StoreBackup(Host host, Sealer sealer) {
    this.host = host;
    this.sealer = sealer;
  }

  /// Copies the store in `folder`, whether or not a hub has it open, and checks the copy.
  ///
  /// @param target must not be there yet
  /// @param files to be kept with it
  /// @throws StoreBroken when there is no store, the store or the copy is damaged, or the target is
  ///   there
  /// @throws StoreFull when there is no room for the copy; nothing is left of it
  public Content write(Path folder, Path target, Map<String, byte[]> files) {
    var source = new SqliteFile(folder.resolve(SqliteEngine.FILE));
    source.requirePresent();
    var copy = new SqliteFile(target);
    copy.createEmpty();
    try {
      source.copyInto(target);
      try (var connection = copy.openAsIs()) {
        addFiles(connection, files);
      }
      var content = read(target);
      copy.sync();
      return content;
    } catch (SQLException e) {
      copy.remove();
      throw copy.broken("cannot be written", e);
    } catch (RuntimeException e) {
      copy.remove();
      throw e;
    }
  }

  private void addFiles(Connection connection, Map<String, byte[]> files) throws SQLException {
    SqliteFile.run(
        connection,
        "CREATE TABLE files (k TEXT PRIMARY KEY NOT NULL, crc INTEGER NOT NULL, v BLOB NOT NULL)");
    try (var put = connection.prepareStatement("INSERT INTO files (k, crc, v) VALUES (?, ?, ?)")) {
      for (var file : new TreeMap<>(files).entrySet()) {
        byte[] kept = sealer.sealFile(file.getKey(), file.getValue());
        put.setString(1, file.getKey());
        put.setLong(2, SqliteFile.checksum(file.getKey(), 0, kept));
        put.setBytes(3, kept);
        put.executeUpdate();
      }
    }
  }

  /// Reads a backup through and checks every row of it, and that what is encrypted opens.
  ///
  /// @throws StoreBroken naming what is wrong with it
  public Content read(Path backup) {
    var file = new SqliteFile(backup);
    file.requirePresent();
    try (var connection = file.openAsIs()) {
      var objects = new AtomicLong();
      var bytes = new AtomicLong();
      long revision =
          new SqliteRows(file, connection)
              .load(
                  host,
                  (key, kept, _) -> {
                    objects.incrementAndGet();
                    bytes.addAndGet(sealer.open(key, kept).length);
                  });
      return new Content(
          objects.get(), revision, bytes.get(), List.copyOf(files(file, connection).keySet()));
    } catch (SQLException e) {
      throw file.broken("cannot be read", e);
    }
  }

  private Map<String, byte[]> files(SqliteFile file, Connection connection) throws SQLException {
    var files = new TreeMap<String, byte[]>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT k, crc, v FROM files")) {
      while (rows.next()) {
        var name = String.valueOf(rows.getString(1));
        byte[] kept = rows.getBytes(3);
        if (kept == null || rows.getLong(2) != SqliteFile.checksum(name, 0, kept)) {
          throw file.damaged("the file " + name + " in it has a wrong checksum");
        }
        files.put(name, sealer.openFile(name, kept));
      }
    }
    return files;
  }

  /// Puts a backup in the place of a store.
  ///
  /// @param folder of the store; no hub may have it open
  /// @param force whether a store that is there is replaced
  /// @return the files that were kept with it, to be put in their places
  /// @throws Disk.DiskFailure when a hub has the folder open
  /// @throws StoreBroken when the backup is damaged, or a store is there and `force` is not set;
  ///   nothing was changed
  public Map<String, byte[]> restore(Path backup, Path folder, boolean force) {
    var content = read(backup);
    try (var _ = host.disk().lock(folder)) {
      var place = new SqliteFile(folder.resolve(SqliteEngine.FILE));
      if (place.present() && !force) {
        throw new StoreBroken(
            folder + " holds a store already: choose another folder, or --force to replace it");
      }
      var fresh = new SqliteFile(folder.resolve(SqliteEngine.FILE + ".restoring"));
      fresh.remove();
      new SqliteFile(backup).copyInto(fresh.createEmpty());
      var files = new TreeMap<String, byte[]>();
      try (var connection = fresh.openAsIs()) {
        files.putAll(files(fresh, connection));
        SqliteFile.run(connection, "DROP TABLE files");
        new SqliteRows(fresh, connection).setRevision(content.revision() + REVISION_GAP);
      }
      fresh.sync();
      place.remove();
      fresh.moveTo(place);
      return files;
    } catch (SQLException e) {
      throw new SqliteFile(backup).broken("cannot be restored", e);
    }
  }

  /// A file of a folder, when it is there.
  public Optional<byte[]> file(Path path) {
    return host.disk().read(path);
  }

  /// Those of the named files that are there.
  public Map<String, byte[]> files(Path folder, List<String> names) {
    var found = new TreeMap<String, byte[]>();
    for (var name : new ArrayList<>(names)) {
      file(folder.resolve(name)).ifPresent(bytes -> found.put(name, bytes));
    }
    return found;
  }
}
