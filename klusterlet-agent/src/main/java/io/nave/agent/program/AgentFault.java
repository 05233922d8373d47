package io.nave.agent.program;

/// The agent cannot begin; the message says what was found and what to do.
public final class AgentFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AgentFault(String message) {
    super(message);
  }
}
