package io.nave.store;

import io.nave.runtime.Host;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads what is in a store's file, and believes nothing without its checksum.
final class SqliteRows {
  /// Rows handed on together: as many as this, or fewer large ones.
  private static final int BATCH_ROWS = 256;

  private static final int BATCH_BYTES = 512 * 1024;

  /// A row as it stands in the file.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Row(
      long number, String key, long revision, long checksum, byte @Nullable [] value) {
    static Row of(ResultSet rows) throws SQLException {
      return new Row(
          rows.getLong(1),
          String.valueOf(rows.getString(2)),
          rows.getLong(3),
          rows.getLong(4),
          rows.getBytes(5));
    }

    int size() {
      return value == null ? 0 : value.length;
    }
  }

  private final SqliteFile file;
  private final Connection connection;

  SqliteRows(SqliteFile file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /// As [Engine#load]. One task reads rows ahead and another the index, on a connection of its own:
  /// nobody may write meanwhile.
  long load(Host host, Engine.Sink each) {
    try (var index = Ahead.<Long>start(host, "store-index", into -> into.put(readIndex()))) {
      long revision = revision();
      if (SqliteFile.format(connection)
          >= SqliteRemovals.FORMAT) { // not in a backup of an older one
        each.removals(SqliteRemovals.read(file, connection, revision));
      }
      Long sum = readAll(host, each, revision);
      if (!sum.equals(index.next())) {
        throw file.damaged("its index does not fit its rows");
      }
      return revision;
    } catch (SQLException e) {
      throw file.broken("cannot be read", e);
    }
  }

  long revision() throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT v, crc FROM meta WHERE k = 'revision'")) {
      if (!rows.next()) {
        throw file.damaged("its last revision is missing");
      }
      long revision = rows.getLong(1);
      if (revision < 0 || rows.getLong(2) != SqliteFile.checksum("revision", revision)) {
        throw file.damaged("its last revision has a wrong checksum");
      }
      return revision;
    }
  }

  /// @return a sum over all rows that [#readIndex] must come to as well
  private long readAll(Host host, Engine.Sink each, long last) throws SQLException {
    long sum = 0;
    try (var batches = Ahead.start(host, "store-rows", this::readBatches)) {
      for (var batch = batches.next(); batch != null; batch = batches.next()) {
        for (var row : batch) {
          check(row, last);
          hand(row, each);
          sum += weight(row.number(), row.key());
        }
      }
    }
    return sum;
  }

  private void readBatches(Ahead.Into<List<Row>> into) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT rowid, k, rev, crc, v FROM objects")) {
      var batch = new ArrayList<Row>(BATCH_ROWS);
      int bytes = 0;
      while (rows.next()) {
        var row = Row.of(rows);
        batch.add(row);
        bytes += row.size();
        if (batch.size() == BATCH_ROWS || bytes >= BATCH_BYTES) {
          if (!into.put(batch)) {
            return;
          }
          batch = new ArrayList<>(BATCH_ROWS);
          bytes = 0;
        }
      }
      into.put(batch);
    }
  }

  private void check(Row row, long last) {
    var value = row.value();
    if (value == null || row.checksum() != SqliteFile.checksum(row.key(), row.revision(), value)) {
      throw file.damaged("the row of " + row.key() + " has a wrong checksum");
    }
    if (row.revision() < 1 || row.revision() > last) {
      throw file.damaged(
          row.key() + " is at revision " + row.revision() + ", and the last one is " + last);
    }
  }

  private void hand(Row row, Engine.Sink each) {
    byte[] value = Objects.requireNonNull(row.value());
    if (PackedRow.isPacked(value)) {
      each.addPacked(parse(row.key()), new PackedRow(value), row.revision());
    } else {
      each.add(parse(row.key()), value, row.revision());
    }
  }

  /// Reads the index alone. A fault in it would not be seen when loading, and later store an object
  /// twice.
  private long readIndex() throws SQLException {
    long sum = 0;
    try (var own = file.openBeside();
        var statement = own.createStatement();
        var rows = statement.executeQuery("SELECT rowid, k FROM objects ORDER BY k")) {
      while (rows.next()) {
        sum += weight(rows.getLong(1), String.valueOf(rows.getString(2)));
      }
    }
    return sum;
  }

  private static long weight(long row, String key) {
    return (SqliteFile.checksum(key, row) + 1) * 0x9e3779b97f4a7c15L;
  }

  private StoreKey parse(String key) {
    var parts = key.split("/", 3);
    if (parts.length != 3) {
      throw file.damaged("the key '" + key + "' has not the form bucket/namespace/name");
    }
    return new StoreKey(parts[0], parts[1], parts[2]);
  }

  /// Says that revisions up to this one were given, to whatever: no watch from before goes on.
  void setRevision(long revision) throws SQLException {
    if (SqliteFile.format(connection) >= SqliteRemovals.FORMAT) {
      SqliteRemovals.forget(connection, revision);
    }
    try (var set =
        connection.prepareStatement("UPDATE meta SET v = ?, crc = ? WHERE k = 'revision'")) {
      set.setLong(1, revision);
      set.setLong(2, SqliteFile.checksum("revision", revision));
      set.executeUpdate();
    }
  }
}
