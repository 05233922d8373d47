package io.nave.apiserver.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The front door's metrics:
///
/// - `hub_api_requests_total{verb,resource_group,code}`: answers given
/// - `hub_api_request_seconds{verb}`: from the request's arrival to the head of its answer
/// - `hub_api_watches`: watches open now
/// - `hub_api_in_flight`: requests being answered now, watches not counted
///
/// All labels come from closed sets: the verbs of [Verb] and `other`; the groups served here,
/// `core` and `none`; the codes this server gives.
public final class ApiMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private record Labels(String verb, String group, int code) {}

  private final PrometheusMeterRegistry registry;
  private final Map<Labels, Counter> requests = new ConcurrentHashMap<>();
  private final Map<String, Timer> seconds = new ConcurrentHashMap<>();

  public ApiMetrics(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  void watch(Gate inFlight, Gate watches) {
    Gauge.builder("hub.api.watches", watches, Gate::inside)
        .description("Watches open now")
        .register(registry);
    Gauge.builder("hub.api.in.flight", inFlight, Gate::inside)
        .description("Requests being answered now, watches not counted")
        .register(registry);
  }

  void answered(String verb, String group, int code, Duration took) {
    requests.computeIfAbsent(new Labels(verb, group, code), this::counter).increment();
    seconds.computeIfAbsent(verb, this::timer).record(took);
  }

  /// All metrics of the registry, as Prometheus reads them.
  String scrape() {
    return registry.scrape();
  }

  private Counter counter(Labels labels) {
    return Counter.builder("hub.api.requests")
        .description("Answers given")
        .tag("verb", labels.verb())
        .tag("resource_group", labels.group())
        .tag("code", Integer.toString(labels.code()))
        .register(registry);
  }

  private Timer timer(String verb) {
    return Timer.builder("hub.api.request")
        .description("From the arrival of a request to the head of its answer")
        .tag("verb", verb)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
