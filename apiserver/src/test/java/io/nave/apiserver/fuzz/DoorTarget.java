package io.nave.apiserver.fuzz;

import static io.nave.apiserver.fuzz.FuzzTarget.require;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.apiserver.Caller;
import io.nave.apiserver.TestServer;
import io.nave.apiserver.audit.AuditPolicy;
import io.nave.apiserver.audit.AuditSink;
import io.nave.apiserver.authn.Authentication;
import io.nave.apiserver.authn.StaticTokens;
import io.nave.apiserver.http.ApiMetrics;
import io.nave.apiserver.http.FrontDoor;
import io.nave.apiserver.http.Health;
import io.nave.runtime.Service;
import io.nave.runtime.Service.Reply;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Whole requests of an administrator: URL, query, headers and body, through every station to the
/// store. Answered, never by a 500; and what is in the store afterwards is whole.
///
/// An input is `METHOD target`, lines of headers, an empty line and the body.
final class DoorTarget implements FuzzTarget {
  /// After so many requests a new server, so that no input depends on many before it.
  private static final int REQUESTS_MAX = 500;

  private static final Pattern NAME = Pattern.compile("[a-z0-9A-Z:.@_-]{1,253}");
  private static final Service.Peer PEER = new Service.Peer(List.of(), "10.0.0.9:1234");

  private TestServer server = TestServer.start();
  private FrontDoor door = door();
  private int requests;
  private long checked;

  private FrontDoor door() {
    var tokens = new StaticTokens(Map.of("t", Caller.of("admin", Caller.MASTERS)));
    return new FrontDoor(
        new FrontDoor.Settings("v1.31.0+nave", 100, 100),
        server.api,
        new Authentication(tokens),
        Health.good(),
        new ApiMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
        server.host,
        Map.of(),
        silent());
  }

  /// Audit events are made, and kept by nobody.
  private static AuditSink silent() {
    return new AuditSink() {
      @Override
      public AuditPolicy policy() {
        return AuditPolicy.DEFAULT;
      }

      @Override
      public void record(ObjectNode event) {
        require(Json.encode(event).length > 0, "an audit event that is not written");
      }
    };
  }

  @Override
  public void feed(byte[] input) {
    var request = request(input);
    if (request == null) {
      return;
    }
    if (++requests > REQUESTS_MAX) {
      server.close();
      server = TestServer.start();
      door = door();
      requests = 0;
      checked = 0;
    }
    var reply = server.onTask(() -> handled(request));
    check(reply);
    checkStore();
  }

  private Reply handled(Transport.Request request) {
    var reply = door.handle(request, PEER);
    if (reply instanceof Reply.Streaming streaming) {
      streaming.feed().next(Duration.ZERO);
      streaming.feed().close();
    }
    return reply;
  }

  private static Transport.@Nullable Request request(byte[] input) {
    var text = new String(input, StandardCharsets.ISO_8859_1);
    var end = text.indexOf("\n\n");
    var lines = (end < 0 ? text : text.substring(0, end)).split("\n", -1);
    var words = lines[0].split(" ", 2);
    if (words.length < 2 || !words[1].startsWith("/")) {
      return null;
    }
    var headers = new TreeMap<String, String>();
    for (var line : Arrays.asList(lines).subList(1, lines.length)) {
      var colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    headers.putIfAbsent("authorization", "Bearer t");
    var body = end < 0 ? new byte[0] : Arrays.copyOfRange(input, end + 2, input.length);
    return new Transport.Request(words[0], words[1], headers, body);
  }

  private static void check(Reply reply) {
    if (!(reply instanceof Reply.Full(var response))) {
      return;
    }
    require(response.status() != 500, "answered with 500: " + FuzzTarget.text(response.body()));
    var type = response.headers().getOrDefault("content-type", "");
    if (response.status() >= 400 && type.equals("application/json") && plain(response)) {
      var status = Json.parse(response.body());
      require(status.path("kind").asString("").equals("Status"), "no Status: " + status);
    }
  }

  private static boolean plain(Transport.Response response) {
    return !response.headers().containsKey("content-encoding") && response.body().length > 0;
  }

  /// Every object that came since the last look is what a client would be let to write.
  private void checkStore() {
    var view = server.store.view();
    if (view.revision() == checked) {
      return;
    }
    for (var bucket : view.buckets()) {
      for (var object : view.list(bucket, "")) {
        if (object.revision() > checked) {
          checkObject(object);
        }
      }
    }
    checked = view.revision();
  }

  private static void checkObject(ApiObject object) {
    var tree = Json.parse(object.bytes());
    require(NAME.matcher(object.name()).matches(), "stored under the name " + object.name());
    require(!object.kind().isEmpty() && !object.apiVersion().isEmpty(), "stored without a kind");
    require(!object.uid().isEmpty(), "stored without a uid");
    require(object.creationTimestamp() != null, "stored without a time");
    object.labels();
    object.annotations();
    object.finalizers();
    object.owners();
    require(Json.same(object.json(), tree), "stored bytes are another object");
  }
}
