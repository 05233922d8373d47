package io.nave.bench.scale;

import io.nave.bench.scale.Agents.Doing;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;

/// One hub and its agents, in virtual time: some minutes in which all is well, a restart of all its
/// processes, and the return of the agents. The same seed gives the same outcome.
///
/// Agents behave as Nave's do: a lease every minute, waits between tries to connect that double
/// from 0.1 to 30 s and are shortened at random by up to half, an answer awaited for ten seconds,
/// one status under way for each agent with newer ones taking the place of older ones (conflated),
/// and at least a second's wait after 429. A cluster is taken for silent when its lease is five
/// minutes old.
final class ScaleModel {
  private static final double LEASE_PERIOD = 60;
  private static final double GRACE = 5 * LEASE_PERIOD;
  private static final double PATIENCE = 10;
  private static final double FIRST_WAIT = 0.1;
  private static final double MOST_WAIT = 30;
  private static final double RETRY_AFTER = 1;
  private static final double PUSH_PERIOD = 10;
  private static final double WARM = 60; // leases have found their places

  private final Costs costs;
  private final Shape shape;
  private final Agents agents;
  private final Replica[] replicas;
  private final Histogram leases = new Histogram(3);
  private final Histogram statuses = new Histogram(3);
  private long asked;
  private long refused;
  private long changes;
  private long conflated;
  private double pushAll;

  private ScaleModel(Costs costs, Shape shape, RandomGenerator random) {
    this.costs = costs;
    this.shape = shape;
    this.agents = new Agents(shape.clusters(), random);
    this.replicas = new Replica[shape.replicas()];
    for (var i = 0; i < replicas.length; i++) {
      replicas[i] = new Replica(shape.cores());
    }
  }

  /// Takes some seconds for ten thousand clusters, a minute for a hub that is overrun.
  static Outcome run(Costs costs, Shape shape, RandomGenerator random) {
    return new ScaleModel(costs, shape, random).run();
  }

  private Outcome run() {
    for (var agent = 0; agent < agents.size(); agent++) {
      agents.connected[agent] = true;
      agents.renewed[agent] = -agents.draw(LEASE_PERIOD);
      agents.plan(agents.renewed[agent] + LEASE_PERIOD, Doing.RENEW, agent);
      agents.plan(agents.chance(shape.changesPerHour()), Doing.CHANGE, agent);
    }
    live(0, WARM, false);
    leases.reset();
    statuses.reset();
    asked = refused = changes = conflated = 0;
    var before = busy();
    var end = WARM + shape.seconds();
    live(WARM, end, true);
    var share = (busy() - before) / (shape.seconds() * shape.replicas() * shape.cores());
    var leaseP99 = leases.getValueAtPercentile(99) / 1e6;
    var statusP99 = statuses.getValueAtPercentile(99) / 1e6;
    var refusedShare = share(refused, asked);
    var conflatedShare = share(conflated, changes);
    var silent = agents.silent(end, GRACE);
    var returned = comeBack(end);
    return new Outcome(
        share,
        leaseP99,
        statusP99,
        pushAll,
        refusedShare,
        conflatedShare,
        silent,
        returned,
        agents.silent(end + shape.seconds(), GRACE),
        costs.processBytes()
            + costs.connectionBytes() * shape.clusters() / shape.replicas()
            + costs.clusterBytes() * shape.clusters());
  }

  private static double share(long some, long all) {
    return all == 0 ? 0 : (double) some / all;
  }

  private double busy() {
    var sum = 0.0;
    for (var replica : replicas) {
      sum += replica.busy();
    }
    return sum;
  }

  /// @param pushing whether placements change meanwhile
  private void live(double from, double end, boolean pushing) {
    var push = from;
    while (true) {
      var stop = pushing ? Math.min(push, end) : end;
      for (var next = agents.next(stop); next != null; next = agents.next(stop)) {
        happen(next);
      }
      if (stop >= end) {
        return;
      }
      push(push);
      push += PUSH_PERIOD;
    }
  }

  private void happen(Agents.Next next) {
    switch (next.doing()) {
      case CONNECT -> connect(next.at(), next.agent());
      case RENEW -> renew(next.at(), next.agent());
      case CHANGE -> change(next.at(), next.agent());
      case TELL -> tell(next.at(), next.agent());
    }
  }

  private Replica of(int agent) {
    return replicas[agent % replicas.length];
  }

  /// A write is heard by every other replica.
  private double write(double now, int agent, double cost) {
    asked++;
    var end = of(agent).serve(now, cost, costs.refuse());
    if (Double.isNaN(end)) {
      refused++;
    } else if (replicas.length > 1) {
      for (var i = 0; i < replicas.length; i++) {
        if (i != agent % replicas.length) {
          replicas[i].work(now, costs.hear());
        }
      }
    }
    return end;
  }

  private void renew(double now, int agent) {
    if (!agents.connected[agent]) {
      return; // renews when it is back
    }
    var end = write(now, agent, costs.lease());
    if (failed(now, end, agent, Doing.RENEW)) {
      return;
    }
    agents.renewed[agent] = Math.max(agents.renewed[agent], end);
    leases.recordValue(micros(end - now));
    agents.plan(Math.max(end, now + LEASE_PERIOD), Doing.RENEW, agent);
  }

  private void change(double now, int agent) {
    changes++;
    if (Double.isNaN(agents.changedAt[agent])) {
      agents.changedAt[agent] = now;
      agents.plan(now, Doing.TELL, agent);
    } else {
      conflated++;
    }
    agents.plan(now + agents.chance(shape.changesPerHour()), Doing.CHANGE, agent);
  }

  private void tell(double now, int agent) {
    if (!agents.connected[agent]) {
      return; // tells when it is back
    }
    var end = write(now, agent, costs.status());
    if (failed(now, end, agent, Doing.TELL)) {
      return;
    }
    statuses.recordValue(micros(end - agents.changedAt[agent]));
    agents.changedAt[agent] = Double.NaN;
  }

  /// Whether it was turned away, or took so long that the agent gave up, and the work was done for
  /// nothing; it is tried again later then.
  private boolean failed(double now, double end, int agent, Doing what) {
    var refusal = Double.isNaN(end);
    if (!refusal && end - now <= PATIENCE) {
      agents.failures[agent] = 0;
      return false;
    }
    agents.failures[agent]++;
    var wait = waitAfter(agents.failures[agent]);
    var least = refusal ? RETRY_AFTER : PATIENCE;
    agents.plan(now + Math.max(least, wait - agents.draw(wait / 2)), what, agent);
    return true;
  }

  private static double waitAfter(int failures) {
    return Math.min(MOST_WAIT, FIRST_WAIT * Math.pow(2, failures - 1.0));
  }

  /// A placement changes: its clusters' works are written one after the other, and heard of.
  private void push(double now) {
    var last = now;
    for (var i = 0; i < shape.pushed(); i++) {
      var agent = (int) agents.draw(agents.size());
      if (agents.connected[agent]) {
        last = Math.max(last, of(agent).work(now, costs.push()));
      }
    }
    pushAll = Math.max(pushAll, last - now);
  }

  private void connect(double now, int agent) {
    var end = of(agent).serve(now, costs.connect(), costs.refuse());
    if (failed(now, end, agent, Doing.CONNECT)) {
      return;
    }
    agents.connected[agent] = true;
    agents.plan(end, Doing.RENEW, agent);
    if (!Double.isNaN(agents.changedAt[agent])) {
      agents.plan(end, Doing.TELL, agent);
    }
  }

  /// All processes end and start again; agents try at once.
  ///
  /// @return how long it took until the last was back; infinite when it was not in time
  private double comeBack(double now) {
    var again = now + costs.restart();
    for (var replica : replicas) {
      replica.restart(again);
    }
    agents.cutOff();
    for (var agent = 0; agent < agents.size(); agent++) {
      var at = now;
      do { // nobody listens until then
        agents.failures[agent]++;
        var wait = waitAfter(agents.failures[agent]);
        at += wait - agents.draw(wait / 2);
      } while (at < again);
      agents.plan(at, Doing.CONNECT, agent);
    }
    var end = now + shape.seconds();
    var away = agents.size();
    var last = now;
    for (var next = agents.next(end); next != null; next = agents.next(end)) {
      var was = agents.connected[next.agent()];
      happen(next);
      if (!was && agents.connected[next.agent()]) {
        away--;
        last = next.at();
      }
    }
    return away == 0 ? last - now : Double.POSITIVE_INFINITY;
  }

  private static long micros(double seconds) {
    return Math.max(0, Math.round(seconds * 1e6));
  }
}
