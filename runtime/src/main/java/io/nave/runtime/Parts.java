package io.nave.runtime;

import java.util.ArrayDeque;
import java.util.Deque;

/// The open parts of something bigger; closing closes them in reverse, so stopping is starting
/// backwards. Owned by one task until it is handed out.
///
/// ```java
/// var store = parts.open(EmbeddedStore.open(...));
/// var api = parts.open(HttpsServer.start(...));
/// ```
public final class Parts implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /// Takes charge of a part.
  ///
  /// @return the part
  public <T extends AutoCloseable> T open(T part) {
    open.push(part);
    return part;
  }

  /// Closes what is open after a start failed half-way.
  ///
  /// @return the failure, with what else went wrong attached, to be thrown
  public <E extends RuntimeException> E closeAfter(E failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /// Closes every part even when one fails, then throws the first failure with the others attached.
  @Override
  public void close() {
    RuntimeException failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("a part did not close: " + e.getMessage(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
