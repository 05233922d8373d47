package io.nave.applications.definitions;

/// Properties from which nothing can be rendered: change them. The message names the definition,
/// the place in it, and what went wrong.
public final class RenderFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RenderFault(String message) {
    super(message);
  }
}
