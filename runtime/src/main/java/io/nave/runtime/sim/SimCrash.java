package io.nave.runtime.sim;

/// The simulated host under this task has crashed. Every seam call of the task throws it from now
/// on; an [Error], so that code which handles exceptions does not survive its machine.
public final class SimCrash extends Error {
  private static final long serialVersionUID = 1L;

  SimCrash(String host) {
    super("host " + host + " crashed", null, false, false);
  }
}
