package io.nave.cli;

/// A command cannot go on; the message says what was found and what to do.
final class CommandFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFault(String message) {
    super(message);
  }
}
