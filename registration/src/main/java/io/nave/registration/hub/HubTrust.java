package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.registration.api.HubKinds;

/// Where a hub publishes whom to trust, so that agents follow when its authority is replaced: the
/// ConfigMap that Kubernetes keeps for this and upstream's tools look for (spec §10.7).
public final class HubTrust {
  /// Its place.
  public static final Key KEY = Key.of("kube-public", "kube-root-ca.crt");

  /// Holds the certificates in PEM, the one that signs now first.
  public static final String FIELD = "ca.crt";

  private HubTrust() {}

  /// The object for these certificates.
  static ApiObject of(String bundlePem) {
    return ApiObject.named(HubKinds.CONFIG_MAP, KEY.namespace(), KEY.name())
        .edit(tree -> tree.putObject("data").put(FIELD, bundlePem));
  }

  /// The certificates in it; empty when it holds none.
  public static String pem(ApiObject map) {
    return map.json().path("data").path(FIELD).asString("");
  }
}
