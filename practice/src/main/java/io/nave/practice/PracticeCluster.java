package io.nave.practice;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.apiserver.Caller;
import io.nave.apiserver.admission.ReadRule;
import io.nave.apiserver.authn.StaticTokens;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.registry.Strategy;
import io.nave.apiserver.server.ApiServer;
import io.nave.apiserver.server.Security;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.Service;
import io.nave.store.MemoryEngine;
import io.nave.work.AppliedManifestWork;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// A Kubernetes-like cluster inside this process: an API server in memory, one node, and workloads
/// that become ready after a moment. Not a real cluster; it forgets everything when it is closed.
public final class PracticeCluster implements AutoCloseable {
  /// What its API says it is; agents report it to the hub.
  public static final String VERSION = "v1.31.0-practice";

  private final Parts parts = new Parts();
  private final String name;
  private final String adminToken;
  private final ApiServer server;

  private PracticeCluster(Host host, String name) {
    try {
      this.name = name;
      var secret = new byte[24];
      host.secureRandom().nextBytes(secret);
      this.adminToken = HexFormat.of().formatHex(secret);
      var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      var setup =
          new ApiServer.Setup(
              VERSION,
              Bootstrap.CLUSTER_NAMESPACES,
              kinds(),
              List.of(ServedType.of(AppliedManifestWork.class)),
              List.of(),
              ReadRule.NONE,
              List.of(
                  new StaticTokens(
                      Map.of(adminToken, Caller.of("practice-admin", Caller.MASTERS)))),
              Security.plain(host).withDefaultAccounts());
      server = parts.open(ApiServer.start(host, new MemoryEngine(), setup, metrics));
      var client = server.client("practice");
      client.create(PracticeKinds.NODE, node(name));
      client.patch(
          PracticeKinds.NODE,
          Key.of(name + "-node"),
          "status",
          Patch.merge(body -> body.set("status", nodeStatus())));
      parts.open(WorkloadSimulator.start(host, client, metrics));
    } catch (RuntimeException e) {
      throw parts.closeAfter(e);
    }
  }

  /// Starts an empty cluster with one node, 8 CPUs and 16 GiB.
  public static PracticeCluster start(Host host, String name) {
    return new PracticeCluster(host, name);
  }

  private static List<ServedType> kinds() {
    var kinds = new ArrayList<ServedType>();
    for (var type : PracticeKinds.all()) {
      kinds.add(ServedType.of(type, Strategy.PLAIN));
    }
    return kinds;
  }

  private static ApiObject node(String cluster) {
    return ApiObject.named(PracticeKinds.NODE, "", cluster + "-node");
  }

  private static ObjectNode nodeStatus() {
    var status = Json.object();
    for (var list : List.of("capacity", "allocatable")) {
      status.putObject(list).put("cpu", "8").put("memory", "16Gi").put("pods", "110");
    }
    status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
    return status;
  }

  public String name() {
    return name;
  }

  /// Its API for whoever runs in this process, as administrator.
  public ApiClient client() {
    return server.client("practice");
  }

  /// What a socket or a simulated network serves.
  public Service door() {
    return server.door();
  }

  /// The bearer token of its administrator.
  public String adminToken() {
    return adminToken;
  }

  @Override
  public void close() {
    parts.close();
  }
}
