package io.nave.runtime.sim;

import java.util.ArrayDeque;

/// One direction of a connection: what is sent arrives once and in order, however late. A partition
/// holds it back; when that lasts for a time-out, the sender is told.
final class Wire {
  private static final long RESEND_NANOS = 200_000_000;
  private static final int RESENDS_MAX = 20;

  private final SimNetwork network;
  private final Timers timers;
  private final SimHost from;
  private final SimHost to;
  private final Runnable whenStalled;
  private final ArrayDeque<Message> underWay = new ArrayDeque<>();
  private Timers.Timer stall;
  private boolean stalled;

  /// What is sent: an action of the receiver's end.
  static final class Message {
    private final Runnable arrive;
    private boolean here;

    private Message(Runnable arrive) {
      this.arrive = arrive;
    }
  }

  Wire(SimNetwork network, Timers timers, SimHost from, SimHost to, Runnable whenStalled) {
    this.network = network;
    this.timers = timers;
    this.from = from;
    this.to = to;
    this.whenStalled = whenStalled;
    this.stall = timers.add(Timers.NEVER, whenStalled);
  }

  void send(Runnable arrive) {
    var message = new Message(arrive);
    underWay.addLast(message);
    travel(message);
  }

  private void travel(Message message) {
    long nanos = network.latencyNanos();
    for (int i = 0; i < RESENDS_MAX && network.chanceOfLoss(); i++) {
      nanos += RESEND_NANOS;
    }
    timers.add(timers.in(nanos), () -> arrived(message));
  }

  private void arrived(Message message) {
    if (network.isCut(from, to)) {
      network.hold(this, message);
      if (!stalled) {
        stalled = true;
        stall = timers.add(timers.in(Baton.nanos(network.timeout())), whenStalled);
      }
      return;
    }
    message.here = true;
    for (var head = underWay.peekFirst(); head != null && head.here; head = underWay.peekFirst()) {
      underWay.removeFirst();
      head.arrive.run();
    }
  }

  /// The partition that held the message is over.
  void resume(Message message) {
    stalled = false;
    timers.cancel(stall);
    travel(message);
  }

  boolean isBetween(SimHost a, SimHost b) {
    return (from == a && to == b) || (from == b && to == a);
  }
}
