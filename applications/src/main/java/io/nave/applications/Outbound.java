package io.nave.applications;

/// Calls of services outside, for the steps that want one. Blocks; never throws for what the other
/// side does.
@FunctionalInterface
public interface Outbound {
  /// @return the answer; status 0 when there was none, and the body says why
  Outside.Answer call(Outside.Question question);

  /// For hubs that call nobody.
  static Outbound none() {
    return _ -> new Outside.Answer(0, "this hub calls no other services");
  }
}
