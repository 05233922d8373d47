package io.nave.hub;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.certs.Authority;
import io.nave.controllers.ApiClient;
import io.nave.runtime.RealHost;
import io.nave.store.MemoryEngine;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ObjectNode;

/// A whole hub in memory but for its socket, and its API as a part of its process has it.
final class WholeHub implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final RealHost host = RealHost.start("hub");
  private final HubCore core;
  private final ApiClient admin;

  private WholeHub(String part) {
    core =
        HubCore.start(
            host,
            new MemoryEngine(),
            Authority.create(host, "test", Duration.ofDays(1)),
            HubConfig.GIT_VERSION,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    admin = core.client(part);
  }

  /// @param part the name its API knows the test by
  static WholeHub start(String part) {
    return new WholeHub(part);
  }

  HubCore core() {
    return core;
  }

  ApiClient admin() {
    return admin;
  }

  /// Creates an object of this type that is written without apiVersion and kind.
  void create(ResourceType type, String yaml) {
    admin.create(type, object(type, yaml));
  }

  static ApiObject object(ResourceType type, String yaml) {
    var tree = (ObjectNode) Yaml.parse(yaml);
    return ApiObject.of(tree.put("apiVersion", type.apiVersion()).put("kind", type.kind()));
  }

  /// Waits a minute at most: far more than it takes, as machines are busy.
  void await(BooleanSupplier reached) {
    var until = host.nanoTime() + PATIENCE.toNanos();
    while (!reached.getAsBoolean()) {
      if (host.nanoTime() > until) {
        throw new AssertionError("not reached in " + PATIENCE.toSeconds() + " s");
      }
      host.sleep(Duration.ofMillis(10));
    }
  }

  @Override
  public void close() {
    core.close();
    host.close();
  }
}
