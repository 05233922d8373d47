package io.nave.runtime;

/// How many threads carry the tasks of a process.
///
/// A virtual thread gives its carrier back only when it waits. With one carrier a core, as the JDK
/// has it, a few tasks that compute for long keep all others from beginning: a hub that started on
/// 100,000 works let a health check wait 9 s while its controllers looked at everything. With more
/// carriers than cores the operating system shares the cores among them, and the same check took
/// 0.9 s.
public final class Carriers {
  private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";
  private static final int OF_EACH_CORE = 4;
  private static final int LEAST = 16;

  private Carriers() {}

  /// Asks for enough of them, unless the command line says how many. Does nothing once the first
  /// virtual thread was made, so a `main` calls it first.
  public static void shareCores() {
    if (System.getProperty(PARALLELISM) == null) {
      System.setProperty(PARALLELISM, Integer.toString(enough(cores())));
    }
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  static int enough(int cores) {
    return Math.max(LEAST, OF_EACH_CORE * cores);
  }
}
