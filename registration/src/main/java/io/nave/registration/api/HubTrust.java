package io.nave.registration.api;

import io.nave.api.ApiObject;
import io.nave.api.Key;

/// Where a hub publishes whom to trust, so that agents follow when its authority is replaced: the
/// ConfigMap that Kubernetes keeps for this and upstream's tools look for (spec §10.7).
public final class HubTrust {
  /// Its place.
  public static final Key KEY = Key.of("kube-public", "kube-root-ca.crt");

  /// Holds the certificates in PEM.
  public static final String FIELD = "ca.crt";

  /// Holds the fingerprint of the one that signs agents' certificates. A hub of another make has no
  /// such field, and its `ca.crt` says nothing about agents.
  public static final String SIGNER_FIELD = "signing-authority";

  private HubTrust() {}

  /// The object for these certificates.
  ///
  /// @param signer fingerprint of the one that signs now
  public static ApiObject of(String bundlePem, String signer) {
    return ApiObject.named(HubKinds.CONFIG_MAP, KEY.namespace(), KEY.name())
        .edit(tree -> tree.putObject("data").put(FIELD, bundlePem).put(SIGNER_FIELD, signer));
  }

  /// The certificates in it; empty when it holds none.
  public static String pem(ApiObject map) {
    return map.json().path("data").path(FIELD).asString("");
  }

  /// The fingerprint of the one that signs; empty when it is not told.
  public static String signer(ApiObject map) {
    return map.json().path("data").path(SIGNER_FIELD).asString("");
  }
}
