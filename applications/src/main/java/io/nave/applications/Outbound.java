package io.nave.applications;

/// Calls of services outside, for the steps that want one. Blocks; never throws for what the other
/// side does.
@FunctionalInterface
public interface Outbound {
  /// @param body JSON; empty for none
  /// @return the answer; status 0 when there was none, and the body says why
  Outside.Answer call(String method, String url, String body);

  /// For hubs that call nobody.
  static Outbound none() {
    return (_, _, _) -> new Outside.Answer(0, "this hub calls no other services");
  }
}
