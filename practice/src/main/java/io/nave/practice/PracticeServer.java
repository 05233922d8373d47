package io.nave.practice;

import io.nave.apiserver.http.HttpsServer;
import io.nave.certs.Authority;
import io.nave.certs.KeyPairs;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import java.time.Duration;
import java.util.List;

/// A [PracticeCluster] on the network, with a CA of its own.
public final class PracticeServer implements AutoCloseable {
  private static final Duration LIFETIME = Duration.ofDays(30);

  private final Parts parts = new Parts();
  private final PracticeCluster cluster;
  private final Kubeconfig kubeconfig;

  private PracticeServer(Host host, String name, String address, int port) {
    try {
      cluster = parts.open(PracticeCluster.start(host, name));
      var authority = Authority.create(host, "practice-" + name, LIFETIME);
      var credential =
          authority.issueServing(
              List.of(address, "localhost"), KeyPairs.generate(host.secureRandom()), LIFETIME);
      var server =
          parts.open(
              HttpsServer.start(
                  HttpsServer.Settings.of(address, port), credential, cluster.door(), host));
      kubeconfig =
          Kubeconfig.of(
              name,
              "https://" + address + ":" + server.port(),
              authority.certificatePem(),
              new Kubeconfig.Login.Token(cluster.adminToken()));
    } catch (RuntimeException e) {
      throw parts.closeAfter(e);
    }
  }

  /// Starts a practice cluster that listens.
  ///
  /// @param port 0: any free one
  /// @throws io.nave.apiserver.http.ListenFailure when the port cannot be had
  public static PracticeServer start(Host host, String name, String address, int port) {
    return new PracticeServer(host, name, address, port);
  }

  public PracticeCluster cluster() {
    return cluster;
  }

  /// How its administrator reaches it.
  public Kubeconfig kubeconfig() {
    return kubeconfig;
  }

  @Override
  public void close() {
    parts.close();
  }
}
