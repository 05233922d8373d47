package io.nave.agent;

import io.nave.agent.work.WorkSettings;
import io.nave.api.Key;
import io.nave.registration.agent.AgentSettings;
import io.nave.registration.agent.Portrait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an agent process is told at its start.
///
/// @param clusterName under which the cluster joins, and its namespace on the hub
/// @param agentName null: five random characters, kept on disk
/// @param bootstrapToken lets it ask to join; null when it has joined before
/// @param dataDir of this agent alone: key, certificate, works
/// @param labels wished for on the ManagedCluster when it is created; the hub may refuse them
/// @param claims reported beside the cluster's own ClusterClaims
/// @param portrait what else the cluster shows of itself
/// @param evictionGrace how long a work may be missing on the hub before its objects are removed
/// @param certificateLifetime asked for with each certificate; null: what the hub usually grants
/// @param secret a Secret of the cluster that keeps key and certificate instead of `dataDir`; null:
///   in `dataDir`
public record AgentConfig(
    String clusterName,
    @Nullable String agentName,
    @Nullable String bootstrapToken,
    Path dataDir,
    Map<String, String> labels,
    Map<String, String> claims,
    Portrait portrait,
    Duration evictionGrace,
    @Nullable Duration certificateLifetime,
    @Nullable Key secret) {

  /// The usual settings: a cluster, a token, a folder.
  public static AgentConfig of(String clusterName, @Nullable String bootstrapToken, Path dataDir) {
    return new AgentConfig(
        clusterName,
        null,
        bootstrapToken,
        dataDir,
        Map.of(),
        Map.of(),
        Portrait.plain(),
        Duration.ofMinutes(60),
        null,
        null);
  }

  public AgentConfig withLabels(Map<String, String> next) {
    return new AgentConfig(
        clusterName,
        agentName,
        bootstrapToken,
        dataDir,
        next,
        claims,
        portrait,
        evictionGrace,
        certificateLifetime,
        secret);
  }

  public AgentConfig withClaims(Map<String, String> next) {
    return new AgentConfig(
        clusterName,
        agentName,
        bootstrapToken,
        dataDir,
        labels,
        next,
        portrait,
        evictionGrace,
        certificateLifetime,
        secret);
  }

  public AgentConfig withAgentName(String next) {
    return new AgentConfig(
        clusterName,
        next,
        bootstrapToken,
        dataDir,
        labels,
        claims,
        portrait,
        evictionGrace,
        certificateLifetime,
        secret);
  }

  public AgentConfig withBootstrapToken(@Nullable String next) {
    return new AgentConfig(
        clusterName,
        agentName,
        next,
        dataDir,
        labels,
        claims,
        portrait,
        evictionGrace,
        certificateLifetime,
        secret);
  }

  public AgentConfig withDataDir(Path next) {
    return new AgentConfig(
        clusterName,
        agentName,
        bootstrapToken,
        next,
        labels,
        claims,
        portrait,
        evictionGrace,
        certificateLifetime,
        secret);
  }

  public AgentConfig withCertificateLifetime(@Nullable Duration next) {
    return new AgentConfig(
        clusterName,
        agentName,
        bootstrapToken,
        dataDir,
        labels,
        claims,
        portrait,
        evictionGrace,
        next,
        secret);
  }

  public AgentConfig withSecret(@Nullable Key next) {
    return new AgentConfig(
        clusterName,
        agentName,
        bootstrapToken,
        dataDir,
        labels,
        claims,
        portrait,
        evictionGrace,
        certificateLifetime,
        next);
  }

  public AgentConfig withPortrait(Portrait next) {
    return new AgentConfig(
        clusterName,
        agentName,
        bootstrapToken,
        dataDir,
        labels,
        claims,
        next,
        evictionGrace,
        certificateLifetime,
        secret);
  }

  /// What its registration side is told.
  public AgentSettings registration() {
    return new AgentSettings(
        clusterName,
        agentName,
        bootstrapToken,
        dataDir,
        labels,
        claims,
        portrait,
        certificateLifetime,
        secret);
  }

  WorkSettings work(String hubUrl) {
    return WorkSettings.of(clusterName, hubUrl, dataDir.resolve("works"))
        .withEvictionGrace(evictionGrace);
  }

  /// Never the token.
  @Override
  public String toString() {
    return "agent of cluster " + clusterName + ", data in " + dataDir;
  }
}
