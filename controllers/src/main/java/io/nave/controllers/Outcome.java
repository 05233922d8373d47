package io.nave.controllers;

import java.time.Duration;

/// What a reconcile pass leaves behind.
public sealed interface Outcome {
  /// Nothing to do until something changes.
  record Settled() implements Outcome {}

  /// Look again after this time even when nothing changes.
  record CheckAfter(Duration delay) implements Outcome {}

  /// Cannot go on until someone acts; said in a condition, not retried.
  record Stalled(String reason) implements Outcome {}
}
