package io.nave.store;

import java.sql.Connection;
import java.sql.SQLException;

/// Reads what is in a store's file, and believes nothing without its checksum.
final class SqliteRows {
  private final SqliteFile file;
  private final Connection connection;

  SqliteRows(SqliteFile file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /// As [Engine#load].
  long load(Engine.Sink each) {
    try {
      long revision = revision();
      if (SqliteFile.format(connection)
          >= SqliteRemovals.FORMAT) { // not in a backup of an older one
        each.removals(SqliteRemovals.read(file, connection, revision));
      }
      if (readAll(each, revision) != readIndex()) {
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
  private long readAll(Engine.Sink each, long last) throws SQLException {
    long sum = 0;
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT rowid, k, rev, crc, v FROM objects")) {
      while (rows.next()) {
        var key = String.valueOf(rows.getString(2));
        long revision = rows.getLong(3);
        byte[] value = rows.getBytes(5);
        if (value == null || rows.getLong(4) != SqliteFile.checksum(key, revision, value)) {
          throw file.damaged("the row of " + key + " has a wrong checksum");
        }
        if (revision < 1 || revision > last) {
          throw file.damaged(key + " is at revision " + revision + ", and the last one is " + last);
        }
        if (PackedRow.isPacked(value)) {
          each.addPacked(parse(key), new PackedRow(value), revision);
        } else {
          each.add(parse(key), value, revision);
        }
        sum += weight(rows.getLong(1), key);
      }
    }
    return sum;
  }

  /// Reads the index alone. A fault in it would not be seen when loading, and later store an object
  /// twice.
  private long readIndex() throws SQLException {
    long sum = 0;
    try (var statement = connection.createStatement();
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
