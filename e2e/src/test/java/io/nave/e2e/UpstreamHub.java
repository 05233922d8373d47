package io.nave.e2e;

import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.runtime.Parts;
import io.nave.testkit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A hub of upstream's make: upstream's kinds on a real kube-apiserver, upstream's unmodified
/// controllers beside it, kube-controller-manager as the signer. The same kube-apiserver may be a
/// managed cluster too: the kinds of the agents' side are there as well.
final class UpstreamHub implements AutoCloseable {
  private static final Set<String> MAY_BE_EMPTY =
      Set.of("group", "version", "resource", "namespace", "message", "reason", "decisionGroupName");

  /// For programs that would otherwise wait for their turn to lead.
  static final String NO_ELECTION = "--disable-leader-election";

  private final Parts parts = new Parts();
  private final Path folder;
  private final KubeCluster cluster;
  private final Kubectl kubectl;
  private final Path bootstrap;
  private final List<Program> controllers = new ArrayList<>();

  private UpstreamHub(Path folder, KubeCluster cluster) {
    this.folder = folder;
    this.cluster = cluster;
    this.kubectl = new Kubectl(folder, cluster.kubeconfig());
    kubectl.run(kinds(), "apply", "--validate=false", "-f", "-").ok();
    Until.equals(
        "upstream's kinds",
        0,
        () ->
            kubectl
                .run("", "get", "managedclusters,manifestworks,placements,appliedmanifestworks")
                .exit());
    this.bootstrap = UpstreamDoor.open(folder, kubectl, cluster.kubeconfig());
  }

  /// Puts the kinds there; controllers are started by [#control].
  static UpstreamHub on(KubeCluster cluster, Path folder) {
    return new UpstreamHub(folder, cluster);
  }

  /// Starts one of upstream's hub programs.
  ///
  /// @param program such as `registration`
  /// @param command such as `controller`
  void control(String program, String command) {
    var options = new ArrayList<>(List.of(command, "--namespace=open-cluster-management"));
    if (command.equals("controller")) {
      options.add(NO_ELECTION); // a manager knows no such option, and waits for its turn
    }
    controllers.add(
        parts.open(start("upstream-" + program, folder, cluster.kubeconfig(), program, options)));
  }

  /// Of everything it consists of.
  List<Long> pids() {
    return Stream.concat(cluster.pids().stream(), controllers.stream().map(Program::pid)).toList();
  }

  /// Starts one of upstream's programs on a port of its own.
  static Program start(
      String name, Path folder, Path kubeconfig, String program, List<String> options) {
    var command = new ArrayList<>(List.of(OcmAssets.program(program).toString()));
    command.addAll(options);
    command.add("--kubeconfig=" + kubeconfig);
    command.add("--listen=127.0.0.1:" + FreePort.choose());
    return Program.start(name, folder, Map.of(), command);
  }

  Kubectl kubectl() {
    return kubectl;
  }

  /// The administrator's.
  Path kubeconfig() {
    return cluster.kubeconfig();
  }

  /// A kubeconfig with upstream's bootstrap token.
  Path bootstrap() {
    return bootstrap;
  }

  /// As `clusteradm accept` does.
  void accept(String name) {
    accept(kubectl, name);
  }

  /// As `clusteradm accept` does, on any hub: approves what waits, then accepts the cluster.
  static void accept(Kubectl onHub, String name) {
    var request =
        Until.present(
            name + " to ask for a certificate",
            () ->
                Optional.of(
                        onHub.ok(
                            "get",
                            "csr",
                            "-l",
                            "open-cluster-management.io/cluster-name=" + name,
                            "-o",
                            "name"))
                    .filter(each -> !each.isBlank()));
    onHub.ok(
        "certificate",
        "approve",
        request.strip().lines().findFirst().orElseThrow().replaceFirst(".*/", ""));
    onHub.ok(
        "patch",
        "managedcluster",
        name,
        "--type=merge",
        "-p",
        "{\"spec\":{\"hubAcceptsClient\":true}}");
  }

  @Override
  public void close() {
    parts.close();
  }

  private static String kinds() {
    var text = new StringBuilder();
    for (var file : OcmAssets.definitions()) {
      try {
        var definition = Yaml.parseAll(Files.readString(file)).getFirst();
        var group = definition.at("/spec/group").asString("");
        for (var version : definition.at("/spec/versions")) {
          if (group.startsWith("addon.")) {
            open((ObjectNode) version);
          } else {
            forgiveEmptyTexts(version.path("schema"));
          }
        }
        text.append("---\n").append(Json.text(definition)).append('\n');
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file, e);
      }
    }
    return text.toString();
  }

  /// A kube-apiserver of 2020 that was built by a Go of today takes an empty text in a custom
  /// resource for null, and finds it invalid.
  private static void forgiveEmptyTexts(JsonNode schema) {
    for (var property : schema.path("properties").properties()) {
      if (MAY_BE_EMPTY.contains(property.getKey())
          && property.getValue() instanceof ObjectNode text
          && text.path("type").asString("").equals("string")) {
        text.put("nullable", true);
      }
    }
    schema.forEach(UpstreamHub::forgiveEmptyTexts);
  }

  /// The same server does not even take the definitions whose defaults are empty texts.
  private static void open(ObjectNode version) {
    version
        .putObject("schema")
        .putObject("openAPIV3Schema")
        .put("type", "object")
        .put("x-kubernetes-preserve-unknown-fields", true);
  }
}
