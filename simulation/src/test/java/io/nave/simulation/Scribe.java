package io.nave.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.SimHost;
import java.time.Duration;
import java.util.TreeMap;

/// Writes numbers to the hub all the time and remembers which were acknowledged: none of those may
/// be lost. A write without an answer may have happened or not.
final class Scribe {
  private static final ResourceType CONFIG_MAP =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
  private static final int PAGES = 5;

  private final SimHost host;
  private final ApiClient hub;
  private final TreeMap<String, Integer> acknowledged = new TreeMap<>();
  private final TreeMap<String, Integer> tried = new TreeMap<>();

  private Scribe(SimHost host, ApiClient hub) {
    this.host = host;
    this.hub = hub;
  }

  static Scribe start(Fleet fleet) {
    var scribe = new Scribe(fleet.administrator().host(), fleet.administrator().client());
    scribe.host.start("scribe", scribe::write);
    return scribe;
  }

  private void write() {
    for (var number = 1; ; number++) {
      var page = "page-" + host.random().nextInt(PAGES);
      try {
        tried.put(page, number);
        put(page, number);
        acknowledged.put(page, number);
      } catch (Transport.Unreachable | ApiError e) {
        host.world().log("scribe: no answer for " + number + " on " + page);
      }
      host.sleep(Duration.ofMillis(host.random().nextInt(20, 1500)));
    }
  }

  private void put(String page, int number) {
    var key = Key.of("default", page);
    if (hub.find(CONFIG_MAP, key).isPresent()) {
      hub.patch(
          CONFIG_MAP,
          key,
          "",
          Patch.merge(body -> body.putObject("data").put("number", String.valueOf(number))));
    } else {
      hub.create(
          CONFIG_MAP,
          ApiObject.named(CONFIG_MAP, "default", page)
              .edit(tree -> tree.putObject("data").put("number", String.valueOf(number))));
    }
  }

  /// How many writes were acknowledged.
  int count() {
    return acknowledged.values().stream().mapToInt(each -> each).sum();
  }

  /// Nothing acknowledged is gone, and nothing is there that was not written.
  void check(Fleet fleet) {
    acknowledged.forEach((page, number) -> {
      var found =
          fleet
              .administrator()
              .insist(() -> hub.find(CONFIG_MAP, Key.of("default", page)))
              .map(object -> object.at("/data/number").asInt())
              .orElse(0);
      assertThat(found).as(page).isBetween(number, tried.get(page));
    });
  }
}
