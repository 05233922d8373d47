package io.nave.controllers;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Trusts servers signed by the authorities that were given and by no others, and says in a
/// sentence why it does not trust one.
final class GivenTrust extends X509ExtendedTrustManager {
  /// Why a server is not trusted; the message is for people.
  static final class Untrusted extends CertificateException {
    private static final long serialVersionUID = 1L;

    Untrusted(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final X509ExtendedTrustManager rules;
  private final List<String> given; // subjects, for messages

  private GivenTrust(X509ExtendedTrustManager rules, List<String> given) {
    this.rules = rules;
    this.given = given;
  }

  /// @param caPem empty: the authorities the Java runtime trusts
  static GivenTrust of(String caPem) {
    try {
      var subjects = new ArrayList<String>();
      KeyStore store = null;
      if (!caPem.isEmpty()) {
        store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (var authority : PemReader.certificates("certificate-authority", caPem)) {
          store.setCertificateEntry("ca-" + subjects.size(), authority);
          subjects.add(authority.getSubjectX500Principal().getName());
        }
      }
      return new GivenTrust(rules(store), subjects);
    } catch (GeneralSecurityException | IOException e) {
      throw new Kubeconfig.Unusable("certificate-authority: " + e.getMessage(), e);
    }
  }

  private static X509ExtendedTrustManager rules(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager extended) {
        return extended;
      }
    }
    throw new GeneralSecurityException("this Java runtime has no X.509 trust manager");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    try {
      rules.checkServerTrusted(chain, type, engine);
    } catch (CertificateException e) {
      throw explained(chain, type, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    try {
      rules.checkServerTrusted(chain, type, socket);
    } catch (CertificateException e) {
      throw explained(chain, type, e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    try {
      rules.checkServerTrusted(chain, type);
    } catch (CertificateException e) {
      throw explained(chain, type, e);
    }
  }

  private Untrusted explained(X509Certificate[] chain, String type, CertificateException fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return new Untrusted(
            "the server's certificate expired at "
                + chain[0].getNotAfter().toInstant()
                + "; renew it, or set this machine's clock",
            fault);
      }
      if (cause instanceof CertificateNotYetValidException) {
        return new Untrusted(
            "the server's certificate is not valid before "
                + chain[0].getNotBefore().toInstant()
                + "; set this machine's clock, or the server's",
            fault);
      }
    }
    try {
      rules.checkServerTrusted(chain, type); // the same without the name
    } catch (CertificateException e) {
      return new Untrusted(
          "the server's certificate is not signed by the CA that was given: it was issued by "
              + chain[0].getIssuerX500Principal().getName()
              + ", given "
              + (given.isEmpty() ? "were the public ones of this Java runtime" : given)
              + "; take the CA of this server",
          fault);
    }
    return new Untrusted(
        "the server's certificate is not for this address ("
            + fault.getMessage()
            + "); use an address it is for, or add this one to it",
        fault);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    rules.checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    rules.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    rules.checkClientTrusted(chain, type, engine);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return rules.getAcceptedIssuers();
  }
}
