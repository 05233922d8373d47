package io.nave.agent;

import io.nave.agent.work.WorkSettings;
import io.nave.api.Key;
import io.nave.registration.agent.AgentSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an agent process is told at its start.
///
/// @param registration who it is, and how it joins; its folder also keeps the works
/// @param evictionGrace how long a work may be missing on the hub before its objects are removed;
///   null: they stay for ever
public record AgentConfig(AgentSettings registration, @Nullable Duration evictionGrace) {
  /// Without a rule for works that the hub misses: their objects stay.
  public static AgentConfig of(AgentSettings registration) {
    return new AgentConfig(registration, null);
  }

  /// The usual settings: a cluster, a token, a folder.
  public static AgentConfig of(String clusterName, @Nullable String bootstrapToken, Path dataDir) {
    return of(AgentSettings.of(clusterName, bootstrapToken, dataDir));
  }

  /// The cluster's name on the hub.
  public String clusterName() {
    return registration.clusterName();
  }

  /// The folder of this agent alone: key, certificate, works.
  public Path dataDir() {
    return registration.dataFolder();
  }

  /// The same agent with another hub.
  AgentConfig at(@Nullable String bootstrapToken, Path dataDir, @Nullable Key secret) {
    return new AgentConfig(registration.at(bootstrapToken, dataDir, secret), evictionGrace);
  }

  WorkSettings work(String hubUrl) {
    return WorkSettings.of(clusterName(), hubUrl, dataDir().resolve("works"))
        .withEvictionGrace(evictionGrace);
  }

  /// Never the token.
  @Override
  public String toString() {
    return registration.toString();
  }
}
