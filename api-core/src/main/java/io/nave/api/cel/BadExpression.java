package io.nave.api.cel;

/// A source that is no valid expression in its environment: mend the expression. The message is
/// CEL's first error, without its place in a file.
public final class BadExpression extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadExpression(String message) {
    super(message);
  }
}
