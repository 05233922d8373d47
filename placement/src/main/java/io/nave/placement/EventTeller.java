package io.nave.placement;

import io.nave.api.ApiError;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import io.nave.runtime.Task;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes events on a task of its own, at a slow pace, so that no decision waits for them. They are
/// a courtesy: when ten thousand Placements are decided at once most of them are not told, and one
/// that is refused, in a namespace that ends say, is not tried again.
final class EventTeller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventTeller.class);
  private static final int WAITING_MAX = 500;
  private static final Duration PACE = Duration.ofMillis(20); // 50 a second
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Host host;
  private final ApiClient client;
  private final Mailbox<List<Write>> waiting;
  private final Task task;

  private EventTeller(Host host, ApiClient client) {
    this.host = host;
    this.client = client;
    this.waiting = host.mailbox(WAITING_MAX);
    this.task = host.start("placement-events", this::run);
  }

  static EventTeller start(Host host, ApiClient client) {
    return new EventTeller(host, client);
  }

  /// Whether one more would be told.
  boolean hasRoom() {
    return waiting.size() < WAITING_MAX;
  }

  /// Has these told, or forgets them.
  void tell(List<Write> events) {
    waiting.offer(events);
  }

  private void run() {
    for (var next = waiting.take(); next != null; next = waiting.take()) {
      try {
        client.commit(next);
      } catch (ApiError | Transport.Unreachable e) {
        LOG.atDebug().addKeyValue("reason", e.getMessage()).log("events were not told");
      }
      host.sleep(PACE);
    }
  }

  @Override
  public void close() {
    waiting.close();
    task.cancel();
    task.join(PATIENCE);
  }
}
