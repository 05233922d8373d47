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
import java.util.List;

/// A hub that the driver starts as its own process, on a folder of its own that goes with it.
final class OwnHub implements HubUnderTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration ROUND = Duration.ofMillis(5);

  private final Host host;
  private final Plan plan;
  private final Path folder;
  private volatile NaveProcess process; // set by the scenario's task
  private final Kubeconfig administrator;
  private final double secondsToReady;

  private OwnHub(Host host, Plan plan, Path folder) {
    this.host = host;
    this.plan = plan;
    this.folder = folder;
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
    process.kill();
    process.close();
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
    process.close();
    host.disk().deleteFolder(folder);
  }

  private NaveProcess launch(int port) {
    var options = new StringBuilder(plan.javaOptions());
    if (plan.flightRecording() != null) {
      options
          .append(" -XX:StartFlightRecording=settings=profile,filename=")
          .append(plan.flightRecording().toAbsolutePath());
    }
    return NaveProcess.start(
        host,
        options.toString().strip(),
        folder.resolve("hub.log"),
        "hub",
        "--data-dir",
        folder.resolve("data").toString(),
        "--listen",
        "127.0.0.1:" + port);
  }

  private Kubeconfig awaitKubeconfig() {
    var file = folder.resolve("data").resolve("admin.kubeconfig");
    var until = host.nanoTime() + PATIENCE.toNanos();
    while (host.nanoTime() < until) {
      process.requireAlive();
      var bytes = host.disk().read(file);
      if (bytes.isPresent()) {
        return Kubeconfig.read(new String(bytes.get(), StandardCharsets.UTF_8));
      }
      host.sleep(ROUND);
    }
    throw new IllegalStateException("the hub wrote no kubeconfig: " + process.said());
  }

  private void awaitAnswer() {
    var until = host.nanoTime() + PATIENCE.toNanos();
    try (var wire = Wire.open(host, administrator, 1)) {
      while (host.nanoTime() < until) {
        process.requireAlive();
        if (ready(wire)) {
          return;
        }
        host.sleep(ROUND);
      }
    }
    throw new IllegalStateException("the hub does not answer: " + process.said());
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
}
