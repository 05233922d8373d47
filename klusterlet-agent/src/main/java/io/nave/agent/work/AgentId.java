package io.nave.agent.work;

import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The `agentID` in this agent's [io.nave.work.AppliedManifestWork]s (spec/ocm-behaviour.md §6.1):
/// which records of a cluster are its own.
///
/// It is drawn from the hub's address and the cluster's name, so that two agents in one cluster
/// differ and one that lost its disk is still who it was; and it is kept beside the works, so that
/// an agent whose hub moved knows the records it made under the old address.
final class AgentId {
  private static final Logger LOG = LoggerFactory.getLogger(AgentId.class);

  private AgentId() {}

  /// As kept, else drawn and kept.
  static String of(Host host, WorkSettings settings) {
    var file = settings.folder().resolveSibling("agent-id");
    try {
      var kept =
          host.disk()
              .read(file)
              .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
              .filter(id -> id.matches("[0-9a-f]{64}"));
      return kept.isPresent() ? kept.get() : drawn(host, settings, file);
    } catch (Disk.DiskFailure e) {
      warn(file, e);
      return draw(settings);
    }
  }

  private static String drawn(Host host, WorkSettings settings, Path file) {
    var id = draw(settings);
    host.disk().write(file, id.getBytes(StandardCharsets.UTF_8));
    return id;
  }

  /// A cluster's name holds no white space, so no two pairs are written alike.
  private static String draw(WorkSettings settings) {
    return WorkSettings.hash(settings.hubUrl() + " " + settings.clusterName());
  }

  private static void warn(Path file, Disk.DiskFailure fault) {
    LOG.atWarn()
        .addKeyValue("file", file)
        .addKeyValue("reason", fault.getMessage())
        .log("the agent's id is not kept; if the hub moves, its older records stay");
  }
}
