package io.nave.store;

/// What is on disk cannot be trusted or written to: a person must look. The message names the file,
/// the fault and what to do.
public final class StoreBroken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreBroken(String message) {
    super(message);
  }

  public StoreBroken(String message, Throwable cause) {
    super(message, cause);
  }
}
