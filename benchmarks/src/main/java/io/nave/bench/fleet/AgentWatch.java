package io.nave.bench.fleet;

import io.nave.bench.wire.Answer;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Events;
import io.nave.bench.wire.Line;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One watch of an agent, as client-go's informers keep it: the present objects by a streaming
/// list, or by a plain one where the hub knows no other (Kubernetes before 1.27 calls the question
/// invalid); then changes; ended by the hub after five to ten minutes, or with its line, and
/// resumed where it ended; begun anew where the hub does not know that any more; tried again with
/// growing waits when it is refused. Event loop of its line only.
final class AgentWatch {
  private static final Duration RETRY_FIRST = Duration.ofMillis(800);
  private static final Duration RETRY_MAX = Duration.ofSeconds(30);

  /// A hub that cannot resume may say so by an event; without one within this, it has resumed.
  private static final Duration DOUBT = Duration.ofMillis(50);

  private static final int GONE = 410;

  private final String path;
  private final String selector;
  private final RandomGenerator random;
  private final Consumer<ObjectNode> changed;
  private final Consumer<JsonNode> deleted;
  private final Runnable synced;
  private @Nullable Line line; // null while there is none
  private String revision = "";
  private int asked; // how often
  private boolean streams = true; // until the hub says that it cannot
  private boolean inSync; // on this line
  private Duration retry = RETRY_FIRST;

  /// @param selector query parameters, or empty
  /// @param changed gets each object that was added or modified
  /// @param synced called once a line, when everything there was has been told; a kind that the hub
  ///   does not serve counts as told
  AgentWatch(
      String path,
      String selector,
      RandomGenerator random,
      Consumer<ObjectNode> changed,
      Consumer<JsonNode> deleted,
      Runnable synced) {
    this.path = path;
    this.selector = selector;
    this.random = random;
    this.changed = changed;
    this.deleted = deleted;
    this.synced = synced;
  }

  /// Watches over a line, from where it was on the one before.
  void open(Line next) {
    line = next;
    inSync = false;
    retry = RETRY_FIRST;
    ask(next);
  }

  private void ask(Line on) {
    if (!on.equals(line)) {
      return;
    }
    if (revision.isEmpty() && !streams) {
      on.send(
          Ask.get(path + (selector.isEmpty() ? "" : "?" + selector)), answer -> listed(on, answer));
    } else {
      var resumes = !revision.isEmpty();
      var turn = ++asked;
      on.stream(
          Ask.get(target()),
          new Events(
              () -> {
                if (resumes) {
                  on.after(DOUBT, () -> resumed(on, turn));
                }
              },
              event -> event(on, event),
              last -> over(on, last)));
    }
  }

  private void resumed(Line on, int turn) {
    if (on.equals(line) && turn == asked && !revision.isEmpty()) {
      inSync();
    }
  }

  /// Ignores what still comes, until there is another line.
  void pause() {
    line = null;
  }

  private void listed(Line on, Answer answer) {
    if (!on.equals(line) || !answer.good()) {
      over(on, answer);
      return;
    }
    var list = answer.json();
    for (var item : list.path("items")) {
      changed.accept((ObjectNode) item);
    }
    remember(list.path("metadata"));
    inSync();
    ask(on);
  }

  private String target() {
    var seconds = 300 + random.nextInt(300);
    var from =
        revision.isEmpty()
            ? "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
            : "&resourceVersion=" + revision;
    return path
        + "?watch=true&allowWatchBookmarks=true&timeoutSeconds="
        + seconds
        + from
        + (selector.isEmpty() ? "" : "&" + selector);
  }

  private void event(Line on, ObjectNode event) {
    if (!on.equals(line)) {
      return;
    }
    var object = event.path("object");
    var meta = object.path("metadata");
    switch (event.path("type").asString("")) {
      case "ADDED", "MODIFIED" -> {
        remember(meta);
        changed.accept((ObjectNode) object);
      }
      case "DELETED" -> {
        remember(meta);
        deleted.accept(object);
      }
      case "BOOKMARK" -> {
        remember(meta);
        if (meta.path("annotations").has("k8s.io/initial-events-end")) {
          inSync();
        }
      }
      default -> revision = ""; // ERROR: what it resumed from is gone
    }
  }

  private void remember(JsonNode meta) {
    retry = RETRY_FIRST;
    revision = meta.path("resourceVersion").asString("");
  }

  private void inSync() {
    if (!inSync) {
      inSync = true;
      synced.run();
    }
  }

  private void over(Line on, Answer last) {
    if (!on.equals(line) || last.status() == 0) {
      return; // the line is gone, and the agent makes a new one
    }
    if (last.status() == GONE) {
      revision = "";
      ask(on);
      return;
    }
    if (last.status() == 200) {
      ask(on);
      return;
    }
    if (streams && (last.status() == 400 || last.status() == 422)) {
      streams = false;
      ask(on);
      return;
    }
    if (last.status() == 404 && notServed(new String(last.body(), StandardCharsets.UTF_8))) {
      inSync();
    }
    on.after(retry, () -> ask(on));
    var next = retry.multipliedBy(2);
    retry = next.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : next;
  }

  /// A kind or a whole group, and not an object, that the hub does not have.
  private static boolean notServed(String answer) {
    return answer.contains("could not find the requested") || answer.contains("404 page not found");
  }
}
