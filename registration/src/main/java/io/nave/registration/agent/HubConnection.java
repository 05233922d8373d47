package io.nave.registration.agent;

import io.nave.controllers.ApiClient;

/// The hub's API as one identity, until closed.
///
/// @param onClose what lets go of the connection; never throws
public record HubConnection(ApiClient client, Runnable onClose) implements AutoCloseable {
  @Override
  public void close() {
    onClose.run();
  }
}
