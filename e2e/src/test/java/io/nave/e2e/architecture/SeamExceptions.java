package io.nave.e2e.architecture;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The classes outside `runtime` that may reach around it: adapters to libraries whose own
/// interfaces speak of files, sockets or threads. Each says why. None of them runs in simulation,
/// or what it touches is a mere name there.
final class SeamExceptions {
  /// What each class (with the classes nested in it) may touch.
  private static final Map<String, Set<String>> ALLOWED = new TreeMap<>();

  static {
    // SQLite does its own file work; simulation has SimEngine in its place.
    allow("io.nave.store.SqliteFile", "java.sql.", "java.nio.file.Files", "java.nio.channels.");
    allow("io.nave.store.SqliteEngine", "java.sql.");
    allow("io.nave.store.SqliteRows", "java.sql.");
    allow("io.nave.store.Ahead", "java.sql.");
    allow("io.nave.store.SqliteRemovals", "java.sql.");
    allow("io.nave.store.StoreBackup", "java.sql.");
    // jetcd answers by CompletableFuture; simulation has another EtcdLink.
    allow("io.nave.store.JetcdLink", "java.util.concurrent.CompletableFuture");
    // The JDK hands TLS trust and key managers the socket they work for; it is not used.
    allow("io.nave.certs.BundleTrustManager", "java.net.Socket");
    allow("io.nave.certs.CredentialKeyManager", "java.net.Socket");
    // The JDK's HTTP client answers by CompletableFuture; simulation has SimTransport.
    allow(
        "io.nave.controllers.HttpsTransport",
        "java.util.concurrent.CompletableFuture",
        "java.net.http.");
    allow(
        "io.nave.controllers.PulledBody",
        "java.util.concurrent.CompletableFuture",
        "java.util.concurrent.CompletionStage",
        "java.net.http.HttpResponse$BodySubscriber");
    // It tells by the exceptions of that client why there was no answer.
    allow(
        "io.nave.controllers.ConnectionFault",
        "java.net.http.HttpTimeoutException",
        "java.nio.channels.UnresolvedAddressException");
    allow("io.nave.controllers.GivenTrust", "java.net.Socket");
    allow("io.nave.controllers.BlindTrust", "java.net.Socket");
    // Vert.x says by a future that it listens; the server waits for that once, at its start.
    allow(
        "io.nave.apiserver.http.HttpsServer",
        "java.lang.Thread",
        "java.util.concurrent.CompletableFuture",
        "java.util.concurrent.CompletionStage");
    // The load driver starts hubs as processes of their own and looks at them from outside.
    allow(
        "io.nave.bench.NaveProcess",
        "java.lang.Process",
        "java.lang.ProcessBuilder",
        "java.lang.Runtime",
        "java.lang.Thread",
        "java.lang.ProcessBuilder$Redirect",
        "java.nio.file.Path.toFile");
    allow("io.nave.bench.OwnHub", "java.nio.file.Files");
    allow("io.nave.bench.AgentScenario", "java.nio.file.Files");
    allow("io.nave.bench.Machine", "java.lang.Runtime");
    // A process ends with an exit code, and its shutdown hooks are threads.
    allow("io.nave.cli.Nave", "java.lang.System.exit");
    allow("io.nave.agent.program.AgentMain", "java.lang.System.exit");
    // A line of a log tells when it was written, on whatever thread that is.
    allow("io.nave.agent.program.PlainLog", "java.time.Instant.now");
  }

  private SeamExceptions() {}

  static boolean allows(String className, String reached) {
    return ALLOWED.getOrDefault(className, Set.of()).stream()
        .anyMatch(each -> each.endsWith(".") ? reached.startsWith(each) : reached.equals(each));
  }

  /// All of it, as pairs of a class and what it may touch.
  static List<Allowed> all() {
    return ALLOWED.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(each -> new Allowed(entry.getKey(), each)))
        .toList();
  }

  /// One permission.
  record Allowed(String className, String reached) {}

  private static void allow(String className, String... reached) {
    ALLOWED.put(className, Set.of(reached));
  }
}
