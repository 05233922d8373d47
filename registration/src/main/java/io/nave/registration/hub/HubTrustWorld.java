package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.registration.api.HubTrust;
import java.util.List;
import java.util.Optional;

/// Serves [TrustReconciler] from a cache and one client.
record HubTrustWorld(ApiClient client, Cache<ApiObject> maps) implements TrustReconciler.World {
  @Override
  public Optional<ApiObject> map() {
    return maps.get(HubTrust.KEY);
  }

  @Override
  public void write(List<Write> writes) {
    HubWrites.commit(client, writes);
  }
}
