package io.nave.runtime.sim;

import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A client's way to one address.
final class SimTransport implements Transport {
  private final Baton baton;
  private final String address;
  private final Function<Request, Exchange> exchanges;
  private final Set<Exchange> open = new LinkedHashSet<>();
  private boolean closed;

  SimTransport(Baton baton, String address, Function<Request, Exchange> exchanges) {
    this.baton = baton;
    this.address = address;
    this.exchanges = exchanges;
  }

  @Override
  public Response send(Request request) {
    var me = baton.alive();
    var exchange = begin(me, request);
    try {
      var head = exchange.ask(me);
      return new Response(head.status(), head.headers(), exchange.all(me));
    } finally {
      leave(exchange);
    }
  }

  @Override
  public Stream open(Request request) {
    var me = baton.alive();
    var exchange = begin(me, request);
    boolean answered = false;
    try {
      var stream = new SimStream(exchange, exchange.ask(me));
      answered = true;
      return stream;
    } finally {
      if (!answered) {
        leave(exchange);
      }
    }
  }

  private Exchange begin(SimTask me, Request request) {
    me.throwIfCancelled();
    if (closed) {
      throw new Unreachable(address + ": the transport was closed", null);
    }
    var exchange = exchanges.apply(request);
    open.add(exchange);
    return exchange;
  }

  private void leave(Exchange exchange) {
    open.remove(exchange);
    exchange.leave();
  }

  @Override
  public void close() {
    closed = true;
    new ArrayList<>(open).forEach(this::leave);
  }

  @Override
  public String toString() {
    return address;
  }

  private final class SimStream implements Stream {
    private final Exchange exchange;
    private final Exchange.Head head;

    private SimStream(Exchange exchange, Exchange.Head head) {
      this.exchange = exchange;
      this.head = head;
    }

    @Override
    public int status() {
      return head.status();
    }

    @Override
    public byte @Nullable [] next(Duration atMost) {
      return exchange.next(baton.alive(), Baton.nanos(atMost));
    }

    @Override
    public boolean ended() {
      return exchange.ended();
    }

    @Override
    public void close() {
      leave(exchange);
    }
  }
}
