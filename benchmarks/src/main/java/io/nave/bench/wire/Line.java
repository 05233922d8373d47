package io.nave.bench.wire;

import io.nave.runtime.Host;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One connection to the hub. Over HTTP/1.1 one request at a time, over HTTP/2 as many as the hub
/// allows. Thread-safe; answers come on the line's event loop.
///
/// A hub that has too much to do answers 429; the request is sent again after the time it asks for,
/// as often as client-go does.
public final class Line {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int RETRIES_MAX = 10; // client-go

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Host host;
  private final Context loop;
  private final HttpClientConnection connection;
  private final String authority;
  private final String bearer;

  Line(Host host, Context loop, HttpClientConnection connection, String authority, String token) {
    this.host = host;
    this.loop = loop;
    this.connection = connection;
    this.authority = authority;
    this.bearer = token.isEmpty() ? "" : "Bearer " + token;
  }

  /// Sends a request; `done` is told its answer.
  public void send(Ask ask, Consumer<Answer> done) {
    onLoop(() ->
        begun(ask)
            .compose(response ->
                response.body().map(body -> new Answer(response.statusCode(), body.getBytes())))
            .onSuccess(done::accept)
            .onFailure(fault -> done.accept(Answer.none(fault))));
  }

  /// Sends a request, and waits for its answer.
  public Answer call(Ask ask) {
    var box = host.<Answer>mailbox(1);
    send(ask, box::offer);
    var answer = box.poll(PATIENCE);
    return answer == null
        ? Answer.none(new IllegalStateException("no answer within " + PATIENCE))
        : answer;
  }

  /// As [#call(Ask)], of a request that has to succeed.
  ///
  /// @throws IllegalStateException when it does not
  public Answer must(Ask ask) {
    var answer = call(ask);
    if (!answer.good()) {
      throw new IllegalStateException(ask + " was answered " + answer);
    }
    return answer;
  }

  /// Reads a body without end.
  public Stream stream(Ask ask, Reader reader) {
    var stream = new Stream();
    onLoop(() ->
        begun(ask)
            .onSuccess(response -> stream.began(response, reader))
            .onFailure(fault -> reader.ended(Answer.none(fault))));
    return stream;
  }

  /// Who reads a stream; called on the line's event loop.
  public interface Reader {
    /// The hub has said yes.
    default void begun() {}

    /// The next bytes; they may end anywhere.
    void bytes(byte[] piece);

    /// It is over.
    ///
    /// @param last status 0 with the reason when it broke, an error with its body when it was
    ///   refused, else the status and no body
    void ended(Answer last);
  }

  /// Calls when the connection is gone.
  public void whenClosed(Runnable action) {
    onLoop(() -> connection.closeHandler(_ -> action.run()));
  }

  /// Runs on the line's event loop.
  public void onLoop(Runnable action) {
    if (loop.equals(Vertx.currentContext())) {
      action.run();
    } else {
      loop.runOnContext(_ -> action.run());
    }
  }

  /// Runs on the line's event loop after a while.
  public void after(Duration wait, Runnable action) {
    onLoop(() -> loop.owner().setTimer(Math.max(1, wait.toMillis()), _ -> action.run()));
  }

  public void close() {
    onLoop(connection::close);
  }

  private Future<HttpClientResponse> begun(Ask ask) {
    return begun(ask, RETRIES_MAX);
  }

  private Future<HttpClientResponse> begun(Ask ask, int retries) {
    var options =
        new RequestOptions().setMethod(HttpMethod.valueOf(ask.method())).setURI(ask.target());
    return connection
        .request(options)
        .compose(request -> sent(request, ask))
        .compose(response ->
            response.statusCode() == TOO_MANY_REQUESTS && retries > 0
                ? again(ask, response, retries - 1)
                : Future.succeededFuture(response));
  }

  private Future<HttpClientResponse> again(Ask ask, HttpClientResponse refused, int retries) {
    var seconds = refused.getHeader("retry-after");
    var wait = Duration.ofSeconds(seconds == null ? 1 : Long.parseLong(seconds));
    return refused
        .body()
        .compose(_ -> loop.owner().timer(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS))
        .compose(_ -> begun(ask, retries));
  }

  private Future<HttpClientResponse> sent(HttpClientRequest request, Ask ask) {
    ask.headers().forEach(request::putHeader);
    if (!bearer.isEmpty()) {
      request.putHeader("authorization", bearer);
    }
    if (!ask.headers().containsKey("accept")) {
      request.putHeader("accept", "application/json");
    }
    return ask.body().length == 0 ? request.send() : request.send(Buffer.buffer(ask.body()));
  }

  @Override
  public String toString() {
    return "line to " + authority;
  }

  /// A body being read. Thread-safe.
  public final class Stream {
    private HttpClientResponse response; // event loop only; null until its head is there
    private boolean frozen; // event loop only
    private boolean closed; // event loop only

    @SuppressWarnings("NullAway.Init")
    private Stream() {}

    private void began(HttpClientResponse head, Reader reader) {
      response = head;
      if (head.statusCode() != 200) {
        head.body()
            .onSuccess(body -> reader.ended(new Answer(head.statusCode(), body.getBytes())))
            .onFailure(fault -> reader.ended(Answer.none(fault)));
        return;
      }
      head.exceptionHandler(fault -> reader.ended(Answer.none(fault)));
      head.endHandler(_ -> reader.ended(new Answer(200, new byte[0])));
      reader.begun();
      head.handler(piece -> reader.bytes(piece.getBytes()));
      if (frozen) {
        head.pause();
      }
      if (closed) {
        close();
      }
    }

    /// Stops reading, so that the hub cannot send much more.
    @SuppressWarnings("ConstantValue") // null until the head is there
    public void freeze() {
      onLoop(() -> {
        frozen = true;
        if (response != null) {
          response.pause();
        }
      });
    }

    /// Gives it up.
    @SuppressWarnings("ConstantValue") // null until the head is there
    public void close() {
      onLoop(() -> {
        closed = true;
        if (response != null) {
          response.request().reset();
        }
      });
    }
  }
}
