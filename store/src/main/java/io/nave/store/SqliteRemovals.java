package io.nave.store;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// When something was removed last, by namespace of a bucket and by bucket: a fixed number of slots
/// of a fixed size, shared by what falls into the same one. So it neither grows nor needs room on a
/// full disk, and tells too late a revision at worst.
final class SqliteRemovals implements Engine.Removals {
  /// The first format of the file that has them.
  static final int FORMAT = 3;

  static final String TABLE =
      "CREATE TABLE removals (slot INTEGER PRIMARY KEY, v BLOB NOT NULL)"; // v: revision, CRC32C

  private static final int SLOTS = 1_024;

  private final long[] newest;

  private SqliteRemovals(long[] newest) {
    this.newest = newest;
  }

  @Override
  public long newest(String bucket, String namespace) {
    return newest[slot(bucket, namespace)];
  }

  private static int slot(String bucket, String namespace) {
    return Math.floorMod((bucket + "/" + namespace).hashCode(), SLOTS);
  }

  /// Says that anything may have been removed up to a revision. Inside a transaction.
  static void forget(Connection connection, long revision) throws SQLException {
    try (var put =
        connection.prepareStatement("INSERT OR REPLACE INTO removals (slot, v) VALUES (?, ?)")) {
      for (int slot = 0; slot < SLOTS; slot++) {
        put.setInt(1, slot);
        put.setBytes(2, encode(slot, revision));
        put.executeUpdate();
      }
    }
  }

  static PreparedStatement noting(Connection connection) throws SQLException {
    return connection.prepareStatement("UPDATE removals SET v = ? WHERE slot = ?");
  }

  /// Notes the removals among a batch's entries. Inside its transaction.
  static void note(PreparedStatement noting, Iterable<Engine.Entry> entries, long revision)
      throws SQLException {
    Set<Integer> slots = new TreeSet<>();
    for (var entry : entries) {
      if (entry.bytes() == null) {
        slots.add(slot(entry.key().bucket(), ""));
        slots.add(slot(entry.key().bucket(), entry.key().namespace()));
      }
    }
    for (int slot : slots) {
      noting.setBytes(1, encode(slot, revision));
      noting.setInt(2, slot);
      noting.executeUpdate();
    }
  }

  /// @param last the store's last revision
  static SqliteRemovals read(SqliteFile file, Connection connection, long last)
      throws SQLException {
    var newest = new long[SLOTS];
    int found = 0;
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT slot, v FROM removals")) {
      while (rows.next()) {
        int slot = rows.getInt(1);
        byte[] value = rows.getBytes(2);
        if (slot < 0 || slot >= SLOTS || !sound(slot, value, last)) {
          throw file.damaged("slot " + slot + " of its removals has a wrong checksum");
        }
        newest[slot] = ByteBuffer.wrap(value).getLong();
        found++;
      }
    }
    if (found != SLOTS) {
      throw file.damaged("of its removals " + found + " slots are there, and not " + SLOTS);
    }
    return new SqliteRemovals(newest);
  }

  private static boolean sound(int slot, byte @Nullable [] value, long last) {
    if (value == null || value.length != Long.BYTES + Integer.BYTES) {
      return false;
    }
    long revision = ByteBuffer.wrap(value).getLong();
    return revision >= 0 && revision <= last && Arrays.equals(value, encode(slot, revision));
  }

  private static byte[] encode(int slot, long revision) {
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
        .putLong(revision)
        .putInt((int) SqliteFile.checksum("removals/" + slot, revision))
        .array();
  }
}
