package io.nave.bench;

import io.nave.bench.wire.Wire;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What to run.
///
/// @param scenario its name, see [Scenarios]
/// @param seed of everything that is drawn
/// @param sizes those that were given; the others stay as the scenario has them
/// @param version what connections speak
/// @param loops the driver's threads that read and write
/// @param kubeconfig of the hub to drive as its administrator; null: one is started
/// @param pids the processes of that hub, to be measured
/// @param flightRecording file for a JFR recording of the started hub; null: none
/// @param javaOptions more options for the started hub's Java
/// @param agentJavaOptions more options for the Java of an agent that is started again as a process
public record Plan(
    String scenario,
    long seed,
    Map<String, Long> sizes,
    Wire.Version version,
    int loops,
    @Nullable Path kubeconfig,
    List<Long> pids,
    @Nullable Path flightRecording,
    String javaOptions,
    String agentJavaOptions) {
  public Plan {
    sizes = Map.copyOf(sizes);
    pids = List.copyOf(pids);
  }

  /// What stands in the way of running a plan; the message is for the person who made it.
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unusable(String message) {
      super(message);
    }
  }
}
