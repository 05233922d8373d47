package io.nave.e2e;

import io.nave.controllers.HttpsTransport;
import io.nave.controllers.RemoteClient;
import io.nave.runtime.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The API of a running program, by a kubeconfig file.
///
/// @param transport closed with this
record Remote(Transport transport, RemoteClient client) implements AutoCloseable {
  static Remote open(Path kubeconfig) {
    try {
      var folder = kubeconfig.toAbsolutePath().getParent();
      var transport =
          HttpsTransport.fromKubeconfig(
              Until.HOST, Files.readString(kubeconfig), folder == null ? kubeconfig : folder, null);
      return new Remote(transport, new RemoteClient(Until.HOST, transport, "nave-e2e"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + kubeconfig, e);
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
