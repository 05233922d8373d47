package io.nave.store;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where an etcd is and how it is used.
///
/// @param endpoints such as `http://10.0.0.1:2379`, at least one; all of one cluster
/// @param prefix of every key, such as `/nave`
/// @param tls null: plain connections
/// @param operationsMax most operations of a transaction, as etcd's `--max-txn-ops` allows
/// @param requestBytesMax of a transaction, below etcd's `--max-request-bytes`
public record EtcdSettings(
    List<String> endpoints,
    String prefix,
    @Nullable Tls tls,
    int operationsMax,
    int requestBytesMax) {
  private static final int OPERATIONS = 128; // etcd's default
  private static final int REQUEST_BYTES =
      1 << 20; // etcd's default is 1.5 MiB, and keys come on top

  /// Whom to trust, and who we are.
  ///
  /// @param authorities empty: those of the JDK
  /// @param chain empty: no client certificate
  public record Tls(
      List<X509Certificate> authorities, List<X509Certificate> chain, @Nullable PrivateKey key) {
    public Tls {
      authorities = List.copyOf(authorities);
      chain = List.copyOf(chain);
    }

    /// Never the key.
    @Override
    public String toString() {
      return "TLS with " + authorities.size() + " authorities";
    }
  }

  public EtcdSettings {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("an etcd has at least one endpoint");
    }
    if (!prefix.startsWith("/") || prefix.endsWith("/")) {
      throw new IllegalArgumentException(
          "the prefix of etcd keys begins with a '/' and does not end with one, was " + prefix);
    }
    if (operationsMax < 2) {
      throw new IllegalArgumentException(
          "a transaction needs at least 2 operations, was " + operationsMax);
    }
  }

  /// With etcd's own defaults and the prefix `/nave`.
  public static EtcdSettings of(List<String> endpoints, @Nullable Tls tls) {
    return new EtcdSettings(endpoints, "/nave", tls, OPERATIONS, REQUEST_BYTES);
  }

  public EtcdSettings withPrefix(String other) {
    return new EtcdSettings(endpoints, other, tls, operationsMax, requestBytesMax);
  }

  public EtcdSettings withOperationsMax(int most) {
    return new EtcdSettings(endpoints, prefix, tls, most, requestBytesMax);
  }
}
