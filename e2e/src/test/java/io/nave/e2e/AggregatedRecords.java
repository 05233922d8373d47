package io.nave.e2e;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.apiserver.admission.ReadRule;
import io.nave.apiserver.authn.ClientCertificates;
import io.nave.apiserver.http.HttpsServer;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.server.ApiServer;
import io.nave.apiserver.server.Security;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.certs.Authority;
import io.nave.certs.Credential;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.certs.TrustBundle;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.store.MemoryEngine;
import io.nave.work.AppliedManifestWork;
import java.time.Duration;
import java.util.List;

/// Serves AppliedManifestWorks to a kube-apiserver through its aggregation layer.
///
/// The kube-apiserver 1.20 that these tests can have is built with a newer Go than it was made for,
/// and dies (a fault in its JSON library's map iteration) as soon as any custom resource is
/// created; built-in kinds work. The agent's records are the only custom resource in its cluster,
/// so here they live in an API server of ours behind it; the agent and the garbage collector see no
/// difference. Without this, the agent keeps its records in ConfigMaps on such a server.
final class AggregatedRecords implements AutoCloseable {
  private static final Duration LIFETIME = Duration.ofDays(1);

  private final Parts parts = new Parts();
  private final Credential proxy;
  private final int port;

  /// @param authority of the cluster; also signs what kube-apiserver shows to this server
  AggregatedRecords(Host host, Authority authority) {
    var random = host.secureRandom();
    proxy =
        authority.issueClient(
            new Identity("front-proxy", List.of("system:masters")),
            KeyPairs.generate(random),
            LIFETIME);
    var trust = TrustBundle.of(List.of(authority.certificate()));
    var server =
        parts.open(
            ApiServer.start(
                host,
                new MemoryEngine(),
                new ApiServer.Setup(
                    "v1.20.0-records",
                    Bootstrap.CLUSTER_NAMESPACES,
                    List.of(ServedType.of(AppliedManifestWork.class)),
                    List.of(),
                    List.of(),
                    ReadRule.NONE,
                    List.of(new ClientCertificates(() -> trust, host)),
                    Security.plain(host)),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
    var https =
        parts.open(
            HttpsServer.start(
                HttpsServer.Settings.of("127.0.0.1", 0),
                authority.issueServing(
                    List.of("localhost", "127.0.0.1"), KeyPairs.generate(random), LIFETIME),
                server.door(),
                host));
    port = https.port();
  }

  /// What kube-apiserver proves itself with when it passes requests on.
  Credential proxy() {
    return proxy;
  }

  /// What tells kube-apiserver to pass them on.
  String manifests() {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: applied-works, namespace: default}
    spec:
      type: ExternalName
      externalName: localhost
    ---
    apiVersion: apiregistration.k8s.io/v1
    kind: APIService
    metadata: {name: v1.work.open-cluster-management.io}
    spec:
      group: work.open-cluster-management.io
      version: v1
      groupPriorityMinimum: 1000
      versionPriority: 15
      insecureSkipTLSVerify: true
      service: {name: applied-works, namespace: default, port: %d}
    """
        .formatted(port);
  }

  @Override
  public void close() {
    parts.close();
  }
}
