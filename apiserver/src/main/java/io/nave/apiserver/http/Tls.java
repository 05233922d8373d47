package io.nave.apiserver.http;

import io.nave.certs.Credential;
import io.nave.certs.KeyStores;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;

/// How the server speaks TLS: 1.2 and 1.3, HTTP/2 by ALPN, BoringSSL where its native library loads
/// (handshakes cost a quarter), the JDK's engine elsewhere.
///
/// Clients are asked for a certificate and may go without. Any certificate passes here; the
/// handshake proves possession of its key, and whether to believe it is for the authenticator,
/// which can answer 401 with a reason where TLS could only hang up.
final class Tls {
  private static final int HANDSHAKE_SECONDS = 10;

  private Tls() {}

  static HttpServerOptions apply(HttpServerOptions options, Credential credential) {
    return options
        .setSsl(true)
        .setUseAlpn(true)
        .setSslEngineOptions(engine())
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setClientAuth(ClientAuth.REQUEST)
        .setTrustOptions(TrustOptions.wrap(new JudgedLater()))
        .setKeyCertOptions(key(credential))
        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
  }

  private static SSLEngineOptions engine() {
    // No resumption: a resumed session would skip the handshake that the limits below count on, and
    // agents keep their connections for days.
    return OpenSSLEngineOptions.isAvailable()
        ? new OpenSSLEngineOptions().setSessionCacheEnabled(false)
        : new JdkSSLEngineOptions();
  }

  /// The credential as it is. As PEM it would pass through a PKCS #12 store, which encrypts the key
  /// with 10,000 rounds of a hash only to read it back: half a second of a hub's start. BoringSSL's
  /// form of it is made once, not in each handshake.
  private static KeyCertOptions key(Credential credential) {
    var plain = KeyCertOptions.wrap(KeyStores.keyManager(credential));
    if (!OpenSSLEngineOptions.isAvailable()) {
      return plain;
    }
    try {
      return KeyCertOptions.wrap(
          new OpenSslCachingX509KeyManagerFactory(plain.getKeyManagerFactory(null)));
    } catch (Exception e) {
      throw new IllegalStateException("a key manager in memory has nothing to fail on", e);
    }
  }

  /// Lets every client certificate through, see [Tls].
  private static final class JudgedLater implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException("this end is the server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
