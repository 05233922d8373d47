package io.nave.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rule bites, and bites nothing else.
class HostSeamTest {
  @Test
  void seesEveryWayAroundTheSeam() {
    assertThat(reachesOf(Sinner.class).keySet())
        .contains(
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.time.Clock.systemUTC",
            "java.util.Date.<init>",
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            "java.util.Random",
            "java.util.concurrent.ThreadLocalRandom",
            "java.security.SecureRandom.<init>",
            "java.lang.Thread",
            "java.util.concurrent.TimeUnit.sleep",
            "java.util.concurrent.Executors",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.locks.ReentrantLock",
            "java.nio.file.Files",
            "java.io.FileInputStream",
            "java.net.Socket",
            "java.net.InetAddress.getByName",
            "java.util.List.parallelStream",
            "java.lang.Object.wait",
            "java.lang.Object.notifyAll",
            HostSeam.SYNCHRONIZED);
  }

  @Test
  void seesSynchronizedMethodsAndBlocksAlone() {
    assertThat(reachesOf(LockingMethod.class)).containsOnlyKeys(HostSeam.SYNCHRONIZED);
    assertThat(reachesOf(LockingBlock.class)).containsOnlyKeys(HostSeam.SYNCHRONIZED);
  }

  @Test
  void leavesCodeAloneThatTakesTheSameThingsFromItsHost() {
    assertThat(reachesOf(Saint.class)).isEmpty();
  }

  /// A misspelt name would forbid nothing.
  @ParameterizedTest
  @MethodSource("io.nave.e2e.architecture.HostSeam#names")
  void forbidsOnlyWhatExists(String name) {
    var type = name.endsWith(".") ? SAMPLES.get(name) : name;

    assertThat(type).as("a class of the package %s", name).isNotNull();
    assertThatCode(() -> Class.forName(type, false, ClassLoader.getPlatformClassLoader()))
        .doesNotThrowAnyException();
  }

  private static final Map<String, String> SAMPLES =
      Map.of(
          "java.util.concurrent.locks.", "java.util.concurrent.locks.Lock",
          "java.nio.channels.", "java.nio.channels.FileChannel",
          "java.net.http.", "java.net.http.HttpClient",
          "java.sql.", "java.sql.Connection");

  private static SortedMap<String, String> reachesOf(Class<?> type) {
    return HostSeam.reaches(new ClassFileImporter().importClass(type));
  }

  @SuppressWarnings("unused")
  private static final class Sinner {
    private final ReentrantLock lock = new ReentrantLock();
    private final Supplier<Instant> clock = Instant::now;

    Object time() {
      return List.of(
          clock.get(),
          LocalDateTime.now(),
          Clock.systemUTC(),
          new Date(),
          System.nanoTime(),
          System.currentTimeMillis());
    }

    Object chance() {
      return List.of(
          Math.random(),
          UUID.randomUUID(),
          new Random(1),
          ThreadLocalRandom.current().nextInt(),
          new SecureRandom());
    }

    Object tasks() throws InterruptedException {
      Thread.ofVirtual().start(lock::lock).join();
      TimeUnit.SECONDS.sleep(1);
      Executors.newSingleThreadExecutor().close();
      return CompletableFuture.completedFuture(1).join();
    }

    Object world(Path file) throws IOException {
      new FileInputStream(file.toFile()).close();
      new Socket(InetAddress.getByName("localhost"), 1).close();
      return List.of(Files.readAllBytes(file)).parallelStream();
    }

    void monitor() throws InterruptedException {
      synchronized (clock) {
        clock.wait();
        clock.notifyAll();
      }
    }
  }

  @SuppressWarnings("unused")
  private static final class LockingMethod {
    private int count;

    synchronized int next() {
      return ++count;
    }
  }

  @SuppressWarnings("unused")
  private static final class LockingBlock {
    private final AtomicLong count = new AtomicLong();

    long next() {
      synchronized (count) {
        return count.incrementAndGet();
      }
    }
  }

  @SuppressWarnings("unused")
  private static final class Saint {
    private final Map<String, Long> seen = new ConcurrentHashMap<>();

    /// Not the monitor's.
    void notify(String text) {
      seen.put(text, 1L);
    }

    void use(Supplier<Instant> now, SecureRandom random, Date date, Path file, Clock clock) {
      notify(file + " " + now.get().plusNanos(random.nextLong()) + date.getTime());
      seen.put("clock", clock.millis());
      seen.put("date", new Date(5).getTime());
      seen.put("address", (long) InetAddress.ofLiteral("127.0.0.1").hashCode());
    }
  }
}
