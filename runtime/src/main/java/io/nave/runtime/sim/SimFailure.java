package io.nave.runtime.sim;

import org.jspecify.annotations.Nullable;

/// The simulation cannot go on, or did not reach what was waited for. The message names the seed
/// and the virtual time, and lists what each task waits for.
public final class SimFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  SimFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
