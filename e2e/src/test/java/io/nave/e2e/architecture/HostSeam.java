package io.nave.e2e.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What lies behind `io.nave.runtime.Host`: clocks, threads, waiting, randomness, files, sockets,
/// processes. Code that touches any of it elsewhere would not run the same way twice in simulation.
final class HostSeam {
  /// Types that nobody may so much as mention; a name ending in a dot means the whole package.
  private static final List<String> TYPES =
      List.of(
          "java.lang.Thread",
          "java.lang.ThreadGroup",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.util.Timer",
          "java.util.TimerTask",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.util.concurrent.Executor",
          "java.util.concurrent.Executors",
          "java.util.concurrent.ExecutorService",
          "java.util.concurrent.ScheduledExecutorService",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.Future",
          "java.util.concurrent.CompletableFuture",
          "java.util.concurrent.CompletionStage",
          "java.util.concurrent.CountDownLatch",
          "java.util.concurrent.CyclicBarrier",
          "java.util.concurrent.Semaphore",
          "java.util.concurrent.Phaser",
          "java.util.concurrent.Exchanger",
          "java.util.concurrent.BlockingQueue",
          "java.util.concurrent.ArrayBlockingQueue",
          "java.util.concurrent.LinkedBlockingQueue",
          "java.util.concurrent.LinkedBlockingDeque",
          "java.util.concurrent.PriorityBlockingQueue",
          "java.util.concurrent.DelayQueue",
          "java.util.concurrent.SynchronousQueue",
          "java.util.concurrent.StructuredTaskScope",
          "java.util.concurrent.locks.",
          "java.io.File",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.FileWriter",
          "java.io.RandomAccessFile",
          "java.nio.file.Files",
          "java.nio.file.FileSystem",
          "java.nio.file.FileSystems",
          "java.nio.channels.",
          "java.net.Socket",
          "java.net.ServerSocket",
          "java.net.DatagramSocket",
          "java.net.MulticastSocket",
          "java.net.URL",
          "java.net.URLConnection",
          "java.net.HttpURLConnection",
          "java.net.NetworkInterface",
          "java.net.http.",
          "javax.net.SocketFactory",
          "javax.net.ServerSocketFactory",
          "javax.net.ssl.SSLSocket",
          "javax.net.ssl.SSLSocketFactory",
          "javax.net.ssl.SSLServerSocket",
          "java.security.KeyPairGenerator",
          "java.sql.");

  /// Calls that may not be made, by owner; the types themselves may be used. `<init>()` is the
  /// constructor without parameters.
  private static final Map<String, Set<String>> CALLS =
      Map.ofEntries(
          Map.entry("java.time.Instant", Set.of("now")),
          Map.entry("java.time.LocalDate", Set.of("now")),
          Map.entry("java.time.LocalTime", Set.of("now")),
          Map.entry("java.time.LocalDateTime", Set.of("now")),
          Map.entry("java.time.ZonedDateTime", Set.of("now")),
          Map.entry("java.time.OffsetDateTime", Set.of("now")),
          Map.entry("java.time.Year", Set.of("now")),
          Map.entry("java.time.ZoneId", Set.of("systemDefault")),
          Map.entry(
              "java.time.Clock",
              Set.of("system", "systemUTC", "systemDefaultZone", "tickMillis", "tickSeconds")),
          Map.entry("java.util.Date", Set.of("<init>()")),
          Map.entry("java.util.Calendar", Set.of("getInstance")),
          Map.entry("java.util.GregorianCalendar", Set.of("<init>()")),
          Map.entry(
              "java.lang.System",
              Set.of("nanoTime", "currentTimeMillis", "identityHashCode", "exit", "gc")),
          Map.entry("java.lang.Math", Set.of("random")),
          Map.entry("java.lang.StrictMath", Set.of("random")),
          Map.entry("java.util.UUID", Set.of("randomUUID")),
          Map.entry("java.util.Collections", Set.of("shuffle")),
          Map.entry("java.util.random.RandomGenerator", Set.of("of", "getDefault")),
          Map.entry(
              "java.security.SecureRandom", Set.of("<init>", "getInstance", "getInstanceStrong")),
          Map.entry("java.util.concurrent.TimeUnit", Set.of("sleep", "timedJoin", "timedWait")),
          Map.entry("java.util.Collection", Set.of("parallelStream")),
          Map.entry("java.util.List", Set.of("parallelStream")),
          Map.entry("java.util.Set", Set.of("parallelStream")),
          Map.entry("java.util.stream.Stream", Set.of("parallel")),
          Map.entry("java.nio.file.Path", Set.of("toFile", "toRealPath", "register")),
          Map.entry(
              "java.net.InetAddress",
              Set.of(
                  "getByName",
                  "getAllByName",
                  "getLocalHost",
                  "getHostName",
                  "getCanonicalHostName",
                  "isReachable")),
          Map.entry("java.net.InetSocketAddress", Set.of("<init>", "getHostName")),
          Map.entry("java.lang.Object", Set.of("wait", "notify", "notifyAll")));

  private static final Set<String> OBJECT_MONITOR = Set.of("wait", "notify", "notifyAll");

  /// The name under which locking by `synchronized` is reported.
  static final String SYNCHRONIZED = "synchronized";

  private HostSeam() {}

  /// What a class reaches around the seam for: the forbidden type or call, with the first place.
  static SortedMap<String, String> reaches(JavaClass type) {
    var found = new TreeMap<String, String>();
    type.getDirectDependenciesFromSelf().stream()
        .filter(each -> isForbidden(each.getTargetClass()))
        .forEach(each -> found.putIfAbsent(elementName(each), each.getDescription()));
    type.getAccessesFromSelf().stream()
        .filter(HostSeam::isForbidden)
        .forEach(each -> found.putIfAbsent(callName(each), each.getDescription()));
    type.getMethods().stream()
        .filter(each -> each.getModifiers().contains(JavaModifier.SYNCHRONIZED))
        .forEach(each -> found.putIfAbsent(SYNCHRONIZED, each.getDescription()));
    synchronizedBlocks(type).forEach(each -> found.putIfAbsent(SYNCHRONIZED, each));
    return found;
  }

  private static boolean isForbidden(JavaClass target) {
    var name = target.getBaseComponentType().getName();
    return TYPES.stream()
        .anyMatch(each ->
            each.endsWith(".")
                ? name.startsWith(each)
                : name.equals(each) || name.startsWith(each + "$"));
  }

  private static boolean isForbidden(JavaAccess<?> access) {
    var name = access.getTarget().getName();
    if (access.getOrigin() instanceof JavaCodeUnit && OBJECT_MONITOR.contains(name)) {
      // The compiler names the receiver's own type as the owner, whatever that is.
      return declaredByObject(access);
    }
    var calls = CALLS.getOrDefault(access.getTargetOwner().getName(), Set.of());
    return calls.contains(name)
        || calls.contains(name + "()") && access.getDescription().contains(name + "()");
  }

  private static boolean declaredByObject(JavaAccess<?> access) {
    return access.getTarget().resolveMember().stream()
        .anyMatch(each -> each.getOwner().isEquivalentTo(Object.class));
  }

  private static String elementName(Dependency dependency) {
    return dependency.getTargetClass().getBaseComponentType().getName();
  }

  private static String callName(JavaAccess<?> access) {
    return OBJECT_MONITOR.contains(access.getTarget().getName())
        ? "java.lang.Object." + access.getTarget().getName()
        : access.getTargetOwner().getName() + "." + access.getTarget().getName();
  }

  /// ArchUnit does not see inside of methods what is no access, so the class file is read again.
  private static List<String> synchronizedBlocks(JavaClass type) {
    var place = type.getSource().orElseThrow().getUri();
    try (var bytes = place.toURL().openStream()) {
      return ClassFile.of().parse(bytes.readAllBytes()).methods().stream()
          .filter(HostSeam::locks)
          .map(each -> "a synchronized block in " + type.getName() + "." + each.methodName())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + place, e);
    }
  }

  private static boolean locks(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .anyMatch(MonitorInstruction.class::isInstance);
  }

  /// Every forbidden name, for the test of this table.
  static Stream<String> names() {
    return Stream.concat(TYPES.stream(), CALLS.keySet().stream());
  }
}
