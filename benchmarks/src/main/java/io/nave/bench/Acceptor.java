package io.nave.bench;

import io.nave.bench.wire.Answer;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Events;
import io.nave.bench.wire.Line;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The administrator who lets clusters in: accepts each that asks, and approves certificate
/// requests that the hub has not decided by itself after a while.
final class Acceptor {
  private static final String CLUSTERS =
      "/apis/cluster.open-cluster-management.io/v1/managedclusters";
  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Run run;
  private final Line line;
  private final AtomicReference<@Nullable String> fault = new AtomicReference<>();

  private Acceptor(Run run) {
    this.run = run;
    this.line = run.adminLine();
  }

  static Acceptor start(Run run) {
    var acceptor = new Acceptor(run);
    acceptor.follow(CLUSTERS, acceptor::accept);
    acceptor.follow(REQUESTS, acceptor::lookLater);
    return acceptor;
  }

  /// @throws IllegalStateException when a cluster could not be accepted
  void requireGood() {
    var first = fault.get();
    if (first != null) {
      throw new IllegalStateException("the administrator was refused: " + first);
    }
  }

  private void follow(String path, java.util.function.Consumer<JsonNode> each) {
    line.stream(
        Ask.get(path + "?watch=true&timeoutSeconds=86400"),
        new Events(event -> each.accept(event.path("object")), _ -> {}));
  }

  private void accept(JsonNode cluster) {
    if (!cluster.path("spec").path("hubAcceptsClient").asBoolean(false)) {
      line.send(
          Ask.merge(CLUSTERS + "/" + name(cluster), "{\"spec\":{\"hubAcceptsClient\":true}}"),
          this::note);
    }
  }

  private void lookLater(JsonNode request) {
    if (undecided(request)) {
      run.wire.after(
          PATIENCE,
          () ->
              line.send(
                  Ask.get(REQUESTS + "/" + name(request)),
                  answer -> {
                    if (answer.good() && undecided(answer.json())) {
                      approve(answer.json());
                    }
                  }));
    }
  }

  private void approve(ObjectNode request) {
    request
        .withObjectProperty("status")
        .withArrayProperty("conditions")
        .addObject()
        .put("type", "Approved")
        .put("status", "True")
        .put("reason", "BenchApprove")
        .put("message", "approved by the load driver");
    line.send(
        Ask.put(REQUESTS + "/" + name(request) + "/approval", io.nave.api.Json.encode(request)),
        answer -> {
          if (answer.status() != 409) {
            note(answer);
          }
        });
  }

  private void note(Answer answer) {
    if (!answer.good()) {
      fault.compareAndSet(null, answer.toString());
    }
  }

  private static boolean undecided(JsonNode request) {
    return request.path("status").path("conditions").isEmpty();
  }

  private static String name(JsonNode object) {
    return object.path("metadata").path("name").asString("");
  }
}
