package io.nave.store;

/// The engine's servers do not answer: nothing is known to be lost, ask again later. The message
/// names the servers and the fault.
public final class StoreUnreachable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreUnreachable(String message) {
    super(message);
  }

  public StoreUnreachable(String message, Throwable cause) {
    super(message, cause);
  }
}
