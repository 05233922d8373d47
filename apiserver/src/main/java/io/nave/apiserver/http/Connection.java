package io.nave.apiserver.http;

import io.nave.runtime.Service;
import io.vertx.core.http.HttpConnection;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;

/// One client's connection: who it is, and since when it does nothing.
final class Connection {
  private final HttpConnection wire;
  private final Service.Peer peer;
  private final AtomicInteger active = new AtomicInteger();
  private volatile long idleSinceNanos;

  Connection(HttpConnection wire, long nowNanos) {
    this.wire = wire;
    var address = wire.remoteAddress();
    this.peer =
        new Service.Peer(
            certificates(wire), address == null ? "" : address.host() + ":" + address.port());
    this.idleSinceNanos = nowNanos;
  }

  Service.Peer peer() {
    return peer;
  }

  void began() {
    active.incrementAndGet();
  }

  void ended(long nowNanos) {
    idleSinceNanos = nowNanos;
    active.decrementAndGet();
  }

  /// Closes it when no request was answered for so long. Half a request is none.
  void closeIfIdle(long nowNanos, long idleNanosMax) {
    if (active.get() == 0 && nowNanos - idleSinceNanos > idleNanosMax) {
      wire.close();
    }
  }

  private static List<X509Certificate> certificates(HttpConnection wire) {
    var found = new ArrayList<X509Certificate>();
    try {
      for (Certificate each : wire.sslSession().getPeerCertificates()) {
        if (each instanceof X509Certificate certificate) {
          found.add(certificate);
        }
      }
    } catch (SSLPeerUnverifiedException e) {
      return List.of(); // it showed none
    }
    return found;
  }
}
