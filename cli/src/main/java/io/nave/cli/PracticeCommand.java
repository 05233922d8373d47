package io.nave.cli;

import io.nave.practice.PracticeServer;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import io.nave.runtime.Stop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nave practice`: runs a practice cluster until it is stopped.
@Command(
    name = "practice",
    mixinStandardHelpOptions = true,
    description = {
      "Run a practice cluster until it is stopped (Ctrl-C): a Kubernetes-like API in memory whose",
      "workloads become ready after a moment. Not a real cluster; it forgets everything."
    })
final class PracticeCommand implements Runnable {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Its name. Default: ${DEFAULT-VALUE}.")
  private String name = "practice";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Address to listen on; port 0 takes any free one. Default: ${DEFAULT-VALUE}.")
  private String listen = "127.0.0.1:0";

  @Option(
      names = "--kubeconfig-out",
      paramLabel = "FILE",
      description = "Where its administrator kubeconfig is written. Default: NAME.kubeconfig.")
  private @Nullable Path file;

  @Override
  public void run() {
    var address = ListenAddress.parse(listen);
    var target = file == null ? Path.of(name + ".kubeconfig") : file;
    var parts = new Parts();
    try (parts) {
      var host = parts.open(RealHost.start("practice"));
      var stop = parts.open(Stop.on(host));
      var server = parts.open(PracticeServer.start(host, name, address.host(), address.port()));
      host.disk()
          .write(
              target.toAbsolutePath(),
              server.kubeconfig().write().getBytes(StandardCharsets.UTF_8));
      System.out.println(
          "practice cluster "
              + name
              + " ready at "
              + server.kubeconfig().server()
              + ", administrator kubeconfig "
              + target);
      stop.await();
    }
  }
}
