package io.nave.bench;

import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Wire;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A hub that the driver starts as its own process, on a folder of its own that goes with it.
///
/// It is started by the launcher that started the driver (the system property `nave.launcher`,
/// which the `nave` script sets), so that it runs as it does for everyone; without one, by this
/// Java and class path.
final class OwnHub implements HubUnderTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration ROUND = Duration.ofMillis(5);

  private final Host host;
  private final Plan plan;
  private final Path folder;
  private final Thread goesWithDriver; // a driver that is stopped leaves no hub behind
  private volatile Process process; // set by the scenario's task
  private final Kubeconfig administrator;
  private final double secondsToReady;

  private OwnHub(Host host, Plan plan, Path folder) {
    this.host = host;
    this.plan = plan;
    this.folder = folder;
    this.goesWithDriver = new Thread(this::killed, "hub-goes-with-driver");
    Runtime.getRuntime().addShutdownHook(goesWithDriver);
    var began = host.nanoTime();
    this.process = launch(0);
    try {
      this.administrator = awaitKubeconfig();
      awaitAnswer();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    this.secondsToReady = (host.nanoTime() - began) / 1e9;
  }

  static OwnHub start(Host host, Plan plan) {
    try {
      return new OwnHub(host, plan, Files.createTempDirectory("nave-bench-"));
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for the hub", e);
    }
  }

  @Override
  public Kubeconfig administrator() {
    return administrator;
  }

  @Override
  public List<Long> pids() {
    return List.of(process.pid());
  }

  @Override
  public double secondsToReady() {
    return secondsToReady;
  }

  @Override
  public double killAndRestart() {
    process.destroyForcibly();
    waitForEnd();
    var port = administrator.server().substring(administrator.server().lastIndexOf(':') + 1);
    var began = host.nanoTime();
    process = launch(Integer.parseInt(port));
    awaitAnswer();
    return (host.nanoTime() - began) / 1e9;
  }

  @Override
  public long diskBytes() {
    try (var files = Files.walk(folder.resolve("data"))) {
      var sum = 0L;
      for (var file : (Iterable<Path>) files::iterator) {
        sum += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
      return sum;
    } catch (IOException | UncheckedIOException e) {
      return 0; // a file went away meanwhile
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(goesWithDriver);
    } catch (IllegalStateException e) {
      return; // the driver is being stopped: the hook does it
    }
    process.destroy();
    waitForEnd();
    host.disk().deleteFolder(folder);
  }

  private void killed() {
    process.destroyForcibly();
    waitForEnd();
    host.disk().deleteFolder(folder);
  }

  private Process launch(int port) {
    var command = new ArrayList<>(launcher());
    command.addAll(List.of("hub", "--data-dir", folder.resolve("data").toString()));
    command.addAll(List.of("--listen", "127.0.0.1:" + port));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("hub.log").toFile()));
    var options = new StringBuilder(plan.javaOptions());
    if (plan.flightRecording() != null) {
      options
          .append(" -XX:StartFlightRecording=settings=profile,filename=")
          .append(plan.flightRecording().toAbsolutePath());
    }
    builder.environment().put("NAVE_JAVA_OPTS", options.toString().strip());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("the hub does not start: " + command, e);
    }
  }

  private static List<String> launcher() {
    var script = System.getProperty("nave.launcher", "");
    if (!script.isEmpty()) {
      return List.of(script);
    }
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(
        java,
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        "io.nave.cli.Nave");
  }

  private Kubeconfig awaitKubeconfig() {
    var file = folder.resolve("data").resolve("admin.kubeconfig");
    var until = host.nanoTime() + PATIENCE.toNanos();
    while (host.nanoTime() < until) {
      requireAlive();
      var bytes = host.disk().read(file);
      if (bytes.isPresent()) {
        return Kubeconfig.read(new String(bytes.get(), StandardCharsets.UTF_8));
      }
      host.sleep(ROUND);
    }
    throw new IllegalStateException("the hub wrote no kubeconfig: " + log());
  }

  private void awaitAnswer() {
    var until = host.nanoTime() + PATIENCE.toNanos();
    try (var wire = Wire.open(host, administrator, 1)) {
      while (host.nanoTime() < until) {
        requireAlive();
        if (ready(wire)) {
          return;
        }
        host.sleep(ROUND);
      }
    }
    throw new IllegalStateException("the hub does not answer: " + log());
  }

  private boolean ready(Wire wire) {
    try {
      var line = wire.connect(administrator.login(), Wire.Version.HTTP_1_1);
      var answer = line.call(Ask.get("/readyz"));
      line.close();
      return answer.good();
    } catch (IllegalStateException e) {
      return false; // not listening yet
    }
  }

  private void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException("the hub ended: " + log());
    }
  }

  /// The end of what the hub said.
  private String log() {
    var text =
        host.disk()
            .read(folder.resolve("hub.log"))
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .orElse("");
    return text.substring(Math.max(0, text.length() - 2_000));
  }

  private void waitForEnd() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
