package io.nave.apiserver.http;

import io.nave.api.ResourceType;
import io.nave.apiserver.Caller;
import io.nave.runtime.Transport;

/// One request for resources, read as far as its path and query.
record Call(
    Caller caller, Target.Resources target, Query query, Transport.Request request, Trail trail) {
  ResourceType type() {
    return target.type();
  }

  Media media() {
    return Media.of(request.headers().getOrDefault("accept", ""), true);
  }
}
