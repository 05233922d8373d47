package io.nave.agent.work;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// What the work side of an agent is told.
///
/// @param clusterName its namespace on the hub
/// @param hubUrl exactly as in the bootstrap kubeconfig: its hash names the agent's records
/// @param folder where works and their last statuses are kept
/// @param evictionGrace how long a work may be missing on the hub before its objects are removed;
///   null: they stay for ever
/// @param resync how often a settled work is looked at again, with up to half of it added at random
/// @param poll how often objects that are not watched are looked at
/// @param workers works handled at the same time
public record WorkSettings(
    String clusterName,
    String hubUrl,
    Path folder,
    @Nullable Duration evictionGrace,
    Duration resync,
    Duration poll,
    int workers) {

  /// Nothing is evicted, and the usual times: resync 4 min, poll 10 s; 4 works at a time.
  public static WorkSettings of(String clusterName, String hubUrl, Path folder) {
    return new WorkSettings(
        clusterName, hubUrl, folder, null, Duration.ofMinutes(4), Duration.ofSeconds(10), 4);
  }

  public WorkSettings withEvictionGrace(@Nullable Duration next) {
    return new WorkSettings(clusterName, hubUrl, folder, next, resync, poll, workers);
  }

  /// Lower-case hex SHA-256 of the hub's URL.
  public String hubHash() {
    return hash(hubUrl);
  }

  static String hash(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// The usual name of the record of a work in the cluster; see [AppliedRecords] for the other one.
  String recordName(String work) {
    return hubHash() + "-" + work;
  }
}
