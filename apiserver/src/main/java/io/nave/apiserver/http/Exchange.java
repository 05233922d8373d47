package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import io.nave.runtime.Task;
import io.nave.runtime.Transport;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request and its answer: collects the body on the event loop, has the service answer on a
/// task of its own, and sends the answer from the event loop.
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  /// How long a feed may be asked at a time. Whoever ends a stream also wakes its task, so this is
  /// only a second net; each look costs, and there are four streams for each agent.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// How long a body may take to arrive.
  private static final long BODY_MILLIS_MAX = 30_000;

  private final HttpServerRequest request; // event loop only
  private final HttpServerResponse response; // event loop only
  private final Context context;
  private final Connection connection;
  private final Service service;
  private final Host host;
  private final BodyBudget budget;
  private final Runnable ended;
  private final Outflow outflow;
  private final Buffer body = Buffer.buffer(); // event loop only, until the task starts
  private final AtomicBoolean endedOnce = new AtomicBoolean();
  private long bodyTimer; // event loop only
  private boolean refused; // event loop only
  private volatile boolean gone;
  private volatile boolean stopping;
  private volatile boolean streaming;
  private volatile boolean indivisible; // of the answer's body; set before `streaming`
  private volatile @Nullable Task task;

  Exchange(
      HttpServerRequest request,
      Context context,
      Connection connection,
      Service service,
      Host host,
      BodyBudget budget,
      Runnable ended) {
    this.request = request;
    this.response = request.response();
    this.context = context;
    this.connection = connection;
    this.service = service;
    this.host = host;
    this.budget = budget;
    this.ended = ended;
    this.outflow = new Outflow(response, context, host);
  }

  /// Called on the event loop, with the request's head.
  void begin() {
    response.exceptionHandler(_ -> left());
    response.closeHandler(_ -> left());
    response.endHandler(_ -> over());
    request.exceptionHandler(_ -> left());
    bodyTimer = context.owner().setTimer(BODY_MILLIS_MAX, _ -> response.reset());
    request.handler(this::part);
    request.endHandler(_ -> whole());
  }

  /// Ends a watch soon; an answer that is on its way still goes out.
  void stop() {
    stopping = true;
    var running = task;
    if (streaming && !indivisible && running != null) {
      running.cancel();
    }
  }

  /// Whether a client has a part of an answer that is worth nothing without the rest.
  boolean owesTheRest() {
    return streaming && indivisible;
  }

  /// Ends whatever is being sent, at once; the client notices that it is not whole.
  void breakOff() {
    var running = task;
    if (streaming && running != null) {
      running.cancel();
    }
  }

  private void part(Buffer part) {
    if (refused) {
      return; // the rest is read and dropped, so that the client gets to read the refusal
    }
    if (body.length() + part.length() > Bodies.BYTES_MAX) {
      refuse(Bodies.tooLarge());
    } else if (!budget.take(part.length())) {
      refuse(ApiError.tooManyRequests("too many request bodies are being received; try again", 1));
    } else {
      body.appendBuffer(part);
    }
  }

  private void refuse(ApiError error) {
    refused = true;
    budget.giveBack(body.length());
    send(Replies.error(error));
  }

  private void whole() {
    context.owner().cancelTimer(bodyTimer);
    if (refused || gone) {
      return;
    }
    var carried =
        new Transport.Request(
            request.method().name(), request.uri(), headers(request), body.getBytes());
    try {
      task = host.start("request", () -> serve(carried));
    } catch (Cancelled e) {
      refuse(ApiError.unavailable("this hub is stopping"));
    }
  }

  /// The task's body.
  private void serve(Transport.Request carried) {
    switch (answer(carried)) {
      case Service.Reply.Full full -> context.runOnContext(_ -> send(full));
      case Service.Reply.Streaming stream -> pump(stream);
    }
  }

  private Service.Reply answer(Transport.Request carried) {
    try {
      return service.handle(carried, connection.peer());
    } catch (Cancelled e) {
      return Replies.error(ApiError.unavailable("this hub is stopping"));
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("request failed by a fault of this server");
      return Replies.error(ApiError.internal("an internal fault stopped this request"));
    } finally {
      budget.giveBack(carried.body().length);
    }
  }

  private void pump(Service.Reply.Streaming stream) {
    indivisible = stream.feed().indivisible();
    var whole = !indivisible;
    try (var feed = stream.feed()) {
      streaming = true; // before the tests of `gone`: whoever sets it later sees this and cancels
      context.runOnContext(_ -> head(stream.status(), stream.headers()));
      while (!gone && !(stopping && !indivisible) && !feed.ended()) {
        var bytes = feed.next(PATIENCE);
        if (bytes != null && !outflow.write(bytes)) {
          abandon();
          return;
        }
      }
      whole |= feed.ended();
    } catch (Cancelled e) {
      LOG.atTrace().log("stream stopped");
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("stream failed by a fault of this server");
      whole = false;
    } finally {
      streaming = false;
    }
    if (whole) {
      context.runOnContext(_ -> finish());
    } else {
      abandon();
    }
  }

  private void head(int status, Map<String, String> headers) {
    if (!response.closed()) {
      response.setStatusCode(status);
      headers.forEach(response::putHeader);
      response.setChunked(true);
      response.writeHead();
    }
  }

  private void finish() {
    if (!response.ended() && !response.closed()) {
      response.end();
    }
  }

  /// Breaks the answer off, so that the client does not take it for complete.
  private void abandon() {
    context.runOnContext(_ -> {
      if (!response.ended() && !response.closed()) {
        response.reset();
      }
    });
  }

  private void send(Service.Reply reply) {
    if (reply instanceof Service.Reply.Full(var full) && !response.ended() && !response.closed()) {
      response.setStatusCode(full.status());
      full.headers().forEach(response::putHeader);
      response.end(Buffer.buffer(full.body()));
    }
  }

  private void left() {
    gone = true;
    context.owner().cancelTimer(bodyTimer);
    outflow.leave();
    var running = task;
    if (running == null && !refused) {
      budget.giveBack(body.length());
      refused = true;
    }
    if (streaming && running != null) {
      running.cancel();
    }
    over();
  }

  private void over() {
    if (endedOnce.compareAndSet(false, true)) {
      connection.ended(host.nanoTime());
      ended.run();
    }
  }

  private static Map<String, String> headers(HttpServerRequest request) {
    var all = new TreeMap<String, String>();
    request
        .headers()
        .forEach((name, value) ->
            all.merge(name.toLowerCase(Locale.ROOT), value, (a, b) -> a + ", " + b));
    var authority = request.authority();
    if (authority != null) {
      all.putIfAbsent("host", authority.toString()); // HTTP/2 has no such header
    }
    return all;
  }
}
