package io.nave.hub;

import io.nave.store.EtcdSettings;
import io.nave.store.StoreUnreachable;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/// Says what to do about an etcd that gave no answer at the start: the client library tells of TLS
/// only in the causes of its faults.
final class EtcdFault {
  private EtcdFault() {}

  /// The same with what to look at, in one line.
  static StoreUnreachable explained(StoreUnreachable fault, EtcdSettings settings) {
    var told = String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
    return new StoreUnreachable(told + ": " + advice(fault, settings), fault);
  }

  private static String advice(Throwable fault, EtcdSettings settings) {
    var tls = settings.tls();
    if (tls == null) {
      return "is it running there? If it speaks TLS, say whom to trust by --etcd-cafile";
    }
    if (has(fault, CertificateException.class) || has(fault, CertPathBuilderException.class)) {
      return "its certificate is not signed by one of --etcd-cafile, or is for another name: take"
          + " the CA of this etcd";
    }
    if (has(fault, SSLException.class)) {
      return tls.key() == null
          ? "it may ask for a client certificate: give one by --etcd-certfile and --etcd-keyfile"
          : "it does not take the client certificate of --etcd-certfile: take one that its"
              + " --trusted-ca-file has signed, with usage client auth";
    }
    return "is it running there, and does it speak TLS?";
  }

  private static boolean has(Throwable fault, Class<? extends Throwable> kind) {
    for (Throwable at = fault; at != null; at = at.getCause()) {
      if (kind.isInstance(at)) {
        return true;
      }
    }
    return false;
  }
}
