package io.nave.apiserver;

/// Who may do what. Thread-safe; a decision is at least as fresh as the last commit this process
/// has seen.
@FunctionalInterface
public interface Authorizer {
  Api.Decision authorize(Caller caller, Api.Attributes attributes);

  /// Allows everything to everyone: for servers that only their own process can reach.
  static Authorizer everything() {
    return (caller, attributes) -> new Api.Decision(true, "everyone may do everything here");
  }
}
