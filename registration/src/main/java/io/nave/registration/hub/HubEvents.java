package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.registration.api.HubKinds;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What happened to a cluster, as the events that `kubectl describe` shows; they stand in the
/// cluster's namespace and go away by themselves after an hour.
final class HubEvents {
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private HubEvents() {}

  /// The namespace to tell of a cluster in: its own, else the one where Kubernetes tells of what
  /// has none; nowhere when neither is there.
  static Optional<String> namespaceFor(
      String cluster, Function<Key, Optional<ApiObject>> namespaces) {
    return Stream.of(cluster, "default")
        .filter(name -> namespaces.apply(Key.of(name)).filter(n -> !n.deleting()).isPresent())
        .findFirst();
  }

  /// The write that tells of something; part of the commit that made it so.
  ///
  /// @param namespace one that is there, or is made earlier in the same commit
  static Write of(
      ResourceType type,
      ApiObject subject,
      String namespace,
      String reason,
      String note,
      Instant now) {
    var stamp = Long.toHexString(now.getEpochSecond() * 1_000_000_000L + now.getNano());
    var name = subject.name() + "." + reason.toLowerCase(Locale.ROOT) + "." + stamp;
    var event =
        ApiObject.named(HubKinds.EVENT, namespace, name)
            .edit(tree -> {
              tree.put("eventTime", MICRO_TIME.format(now.truncatedTo(ChronoUnit.MICROS)));
              tree.put("reportingController", "registration.nave.io/hub");
              tree.put("reportingInstance", "nave-hub");
              tree.put("action", reason).put("reason", reason);
              tree.put("type", "Normal").put("note", note);
              var about = tree.putObject("regarding");
              about.put("apiVersion", type.apiVersion()).put("kind", type.kind());
              about.put("name", subject.name()).put("uid", subject.uid());
            });
    return new Write.Create(HubKinds.EVENT, event);
  }
}
