package io.nave.apiserver.upkeep;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.kinds.CertificateSigningRequest;
import io.nave.apiserver.kinds.CoreKinds;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.runtime.Host;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Deletes what nobody looks at any more, as Kubernetes does: events an hour after they were last
/// seen, certificate requests an hour after they were answered or a day after nobody did. Its keys
/// are [#EVENTS] and [#REQUESTS].
///
/// - Reads: all events, all certificate requests, every ten minutes.
/// - Writes: deletes them, some at a time.
/// - Safe to repeat: it goes by the times in the objects alone.
public final class Expiry implements Reconciler {
  static final Key EVENTS = Key.of("events");
  static final Key REQUESTS = Key.of("requests");

  private static final ResourceType CSRS = ResourceType.of(CertificateSigningRequest.class);
  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final Duration ANSWERED = Duration.ofHours(1);
  private static final Duration UNANSWERED = Duration.ofHours(24);
  private static final int DELETES_PER_COMMIT = 500;

  private final Host host;
  private final ApiClient client;

  public Expiry(Host host, ApiClient client) {
    this.host = host;
    this.client = client;
  }

  @Override
  public Outcome reconcile(Key key) {
    var type = key.equals(EVENTS) ? CoreKinds.EVENTS : CSRS;
    var now = host.now();
    var old = new ArrayList<Write>();
    for (var object : client.list(type, "", Selection.all()).items()) {
      var end = key.equals(EVENTS) ? endOfEvent(object) : endOfRequest(object);
      if (end != null && end.isBefore(now)) {
        old.add(new Write.Delete(type, object.key(), object.uid()));
      }
    }
    for (var from = 0; from < old.size(); from += DELETES_PER_COMMIT) {
      client.commit(
          List.copyOf(old.subList(from, Math.min(old.size(), from + DELETES_PER_COMMIT))));
    }
    return new Outcome.CheckAfter(EVERY);
  }

  private static @Nullable Instant endOfEvent(ApiObject event) {
    var last = event.creationTimestamp();
    for (var place : List.of("/series/lastObservedTime", "/lastTimestamp")) {
      var seen = time(event.at(place).asString(""));
      last = last == null || (seen != null && seen.isAfter(last)) ? seen : last;
    }
    return last == null ? null : last.plus(ANSWERED);
  }

  private static @Nullable Instant endOfRequest(ApiObject csr) {
    var born = csr.creationTimestamp();
    if (csr.at("/status/conditions").isEmpty()) {
      return born == null ? null : born.plus(UNANSWERED);
    }
    var answered = born;
    for (var condition : csr.at("/status/conditions")) {
      var seen = time(condition.path("lastUpdateTime").asString(""));
      answered = answered == null || (seen != null && seen.isAfter(answered)) ? seen : answered;
    }
    return answered == null ? null : answered.plus(ANSWERED);
  }

  /// Null for what is no time: what came in as it liked must not stop the rest.
  private static @Nullable Instant time(String text) {
    try {
      return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
