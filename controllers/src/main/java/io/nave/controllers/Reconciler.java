package io.nave.controllers;

import io.nave.api.Key;

/// Brings one object's world from what it is to what it should be. Handed a key, never an event: it
/// reads the present, decides purely, writes little, and may be called again at any time.
///
/// Only the loop queues, retries, backs off, times, counts and logs. An exception means "retry this
/// key".
public interface Reconciler {
  Outcome reconcile(Key key);
}
