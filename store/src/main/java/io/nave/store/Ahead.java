package io.nave.store;

import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import io.nave.runtime.Task;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What another task reads of a store's file, in order, while its owner works on what came before:
/// so a start uses two cores. Some parts wait at most; then the reader waits for the owner.
///
/// One task owns it and closes it, which stops the reader and waits until it has let go of its
/// connection.
final class Ahead<T> implements AutoCloseable {
  private static final int PARTS_WAITING_MAX = 8;
  private static final Duration CLOSE_WAITS = Duration.ofMinutes(1); // one statement's end

  /// Reads on a task of its own.
  @FunctionalInterface
  interface Reader<T> {
    void read(Into<T> into) throws SQLException;
  }

  /// Where parts go.
  @FunctionalInterface
  interface Into<T> {
    /// @return false when nobody wants more
    boolean put(T part);
  }

  private final Mailbox<T> parts;
  private final Task task;
  private volatile boolean whole; // all was read; set before `parts` is closed, as `failure` is
  private volatile @Nullable Exception failure;

  private Ahead(Host host, String name, Reader<T> reader) {
    this.parts = host.mailbox(PARTS_WAITING_MAX);
    this.task = host.start(name, () -> read(reader));
  }

  /// @param name of the task
  static <T> Ahead<T> start(Host host, String name, Reader<T> reader) {
    return new Ahead<>(host, name, reader);
  }

  private void read(Reader<T> reader) {
    try {
      reader.read(parts::put);
      whole = true;
    } catch (SQLException | RuntimeException e) {
      failure = e;
    } finally {
      parts.close();
    }
  }

  /// The next part, or null when all were taken.
  ///
  /// @throws SQLException what stopped the reader, as does any other exception of it
  @Nullable T next() throws SQLException {
    var part = parts.take();
    if (part == null && !whole) {
      switch (failure) {
        case null ->
            throw new IllegalStateException("the reader ended before its end; see the log");
        case SQLException e -> throw e;
        case RuntimeException e -> throw e;
        case Exception e -> throw new IllegalStateException("a reader throws nothing else", e);
      }
    }
    return part;
  }

  @Override
  public void close() {
    parts.close();
    task.cancel();
    task.join(CLOSE_WAITS);
  }
}
