package io.nave.e2e;

import io.nave.certs.Authority;
import io.nave.certs.Identity;
import io.nave.certs.KeyPairs;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.testkit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A Kubernetes control plane without nodes: etcd, kube-apiserver and, where it is there,
/// kube-controller-manager, from `KUBEBUILDER_ASSETS`, on free ports of the loopback interface.
/// Deployments get ReplicaSets and Pods, which stay pending; deleted namespaces go away.
final class KubeCluster implements RealCluster {
  private static final Duration LIFETIME = Duration.ofDays(1);
  private static final Pattern MINOR = Pattern.compile("v1\\.(\\d+)\\.");

  private static final String CONTROLLERS =
      "deployment,replicaset,garbagecollector,namespace,serviceaccount,csrsigning";
  private static final String TOKENS = ",serviceaccount-token";
  private static final String WORKLOADS = ",statefulset,job";

  private final Parts parts = new Parts();
  private final String name;
  private final String controllers;
  private final Path folder;
  private final Path kubeconfig;
  private final int door;
  private final List<String> apiServerOptions;
  private final List<Program> programs = new ArrayList<>();
  private Program apiServer;
  private AggregatedRecords records; // made with the keys, before anything starts

  private KubeCluster(
      Host host, String name, String controllers, Path folder, boolean servesRecords) {
    this.name = name;
    this.controllers = controllers;
    this.folder = folder;
    this.kubeconfig = folder.resolve("admin.kubeconfig");
    var store = FreePort.choose();
    this.door = FreePort.choose();
    writeKeys(host, "https://127.0.0.1:" + door);
    start("etcd", etcd(store));
    this.apiServerOptions = apiServer(store, door);
    this.apiServer = start("kube-apiserver", apiServerOptions);
    awaitReady();
    if (servesRecords) {
      serveRecords();
    }
    if (KubeAssets.has("kube-controller-manager")) {
      start("kube-controller-manager", controllerManager());
      awaitServiceAccounts();
    }
  }

  /// Starts it; it serves when this returns.
  ///
  /// @param parent a folder `name` in it takes its data, keys and logs
  /// @param servesRecords whether it serves the kind of the agent's records where it cannot store
  ///   them itself, by [AggregatedRecords]
  static KubeCluster start(Host host, String name, Path parent, boolean servesRecords) {
    return new KubeCluster(host, name, CONTROLLERS + TOKENS, parent.resolve(name), servesRecords);
  }

  /// As [#start], with what makes pods of StatefulSets and Jobs too.
  static KubeCluster startWithWorkloads(
      Host host, String name, Path parent, boolean servesRecords) {
    var controllers = CONTROLLERS + TOKENS + WORKLOADS;
    return new KubeCluster(host, name, controllers, parent.resolve(name), servesRecords);
  }

  /// As [#start], for who looks at service accounts: nobody writes Secrets for their tokens into
  /// them, which comes at any time.
  static KubeCluster startWithoutTokens(Host host, String name, Path parent) {
    return new KubeCluster(host, name, CONTROLLERS, parent.resolve(name), false);
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public String image() {
    return "nginx:1.27";
  }

  @Override
  public boolean hasNodes() {
    return false;
  }

  @Override
  public void close() {
    parts.close();
  }

  /// Kills kube-apiserver and starts it again, on the same port; it serves when this returns.
  void restartApiServer() {
    apiServer.kill();
    apiServer = start("kube-apiserver", apiServerOptions);
    awaitReady();
  }

  /// Of all programs that were started for it.
  List<Long> pids() {
    return programs.stream().map(Program::pid).toList();
  }

  private Program start(String program, List<String> options) {
    var command = new ArrayList<>(List.of(KubeAssets.program(program).toString()));
    command.addAll(options);
    var started = parts.open(Program.start(name + "-" + program, folder, Map.of(), command));
    programs.add(started);
    return started;
  }

  private List<String> etcd(int port) {
    var url = "http://127.0.0.1:" + port;
    return List.of(
        "--name=" + name,
        "--data-dir=" + folder.resolve("etcd"),
        "--listen-client-urls=" + url,
        "--advertise-client-urls=" + url,
        "--listen-peer-urls=http://127.0.0.1:0");
  }

  private List<String> apiServer(int store, int port) {
    return List.of(
        "--etcd-servers=http://127.0.0.1:" + store,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        "--secure-port=" + port,
        "--cert-dir=" + folder,
        "--tls-cert-file=" + folder.resolve("serving.crt"),
        "--tls-private-key-file=" + folder.resolve("serving.key"),
        "--client-ca-file=" + folder.resolve("ca.crt"),
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=" + folder.resolve("accounts.key"),
        "--service-account-signing-key-file=" + folder.resolve("accounts.key"),
        "--service-cluster-ip-range=10.0.0.0/24",
        "--proxy-client-cert-file=" + folder.resolve("proxy.crt"),
        "--proxy-client-key-file=" + folder.resolve("proxy.key"),
        "--enable-bootstrap-token-auth",
        "--authorization-mode=RBAC");
  }

  private List<String> controllerManager() {
    var options = new ArrayList<>(List.of("--kubeconfig=" + kubeconfig));
    options.add("--controllers=" + controllers);
    options.add("--service-account-private-key-file=" + folder.resolve("accounts.key"));
    options.add("--cluster-signing-cert-file=" + folder.resolve("ca.crt"));
    options.add("--cluster-signing-key-file=" + folder.resolve("ca.key"));
    options.add("--leader-elect=false");
    options.add("--bind-address=127.0.0.1");
    options.add("--cert-dir=" + folder);
    options.add("--secure-port=0");
    if (minorVersion() < 24) {
      options.add("--port=0"); // the plain HTTP port, which two of them would fight for
    }
    return options;
  }

  private void writeKeys(Host host, String url) {
    var random = host.secureRandom();
    var authority = Authority.create(host, name + "-ca", LIFETIME);
    var names = List.of("127.0.0.1", "localhost", "kubernetes.default.svc");
    var serving = authority.issueServing(names, KeyPairs.generate(random), LIFETIME);
    var admin =
        authority.issueClient(
            new Identity("admin", List.of("system:masters")), KeyPairs.generate(random), LIFETIME);
    records = parts.open(new AggregatedRecords(host, authority));
    write("proxy.crt", records.proxy().certificatePem());
    write("proxy.key", records.proxy().keyPem());
    write("ca.crt", authority.certificatePem());
    write("ca.key", authority.keyPem());
    write("serving.crt", serving.certificatePem());
    write("serving.key", serving.keyPem());
    write("accounts.key", KeyPairs.toSec1Pem(KeyPairs.generate(random)));
    var login = new Kubeconfig.Login.Certificate(admin.certificatePem(), admin.keyPem());
    write("admin.kubeconfig", Kubeconfig.of(name, url, authority.certificatePem(), login).write());
  }

  private void write(String file, String text) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /// Its port first, which costs nothing to look at: kubectl takes what a start needs.
  private void awaitReady() {
    Until.holds(name + " to listen; see " + folder, this::listens);
    Until.equals(
        name + " to be ready; see " + folder,
        0,
        () -> kubectl().run("", "get", "--raw", "/readyz").exit());
  }

  private boolean listens() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), door)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /// A newer kube-apiserver stores them itself.
  private void serveRecords() {
    if (minorVersion() >= 23) {
      return;
    }
    kubectl().apply(records.manifests());
    Until.equals(
        name + " to pass on requests for the agent's records; see " + folder,
        0,
        () -> kubectl().run("", "get", "appliedmanifestworks").exit());
  }

  /// Pods are refused in namespaces whose default account is not there yet.
  private void awaitServiceAccounts() {
    Until.equals(
        name + "'s controllers to work; see " + folder,
        0,
        () -> kubectl().run("", "get", "serviceaccount", "default").exit());
  }

  private Kubectl kubectl() {
    return new Kubectl(folder, kubeconfig);
  }

  private int minorVersion() {
    var version = MINOR.matcher(kubectl().ok("get", "--raw", "/version"));
    if (!version.find()) {
      throw new AssertionError("no version 1.x at " + kubeconfig);
    }
    return Integer.parseInt(version.group(1));
  }
}
