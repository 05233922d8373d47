package io.nave.registration.agent;

import io.nave.api.Absent;
import io.nave.api.Key;
import io.nave.registration.api.ClusterNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an agent is told at its start.
///
/// @param clusterName under which the cluster joins
/// @param agentName null: five random characters, kept on disk
/// @param bootstrapToken lets it ask to join; null when it has joined before
/// @param dataFolder where its key, certificate and names are kept
/// @param labels wished for on the ManagedCluster when it is created; the hub may refuse them
/// @param claims reported beside the cluster's own ClusterClaims
/// @param portrait what else the cluster shows of itself
/// @param certificateLifetime asked for with each certificate; null: what the hub usually grants
/// @param secret where key, certificate and names are kept instead of the folder: a Secret of the
///   agent's cluster; null: in the folder
public record AgentSettings(
    String clusterName,
    @Nullable String agentName,
    @Nullable String bootstrapToken,
    Path dataFolder,
    Map<String, String> labels,
    Map<String, String> claims,
    Portrait portrait,
    @Nullable Duration certificateLifetime,
    @Nullable Key secret) {
  /// The usual limits, everything in the folder.
  public AgentSettings(
      String clusterName,
      @Nullable String agentName,
      @Nullable String bootstrapToken,
      Path dataFolder,
      Map<String, String> labels,
      Map<String, String> claims) {
    this(
        clusterName,
        agentName,
        bootstrapToken,
        dataFolder,
        labels,
        claims,
        Portrait.plain(),
        null,
        null);
  }

  /// @throws IllegalArgumentException when a name cannot be one
  public AgentSettings {
    var fault = ClusterNames.fault(clusterName);
    if (fault.isPresent()) {
      throw new IllegalArgumentException("cluster name " + fault.get());
    }
    if (agentName != null && !agentName.matches("[a-zA-Z0-9]([-.a-zA-Z0-9]{0,61}[a-zA-Z0-9])?")) {
      throw new IllegalArgumentException(
          "agent name must hold 1 to 63 letters, digits, '-' or '.', was \"" + agentName + "\"");
    }
    labels = Absent.sorted(labels);
    claims = Absent.sorted(claims);
  }

  /// The usual settings: a cluster, a token, a folder.
  public static AgentSettings of(
      String clusterName, @Nullable String bootstrapToken, Path dataFolder) {
    return new AgentSettings(clusterName, null, bootstrapToken, dataFolder, Map.of(), Map.of());
  }

  /// The same agent with another hub, for which it keeps its credential elsewhere.
  public AgentSettings at(@Nullable String token, Path folder, @Nullable Key itsSecret) {
    return new AgentSettings(
        clusterName,
        agentName,
        token,
        folder,
        labels,
        claims,
        portrait,
        certificateLifetime,
        itsSecret);
  }

  /// Never the token.
  @Override
  public String toString() {
    return "agent of cluster " + clusterName + ", data in " + dataFolder;
  }
}
