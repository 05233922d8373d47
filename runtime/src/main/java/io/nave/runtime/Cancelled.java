package io.nave.runtime;

/// The current task was asked to stop. Let it pass: catching it keeps a part alive that is being
/// closed.
public final class Cancelled extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Cancelled() {
    super("the task was cancelled", null, false, false);
  }
}
