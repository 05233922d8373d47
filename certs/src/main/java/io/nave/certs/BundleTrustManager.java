package io.nave.certs;

import io.nave.runtime.Host;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// The bundle decides, with its own reasons and the host's clock. Whether a server has the name
/// that was dialled is then asked of the JDK's trust manager, whose rules for that (RFC 6125) we do
/// not want to own; it is built for each handshake because it takes its time at construction.
final class BundleTrustManager extends X509ExtendedTrustManager {
  private final TrustBundle bundle;
  private final Host host;

  BundleTrustManager(TrustBundle bundle, Host host) {
    this.bundle = bundle;
    this.host = host;
  }

  @Override
  public void checkClientTrusted(X509Certificate @Nullable [] chain, String type)
      throws CertificateException {
    try {
      bundle.verifyClient(list(chain), host.now());
    } catch (Untrusted e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate @Nullable [] chain, String type)
      throws CertificateException {
    try {
      bundle.verifyServer(list(chain), host.now());
    } catch (Untrusted e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, type);
    if (engine != null) {
      names().checkServerTrusted(chain, type, engine);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
    if (socket != null) {
      names().checkServerTrusted(chain, type, socket);
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return bundle.authorities().toArray(X509Certificate[]::new);
  }

  @Override
  public String toString() {
    return bundle.toString();
  }

  private X509ExtendedTrustManager names() throws CertificateException {
    try {
      var parameters =
          new PKIXBuilderParameters(KeyStores.trustStore(bundle), new X509CertSelector());
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(host.now()));
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(parameters));
      for (TrustManager each : factory.getTrustManagers()) {
        if (each instanceof X509ExtendedTrustManager found) {
          return found;
        }
      }
      throw new CertificateException("the JDK has no trust manager that checks names");
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the server's name cannot be checked", e);
    }
  }

  private static List<X509Certificate> list(X509Certificate @Nullable [] chain) {
    return chain == null ? List.of() : List.of(chain);
  }
}
