package io.nave.e2e;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.agent.work.WorkAgent;
import io.nave.agent.work.WorkSettings;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.controllers.Discovery;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import io.nave.runtime.Transport;
import io.nave.work.ManifestWork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The work side of an agent between two real Kubernetes APIs: a kube-apiserver with the CRDs is
/// the hub, and the same one is the cluster, so that what upstream's hub would store and validate
/// is what the agent writes.
final class RealWorks implements AutoCloseable {
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  private static final ResourceType CONFIG_MAP =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);

  final RealHost host;
  final KubeCluster cluster;
  final Kubectl kubectl;
  private final Path folder;
  private final Remote observer;
  private final Parts parts = new Parts();

  /// Starts the cluster, with the kinds of works and two namespaces, and the agent.
  RealWorks(Path folder) throws IOException {
    this.folder = folder;
    this.host = parts.open(RealHost.start("e2e-work"));
    this.cluster = parts.open(KubeCluster.start(host, "real", folder, false));
    this.kubectl = new Kubectl(folder, cluster.kubeconfig());
    for (var kind : List.of("manifestworks", "appliedmanifestworks")) {
      kubectl.apply(Json.text(open(kind)));
    }
    kubectl.ok("create", "namespace", "east");
    kubectl.ok("create", "namespace", "shop");
    Until.equals(
        "works to be served",
        0,
        () -> kubectl.run("", "get", "manifestworks,appliedmanifestworks").exit());
    var config = Kubeconfig.read(Files.readString(cluster.kubeconfig()));
    var transport = parts.open(HttpsTransport.open(host, config));
    var client = new RemoteClient(host, transport, "nave-agent");
    var discovery = new Discovery(host, transport);
    var agent =
        parts.open(
            WorkAgent.start(
                host,
                WorkSettings.of("east", config.server(), agentFolder()),
                client,
                discovery::find,
                new SimpleMeterRegistry()));
    agent.onHubClient(client);
    this.observer = parts.open(Remote.open(cluster.kubeconfig()));
  }

  /// The kind without its schema: this kube-apiserver, of 2020 and built by a Go of today, takes an
  /// empty text in a custom resource for null and finds it invalid.
  private static JsonNode open(String kind) throws IOException {
    var file = Path.of("../deploy/crds", kind + ".work.open-cluster-management.io.yaml");
    var definition = Yaml.parseAll(Files.readString(file)).getFirst();
    for (var version : definition.at("/spec/versions")) {
      ((ObjectNode) version)
          .putObject("schema")
          .putObject("openAPIV3Schema")
          .put("type", "object")
          .put("x-kubernetes-preserve-unknown-fields", true);
    }
    return definition;
  }

  /// Where the agent keeps its works.
  Path agentFolder() {
    return folder.resolve("agent");
  }

  @Override
  public void close() {
    parts.close();
  }

  static String configMap(String name, String value) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"shop\"},\"data\":{\"key\":\"%s\"}}"
        .formatted(name, value);
  }

  void work(String name, String more, List<String> manifests) {
    var work =
        "{\"apiVersion\":\"work.open-cluster-management.io/v1\",\"kind\":\"ManifestWork\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"east\"},\"spec\":{%s\"workload\":{\"manifests\":[%s]}}}"
            .formatted(name, more, String.join(",", manifests));
    kubectl.run(work, "apply", "--validate=false", "-f", "-").ok();
  }

  static String config(String resource, String name, String more) {
    return "\"manifestConfigs\":[{\"resourceIdentifier\":{\"group\":\"%s\",\"resource\":\"%s\",\"namespace\":\"shop\",\"name\":\"%s\"},%s}],"
        .formatted(resource.equals("deployments") ? "apps" : "", resource, name, more);
  }

  /// Looks are taken by this process: a kubectl for each would take what the programs need.
  JsonNode status(String work) {
    try {
      return observer.client().get(WORK, Key.of("east", work)).json().path("status");
    } catch (Transport.Unreachable e) {
      return Json.object(); // just killed
    }
  }

  /// Such as `True AppliedManifestWorkComplete Apply manifest work complete`.
  String condition(String work, String type) {
    return find(status(work).path("conditions"), type);
  }

  String manifestCondition(String work, int ordinal, String type) {
    return find(status(work).at("/resourceStatus/manifests/" + ordinal + "/conditions"), type);
  }

  private static String find(JsonNode conditions, String type) {
    for (var condition : conditions) {
      if (condition.path("type").asString("").equals(type)) {
        return String.join(
            " ",
            condition.path("status").asString(""),
            condition.path("reason").asString(""),
            condition.path("message").asString(""));
      }
    }
    return "";
  }

  /// Has another writer change a ConfigMap back as soon as the agent has repaired it, some times.
  /// By this process: a kubectl for each would leave a busy machine's agent time to recover.
  void insist(String writer, String configMap, String value) {
    var wanted = Json.parse(configMap(configMap, value));
    var patch = new Patch(Patch.Form.APPLY, wanted, writer, true);
    for (int i = 0; i < 20; i++) {
      if (!value(configMap).equals(value)) {
        observer.client().patch(CONFIG_MAP, Key.of("shop", configMap), "", patch);
      }
      host.sleep(Duration.ofMillis(20));
    }
  }

  String value(String configMap) {
    try {
      return observer
          .client()
          .find(CONFIG_MAP, Key.of("shop", configMap))
          .map(found -> found.at("/data/key").asString(""))
          .orElse("");
    } catch (Transport.Unreachable e) {
      return ""; // just killed
    }
  }
}
