package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Watch;
import io.nave.controllers.Backoff;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Watches the hub's objects that applications refer to, and has an application looked at when one
/// of its own changes. Thread-safe.
///
/// There is one watch for each kind and namespace that anybody refers to, whatever the number of
/// applications: begun when it is first needed, ended some minutes after nobody needs it. It keeps
/// no objects; a pass reads the present state. There are no more than [#WATCHES_MAX]: who refers to
/// what is beyond that has to look again by itself.
///
/// An application says anew in every pass what it refers to: first [#forget], then [#follow] before
/// each thing is read, so that no change falls between.
final class Referred implements AutoCloseable {
  /// Kinds and namespaces watched at a time.
  static final int WATCHES_MAX = 100;

  private static final Duration IDLE_MAX = Duration.ofMinutes(10);
  private static final Duration LOOK_UP = Duration.ofMinutes(1);
  private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(5);
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  /// What one watch is about.
  private record Place(ResourceType type, String namespace) {
    @Override
    public String toString() {
      return type.apiVersion() + "/" + type.plural() + "/" + namespace;
    }
  }

  /// What an application refers to in one place.
  static final class Interest {
    private final Reference reference;
    private volatile Set<String> names = Set.of();

    private Interest(Reference reference) {
      this.reference = reference;
    }

    /// The objects that were found, by name: one that loses its label is told of by that.
    void found(Set<String> now) {
      names = Set.copyOf(now);
    }

    private boolean isAbout(ApiObject object) {
      return reference.name().isEmpty()
          ? names.contains(object.name())
              || object.labels().entrySet().containsAll(reference.labels().entrySet())
          : reference.name().equals(object.name());
    }
  }

  private static final class Followed {
    final Map<Key, List<Interest>> interests = new TreeMap<>(); // under monitor
    long idleSince; // under monitor; of the host's nanoTime
    @Nullable Task task; // under monitor

    Followed(long now) {
      idleSince = now;
    }
  }

  private final Host host;
  private final ApiClient client;
  private final Consumer<Key> wake;
  private final Monitor monitor;
  private final Map<String, Followed> followed = new TreeMap<>(); // under monitor, by place
  private final Set<Key> followers = new TreeSet<>(); // under monitor
  private boolean closed; // under monitor

  /// @param wake told an application that has to be looked at
  Referred(Host host, ApiClient client, Consumer<Key> wake) {
    this.host = host;
    this.client = client;
    this.wake = wake;
    monitor = host.monitor();
  }

  /// The application refers to nothing, as far as is known from now on.
  void forget(Key application) {
    try (var _ = monitor.lock()) {
      if (followers.remove(application)) {
        for (var place : followed.values()) {
          if (place.interests.remove(application) != null && place.interests.isEmpty()) {
            place.idleSince = host.nanoTime();
          }
        }
      }
    }
  }

  /// Has the application looked at whenever one of these objects changes.
  ///
  /// @return empty when nobody can tell of changes: too much is watched already
  /// @throws ApiError NotFound when the kind is not served
  Optional<Interest> follow(
      Key application, ResourceType type, String namespace, Reference reference) {
    var place = new Place(type, namespace);
    var known = join(application, place, reference);
    if (known.isPresent() || isFull()) {
      return known;
    }
    var watch = client.watch(type, namespace, Selection.all(), "");
    if (begin(place)) {
      var task = host.start("referred-" + type.plural(), () -> run(place, watch));
      started(place, task);
    } else {
      watch.close();
    }
    return join(application, place, reference);
  }

  private boolean begin(Place place) {
    try (var _ = monitor.lock()) {
      if (isFull() || followed.containsKey(place.toString())) {
        return false;
      }
      followed.put(place.toString(), new Followed(host.nanoTime()));
      return true;
    }
  }

  private void started(Place place, Task task) {
    try (var _ = monitor.lock()) {
      var there = followed.get(place.toString());
      if (there != null) {
        there.task = task;
      }
    }
  }

  private boolean isFull() {
    try (var _ = monitor.lock()) {
      return closed || followed.size() >= WATCHES_MAX;
    }
  }

  private Optional<Interest> join(Key application, Place place, Reference reference) {
    try (var _ = monitor.lock()) {
      var there = followed.get(place.toString());
      if (there == null) {
        return Optional.empty();
      }
      var interest = new Interest(reference);
      there.interests.computeIfAbsent(application, _ -> new ArrayList<>()).add(interest);
      followers.add(application);
      return Optional.of(interest);
    }
  }

  /// Follows one place until nobody is interested any more.
  private void run(Place place, Watch first) {
    var revision = "";
    var failures = 0;
    @Nullable Watch given = first;
    while (isWanted(place)) {
      try (var watch = given == null ? open(place, revision) : given) {
        given = null;
        revision = follow(place, watch, revision);
        failures = 0;
      } catch (ApiError | Transport.Unreachable e) {
        given = null;
        if (e instanceof ApiError && !revision.isEmpty()) {
          revision = ""; // too old, or the kind went: begin with what is there
          interested(place, _ -> true).forEach(wake);
        }
        host.sleep(PAUSES.after(++failures, host.random()));
      }
    }
  }

  private Watch open(Place place, String revision) {
    return client.watch(place.type(), place.namespace(), Selection.all(), revision);
  }

  /// @return the revision to go on from
  private String follow(Place place, Watch watch, String from) {
    var revision = from;
    while (isWanted(place)) {
      var event = watch.next(LOOK_UP);
      if (event == null) {
        if (watch.ended()) {
          return revision;
        }
        continue;
      }
      var object = event.object();
      if (event.kind() != Watch.Kind.BOOKMARK) {
        interested(place, interest -> interest.isAbout(object)).forEach(wake);
      }
      revision = object.resourceVersion().isEmpty() ? revision : object.resourceVersion();
    }
    return revision;
  }

  private Set<Key> interested(Place place, Predicate<Interest> which) {
    var found = new TreeSet<Key>();
    try (var _ = monitor.lock()) {
      var there = followed.get(place.toString());
      if (there != null) {
        there.interests.forEach((application, its) -> {
          if (its.stream().anyMatch(which)) {
            found.add(application);
          }
        });
      }
    }
    return found;
  }

  /// Strikes the place out when it is not.
  private boolean isWanted(Place place) {
    try (var _ = monitor.lock()) {
      var there = followed.get(place.toString());
      if (there == null || closed) {
        return false;
      }
      var idle = Duration.ofNanos(host.nanoTime() - there.idleSince);
      if (there.interests.isEmpty() && idle.compareTo(IDLE_MAX) > 0) {
        followed.remove(place.toString());
        return false;
      }
      return true;
    }
  }

  @Override
  public void close() {
    var tasks = new ArrayList<Task>();
    try (var _ = monitor.lock()) {
      closed = true;
      for (var place : followed.values()) {
        if (place.task != null) {
          tasks.add(place.task);
        }
      }
    }
    tasks.forEach(Task::cancel);
    tasks.forEach(task -> task.join(CLOSE_WAIT_MAX));
  }
}
