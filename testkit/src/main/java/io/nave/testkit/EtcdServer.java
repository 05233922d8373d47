package io.nave.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real etcd of one member, on free ports, that can be killed and started again on its data.
public final class EtcdServer implements AutoCloseable {
  private static final long START_MILLIS_MAX = 60_000;

  private final Path program;
  private final Path folder;
  private final int port;
  private final int peerPort;
  private final List<String> more;
  private @Nullable Process process;

  private EtcdServer(Path program, Path folder, List<String> more) {
    this.program = program;
    this.folder = folder;
    this.more = List.copyOf(more);
    this.port = FreePort.choose();
    this.peerPort = FreePort.choose();
  }

  /// Why no etcd can be started here, or empty when one can.
  public static Optional<String> missing() {
    return programs().findFirst().isPresent()
        ? Optional.empty()
        : Optional.of("there is no program etcd in KUBEBUILDER_ASSETS or on the PATH");
  }

  /// Starts one; it answers when this returns.
  ///
  /// @param folder for its data and its log
  /// @param more options of etcd, such as `--max-txn-ops=1000`; with `--cert-file` it speaks TLS
  public static EtcdServer start(Path folder, String... more) {
    var server = new EtcdServer(programs().findFirst().orElseThrow(), folder, List.of(more));
    server.start();
    return server;
  }

  private static Stream<Path> programs() {
    var path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(
            Stream.ofNullable(System.getenv("KUBEBUILDER_ASSETS")),
            Stream.of(path.split(File.pathSeparator)))
        .filter(each -> !each.isBlank())
        .map(each -> Path.of(each, "etcd"))
        .filter(Files::isExecutable);
  }

  /// `127.0.0.1:port`.
  public String address() {
    return "127.0.0.1:" + port;
  }

  /// As a client names it.
  public String url() {
    var secured = more.stream().anyMatch(option -> option.startsWith("--cert-file="));
    return (secured ? "https://" : "http://") + address();
  }

  /// As `kill -9`.
  public void kill() {
    var running = process;
    if (running != null) {
      running.destroyForcibly();
      try {
        running.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Starts it after a kill, on the same data and ports.
  public void start() {
    var command = new ArrayList<>(List.of(program.toString(), "--name=test"));
    command.add("--data-dir=" + folder.resolve("etcd"));
    command.add("--listen-client-urls=" + url());
    command.add("--advertise-client-urls=" + url());
    command.add("--listen-peer-urls=http://127.0.0.1:" + peerPort);
    command.add("--initial-advertise-peer-urls=http://127.0.0.1:" + peerPort);
    command.add("--initial-cluster=test=http://127.0.0.1:" + peerPort);
    command.addAll(more);
    try {
      Files.createDirectories(folder);
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("etcd.log").toFile()))
              .start();
      awaitPort();
    } catch (IOException e) {
      throw new UncheckedIOException("etcd does not start", e);
    }
  }

  private void awaitPort() throws IOException {
    long deadline = System.currentTimeMillis() + START_MILLIS_MAX;
    while (!answers()) {
      var running = process;
      if (running == null || !running.isAlive() || System.currentTimeMillis() > deadline) {
        throw new IOException(
            "etcd gives no answer; its log ends: " + Files.readString(folder.resolve("etcd.log")));
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  private boolean answers() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    kill();
  }
}
