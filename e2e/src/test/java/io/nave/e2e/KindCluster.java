package io.nave.e2e;

import com.github.dockerjava.api.model.HostConfig;
import io.nave.api.Json;
import io.nave.controllers.Kubeconfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/// A Kubernetes cluster of one node in a container of kind's image. The container boots systemd and
/// containerd; `kubeadm` in it then makes the cluster, as `kind create cluster` does.
final class KindCluster implements RealCluster {
  private static final String IMAGE = "kindest/node:v1.31.4";
  private static final int PORT = 6443;
  private static final String POD_SUBNET = "10.244.0.0/16";
  private static final String CONFIG = "/kind/nave-kubeadm.yaml";
  private static final Duration BOOT_MAX = Duration.ofMinutes(2);

  private final GenericContainer<?> container;
  private final Path kubeconfig;

  private KindCluster(String name, Path folder) {
    container =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withPrivilegedMode(true)
            .withExposedPorts(PORT)
            .withTmpFs(Map.of("/run", "rw", "/tmp", "rw"))
            .withCreateContainerCmdModifier(command -> {
              var host = command.getHostConfig();
              if (host == null) {
                throw new IllegalStateException("Testcontainers made no host configuration");
              }
              command.withHostName(name).withHostConfig(unconfined(host));
            })
            .waitingFor(
                Wait.forLogMessage(".*(Multi-User System|detected cgroup v1).*", 1)
                    .withStartupTimeout(BOOT_MAX));
    kubeconfig = folder.resolve(name + ".kubeconfig");
    try {
      container.start();
      boot(name);
    } catch (RuntimeException e) {
      container.close();
      throw e;
    }
  }

  /// Starts it; it serves when this returns.
  ///
  /// @param folder for its kubeconfig
  static KindCluster start(String name, Path folder) {
    return new KindCluster(name, folder);
  }

  /// Why it cannot run here, or empty when it can.
  static Optional<String> missing() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.of("Docker does not answer: start it to test against kind (" + IMAGE + ")");
    }
    try {
      new RemoteDockerImage(DockerImageName.parse(IMAGE)).get();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of("Docker has no image " + IMAGE + " and cannot pull it: " + e.getMessage());
    }
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  /// The one image every node has: what holds a pod's network.
  @Override
  public String image() {
    var images = Json.parse(run("crictl", "images", "-o", "json").getBytes(StandardCharsets.UTF_8));
    for (var image : images.path("images")) {
      var tag = image.path("repoTags").path(0).asString("");
      if (tag.contains("/pause:")) {
        return tag;
      }
    }
    throw new AssertionError("the node has no pause image: " + images);
  }

  @Override
  public boolean hasNodes() {
    return true;
  }

  @Override
  public void close() {
    container.close();
  }

  private static HostConfig unconfined(HostConfig host) {
    return host.withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"))
        .withCgroupnsMode("private");
  }

  private void boot(String name) {
    container.copyFileToContainer(Transferable.of(config(name)), CONFIG);
    run("kubeadm", "init", "--skip-phases=preflight", "--skip-token-print", "--config", CONFIG);
    shell(
        "sed 's|{{ .PodSubnet }}|"
            + POD_SUBNET
            + "|' /kind/manifests/default-cni.yaml"
            + " | kubectl --kubeconfig /etc/kubernetes/admin.conf apply -f -");
    shell(
        "kubectl --kubeconfig /etc/kubernetes/admin.conf taint nodes --all"
            + " node-role.kubernetes.io/control-plane-");
    shell(
        "kubectl --kubeconfig /etc/kubernetes/admin.conf wait nodes --all"
            + " --for=condition=Ready --timeout=120s");
    writeKubeconfig();
  }

  private String config(String name) {
    return """
    apiVersion: kubeadm.k8s.io/v1beta3
    kind: ClusterConfiguration
    clusterName: %s
    kubernetesVersion: %s
    apiServer:
      certSANs: [localhost, 127.0.0.1, "%s"]
    networking:
      podSubnet: %s
    ---
    apiVersion: kubeadm.k8s.io/v1beta3
    kind: InitConfiguration
    nodeRegistration:
      criSocket: unix:///run/containerd/containerd.sock
    ---
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    cgroupDriver: systemd
    cgroupRoot: /kubelet
    failSwapOn: false
    imageGCHighThresholdPercent: 100
    evictionHard:
      nodefs.available: "0%%"
      nodefs.inodesFree: "0%%"
      imagefs.available: "0%%"
    ---
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    kind: KubeProxyConfiguration
    conntrack:
      maxPerCore: 0
    """
        .formatted(name, run("cat", "/kind/version").strip(), container.getHost(), POD_SUBNET);
  }

  /// The administrator's, with the address under which this machine reaches the container.
  private void writeKubeconfig() {
    var inside = Kubeconfig.read(run("cat", "/etc/kubernetes/admin.conf"));
    var url = "https://" + container.getHost() + ":" + container.getMappedPort(PORT);
    var outside = Kubeconfig.of(inside.cluster(), url, inside.caPem(), inside.login());
    try {
      Files.createDirectories(kubeconfig.getParent());
      Files.writeString(kubeconfig, outside.write());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + kubeconfig, e);
    }
  }

  private String shell(String script) {
    return run("sh", "-ec", script);
  }

  private String run(String... command) {
    ExecResult result;
    try {
      result = container.execInContainer(command);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + List.of(command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return new Output(
            String.join(" ", command), result.getExitCode(), result.getStdout(), result.getStderr())
        .ok();
  }
}
