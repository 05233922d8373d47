package io.nave.apiserver.audit;

import io.nave.api.ApiError;
import io.nave.api.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Where a chain of entries stands: the number and hash of its last one.
record Chain(long seq, String hash) {
  private static final String FIELD = ",\"chain\":{\"seq\":";

  /// Before the first entry.
  static final Chain START = new Chain(0, "0".repeat(64));

  /// One entry as it stands in a file.
  ///
  /// @param payload the line before its chain field
  record Entry(String payload, long seq, String prev, String hash) {
    /// Whether the hash is that of what stands here.
    boolean sound() {
      return hash.equals(digest(prev, seq, payload));
    }

    Chain end() {
      return new Chain(seq, hash);
    }
  }

  /// The line of the next entry, with its line feed.
  Entry next(ObjectNode event) {
    var json = Json.text(event);
    var payload = json.substring(0, json.length() - 1);
    return new Entry(payload, seq + 1, hash, digest(hash, seq + 1, payload));
  }

  static String line(Entry entry) {
    return entry.payload()
        + FIELD
        + entry.seq()
        + ",\"prev\":\""
        + entry.prev()
        + "\",\"hash\":\""
        + entry.hash()
        + "\"}}\n";
  }

  /// @param line without its line feed
  /// @return empty when it is no entry
  static Optional<Entry> read(String line) {
    var at = line.lastIndexOf(FIELD);
    if (at < 0) {
      return Optional.empty();
    }
    try {
      var chain =
          Json.parse(line.substring(at + FIELD.length() - "{\"seq\":".length(), line.length() - 1));
      var entry =
          new Entry(
              line.substring(0, at),
              chain.path("seq").asLong(0),
              chain.path("prev").asString(""),
              chain.path("hash").asString(""));
      return line(entry).equals(line + "\n") ? Optional.of(entry) : Optional.empty();
    } catch (ApiError | StringIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static String digest(String prev, long seq, String payload) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update((prev + " " + seq + " ").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha.digest(payload.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
