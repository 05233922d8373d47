package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The Kubernetes API of another process, over a [Transport]. Works with any server that speaks it.
public final class RemoteClient implements ApiClient {
  /// Items asked for at once; as kubectl and controllers ask.
  static final int PAGE_ITEMS = 500;

  /// Paged listings begun before one that is not paged: it cannot expire half way.
  static final int PAGED_TRIES_MAX = 3;

  /// Watches end by themselves after 5 to 10 minutes, so that servers can rebalance.
  static final int WATCH_SECONDS_MIN = 300;

  static final int WATCH_SECONDS_MAX = 600;

  private static final int REFUSAL_BYTES_MAX = 1 << 20;
  private static final Duration REFUSAL_WAIT = Duration.ofSeconds(10);
  private static final String JSON = "application/json";

  private final Host host;
  private final Transport transport;
  private final String agent;
  private final boolean dry;
  private final String user; // to be judged as; empty: as who asks

  /// @param agent who asks: the user agent in the server's logs, and the field manager of applies
  public RemoteClient(Host host, Transport transport, String agent) {
    this(host, transport, agent, false, "");
  }

  private RemoteClient(Host host, Transport transport, String agent, boolean dry, String user) {
    this.host = host;
    this.transport = transport;
    this.agent = agent;
    this.dry = dry;
    this.user = user;
  }

  @Override
  public ApiClient dryRun() {
    return new RemoteClient(host, transport, agent, true, "");
  }

  @Override
  public ApiClient dryRunAs(String other) {
    return new RemoteClient(host, transport, agent, true, other);
  }

  @Override
  public ApiObject get(ResourceType type, Key key) {
    return ApiObject.of(answer("GET", ApiPaths.object(type, key, ""), "", new byte[0]));
  }

  @Override
  public Listing list(ResourceType type, String namespace, Selection selection) {
    for (var tries = 0; tries < PAGED_TRIES_MAX; tries++) {
      try {
        return pages(type, namespace, selection, Integer.toString(PAGE_ITEMS));
      } catch (ApiError e) {
        if (!e.is(ApiError.Reason.EXPIRED)) {
          throw e;
        }
      }
    }
    return pages(type, namespace, selection, "");
  }

  /// All pages of one revision.
  ///
  /// @throws ApiError Expired when the server no longer holds that revision
  private Listing pages(
      ResourceType type, String namespace, Selection selection, String pageItems) {
    var items = new ArrayList<ApiObject>();
    var revision = "";
    var next = "";
    do {
      var parameters = new LinkedHashMap<String, String>();
      ApiPaths.select(parameters, selection);
      parameters.put("limit", pageItems);
      parameters.put("continue", next);
      var target = ApiPaths.collection(type, namespace) + ApiPaths.query(parameters);
      var page = ListPage.read(type, body("GET", target, "", new byte[0]));
      if (!next.isEmpty() && !page.revision().equals(revision)) {
        throw ApiError.expired(
            "a page is of revision " + page.revision() + ", expected " + revision);
      }
      revision = page.revision();
      items.addAll(page.items());
      next = page.next();
    } while (!next.isEmpty());
    return new Listing(items, revision);
  }

  @Override
  public ApiObject create(ResourceType type, ApiObject object) {
    var target = ApiPaths.home(type, object.namespace());
    return ApiObject.of(answer("POST", target, JSON, object.bytes()));
  }

  @Override
  public ApiObject update(ResourceType type, ApiObject object, String subresource) {
    var target = ApiPaths.object(type, object.key(), subresource);
    return ApiObject.of(answer("PUT", target, JSON, object.bytes()));
  }

  @Override
  public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
    var target = ApiPaths.object(type, key, subresource);
    if (patch.form() == Patch.Form.APPLY) {
      var parameters = new LinkedHashMap<String, String>();
      parameters.put("fieldManager", patch.fieldManager().isEmpty() ? agent : patch.fieldManager());
      parameters.put("force", Boolean.toString(patch.force()));
      target += ApiPaths.query(parameters);
    }
    return ApiObject.of(
        answer("PATCH", target, patch.form().mediaType(), Json.encode(patch.body())));
  }

  @Override
  public ApiObject ask(
      ResourceType type, Key key, String subresource, @Nullable ApiObject question) {
    var target = ApiPaths.object(type, key, subresource);
    return ApiObject.of(
        question == null ? get(target) : answer("POST", target, JSON, question.bytes()));
  }

  @Override
  public void delete(ResourceType type, Key key, @Nullable String uid) {
    deleted(type, key, uid);
  }

  private Optional<ApiObject> deleted(ResourceType type, Key key, @Nullable String uid) {
    var options = Json.object();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    if (uid != null) {
      options.putObject("preconditions").put("uid", uid);
    }
    options.put("propagationPolicy", "Background");
    var target = ApiPaths.object(type, key, "");
    var left = answer("DELETE", target, JSON, Json.encode(options));
    return left.path("kind").asString("").equals(type.kind())
        ? Optional.of(ApiObject.of(left))
        : Optional.empty(); // a Status: the object is gone
  }

  @Override
  public List<Optional<ApiObject>> commit(List<Write> writes) {
    var stored = new ArrayList<Optional<ApiObject>>(writes.size());
    for (var write : writes) {
      stored.add(
          switch (write) {
            case Write.Create(var type, var object) -> Optional.of(create(type, object));
            case Write.Update(var type, var object, var subresource) ->
                Optional.of(update(type, object, subresource));
            case Write.Change(var type, var key, var subresource, var patch) ->
                Optional.of(patch(type, key, subresource, patch));
            case Write.Delete(var type, var key, var uid) -> deletedIfThere(type, key, uid);
          });
    }
    return List.copyOf(stored);
  }

  private Optional<ApiObject> deletedIfThere(ResourceType type, Key key, @Nullable String uid) {
    try {
      return deleted(type, key, uid);
    } catch (ApiError e) {
      if (e.is(ApiError.Reason.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public Watch watch(
      ResourceType type, String namespace, Selection selection, String resourceVersion) {
    var seconds =
        WATCH_SECONDS_MIN + host.random().nextInt(WATCH_SECONDS_MAX - WATCH_SECONDS_MIN + 1);
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("watch", "true");
    ApiPaths.select(parameters, selection);
    parameters.put("resourceVersion", resourceVersion);
    parameters.put("allowWatchBookmarks", "true");
    parameters.put("timeoutSeconds", Integer.toString(seconds));
    var target = ApiPaths.collection(type, namespace) + ApiPaths.query(parameters);
    var stream = transport.open(request("GET", target, "", new byte[0]));
    if (Answers.refused(stream.status())) {
      try (stream) {
        throw Answers.error(stream.status(), Map.of(), refusal(stream));
      }
    }
    return new RemoteWatch(host, type, stream, Duration.ofSeconds(seconds));
  }

  private byte[] refusal(Transport.Stream stream) {
    var body = new ByteArrayOutputStream();
    var until = host.nanoTime() + REFUSAL_WAIT.toNanos();
    while (body.size() < REFUSAL_BYTES_MAX) {
      var left = until - host.nanoTime();
      var piece = left > 0 ? stream.next(Duration.ofNanos(left)) : null;
      if (piece == null) {
        break;
      }
      body.writeBytes(piece);
    }
    return body.toByteArray();
  }

  private ObjectNode get(String target) {
    return answer("GET", target, "", new byte[0]);
  }

  private ObjectNode answer(String method, String target, String contentType, byte[] body) {
    return Json.parseObject(body(method, target, contentType, body));
  }

  /// The body of an answer.
  ///
  /// @throws ApiError when the server refused
  private byte[] body(String method, String target, String contentType, byte[] body) {
    var tried = dry && !method.equals("GET") ? target + dryRun(target) : target;
    return Answers.body(transport.send(request(method, tried, contentType, body)));
  }

  private static String dryRun(String target) {
    return (target.indexOf('?') < 0 ? "?" : "&") + "dryRun=All";
  }

  private Transport.Request request(String method, String target, String contentType, byte[] body) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("accept", JSON);
    headers.put("user-agent", agent);
    if (!user.isEmpty()) {
      headers.put("impersonate-user", user);
    }
    if (!contentType.isEmpty()) {
      headers.put("content-type", contentType);
    }
    return new Transport.Request(method, target, headers, body);
  }
}
