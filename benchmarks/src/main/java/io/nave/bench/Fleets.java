package io.nave.bench;

import io.nave.api.Json;
import io.nave.bench.fleet.Fleet;
import io.nave.bench.wire.Ask;
import io.nave.controllers.Kubeconfig;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// Fleets of a run: drawn up, let in, measured.
final class Fleets {
  /// Agents in the handshake at once.
  static final int PARALLEL = 32;

  private static final Duration EACH_AT_MOST = Duration.ofSeconds(2);
  private static final Duration AT_LEAST = Duration.ofMinutes(2);
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  private Fleets() {}

  /// The name of the n-th cluster.
  static String cluster(int number) {
    return "c%05d".formatted(number);
  }

  static List<String> clusters(int count) {
    return IntStream.range(0, count).mapToObj(Fleets::cluster).toList();
  }

  /// A fleet that has not begun; takes a millisecond for each agent.
  static Fleet draw(Run run, int agents) {
    run.progress.phase("drawing up " + agents + " agents");
    var id = letters(run, 6);
    var secret = letters(run, 16);
    var object = Fleet.bootstrapSecret(id, secret, run.host.now().plus(Duration.ofHours(12)));
    var line = run.adminLine();
    run.namespace(line, "kube-system");
    line.must(Ask.post("/api/v1/namespaces/kube-system/secrets", Json.encode(object)));
    line.close();
    return new Fleet(
        run.host,
        run.wire,
        new Kubeconfig.Login.Token(id + "." + secret),
        clusters(agents),
        run.random);
  }

  /// Lets a fleet in, and waits until all of it is in sync.
  static void join(Run run, Fleet fleet, int parallel) {
    var acceptor = Acceptor.start(run);
    var patience = EACH_AT_MOST.multipliedBy(fleet.size()).plus(AT_LEAST);
    run.progress.during(
        () -> fleet.joined() + " joined, " + fleet.inSync() + " in sync " + fleet.troubles(),
        () -> fleet.join(parallel, patience));
    acceptor.requireGood();
  }

  /// Lets in whoever asks, from now on.
  static Acceptor accept(Run run) {
    return Acceptor.start(run);
  }

  static void awaitSynced(Run run, Fleet fleet) {
    var patience = EACH_AT_MOST.multipliedBy(fleet.size()).plus(AT_LEAST);
    run.progress.during(
        () -> fleet.inSync() + " of " + fleet.size() + " in sync " + fleet.troubles(),
        () -> fleet.awaitSynced(patience));
  }

  /// A fleet that is in and in sync.
  static Fleet joined(Run run, int agents) {
    var fleet = draw(run, agents);
    join(run, fleet, PARALLEL);
    awaitSynced(run, fleet);
    return fleet;
  }

  private static String letters(Run run, int count) {
    var text = new StringBuilder();
    for (var i = 0; i < count; i++) {
      text.append(ALPHABET.charAt(run.host.secureRandom().nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}
