package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.audit.AuditSink;
import io.nave.apiserver.authn.Authentication;
import io.nave.apiserver.authn.Impersonation;
import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Answers the requests of the Kubernetes API with the verbs of [Api], for whatever carries them.
///
/// Each request passes the same stages: a bound on how many are inside (429 beyond it), who asks
/// (401; 429 when that user has a quarter of the room already), what the path names (404), the
/// verb, and the answer in the form asked for. Everything that can go wrong becomes a `Status`.
/// Health and version are open to everyone, as in Kubernetes. Thread-safe; each call blocks its
/// task until the answer's head is there.
public final class FrontDoor implements Service {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  /// One user never takes more than this part of the room.
  private static final int USERS_AT_LEAST = 4;

  /// @param gitVersion what `/version` tells, such as `v1.31.0+nave`
  /// @param inFlightMax most requests answered at once; watches count only until they are open
  /// @param watchesMax most watches open at once
  public record Settings(String gitVersion, int inFlightMax, int watchesMax) {
    /// Room for 10,000 agents with ten watches each.
    public static Settings of(String gitVersion) {
      return new Settings(gitVersion, 2_048, 100_000);
    }
  }

  private final Settings settings;
  private final Api api;
  private final Authentication authentication;
  private final Health health;
  private final Map<String, Page> pages;
  private final ApiMetrics metrics;
  private final Host host;
  private final Gate inFlight;
  private final Shares shares;
  private final Reads reads;
  private final Writes writes;
  private final Questions questions;
  private final Discovery discovery;
  private final AggregatedDiscovery all;
  private final OpenApi openApi;
  private final RequestLog requestLog;

  /// A door without further documents.
  public FrontDoor(
      Settings settings,
      Api api,
      Authentication authentication,
      Health health,
      ApiMetrics metrics,
      Host host) {
    this(settings, api, authentication, health, metrics, host, Map.of(), AuditSink.logger());
  }

  /// @param pages further documents by their paths
  /// @param audit told of every request
  public FrontDoor(
      Settings settings,
      Api api,
      Authentication authentication,
      Health health,
      ApiMetrics metrics,
      Host host,
      Map<String, Page> pages,
      AuditSink audit) {
    this.pages = Map.copyOf(pages);
    var watches = new Gate(settings.watchesMax());
    this.settings = settings;
    this.api = api;
    this.authentication = authentication;
    this.health = health;
    this.metrics = metrics;
    this.host = host;
    this.inFlight = new Gate(settings.inFlightMax());
    this.shares = new Shares(settings.inFlightMax() / USERS_AT_LEAST);
    var forms = new Forms(api, host);
    this.reads = new Reads(api, host, forms, watches);
    this.writes = new Writes(api, forms);
    this.questions = new Questions(api);
    this.discovery = new Discovery(api);
    this.all = new AggregatedDiscovery(api);
    this.openApi = new OpenApi(api, "Nave", settings.gitVersion());
    this.requestLog = new RequestLog(host, audit);
    metrics.watch(inFlight, watches);
  }

  @Override
  public Reply handle(Transport.Request request, Peer peer) {
    var began = host.nanoTime();
    var id = AuditIds.of(request, host);
    var trail = new Trail(request.method(), path(request), host.now(), id);
    var reply = AuditIds.told(guarded(request, peer, trail), id);
    var took = Duration.ofNanos(host.nanoTime() - began);
    var code = Replies.status(reply);
    metrics.answered(trail.verbText(), trail.group(), code, took);
    var recorded = requestLog.answered(trail, request, peer, reply, took);
    return request.method().equals("HEAD") ? Replies.headOnly(recorded) : recorded;
  }

  private Reply guarded(Transport.Request request, Peer peer, Trail trail) {
    if (!inFlight.enter()) {
      return Replies.error(
          ApiError.tooManyRequests(
              "this hub answers at most " + inFlight.limit() + " requests at once; try again", 1));
    }
    try {
      return Gzip.apply(request, YamlAnswers.apply(request, answer(request, peer, trail)));
    } catch (ApiError e) {
      return YamlAnswers.apply(request, Replies.error(e));
    } catch (Cancelled e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("method", trail.method)
          .addKeyValue("path", trail.path)
          .setCause(e)
          .log("request failed by a fault of this server");
      return Replies.error(
          ApiError.internal("an internal fault stopped this request; the server's log says more"));
    } finally {
      inFlight.leave();
    }
  }

  private Reply answer(Transport.Request request, Peer peer, Trail trail) {
    Bodies.checkSize(request);
    switch (trail.path) {
      case "/healthz", "/livez", "/readyz" -> {
        return health.all(trail.path.substring(1), Query.parse(queryText(request)));
      }
      case "/version", "/version/" -> {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
          throw Verb.notAllowed();
        }
        return Replies.json(200, Json.encode(version()));
      }
      default -> {}
    }
    var prover = authentication.require(request, peer);
    trail.prover = prover;
    var caller = Impersonation.apply(prover, request, api);
    trail.caller = caller;
    if (!shares.enter(prover.user())) {
      throw ApiError.tooManyRequests(
          "this hub answers at most "
              + shares.limit()
              + " requests of one user at once, so that others are answered too; try again",
          1);
    }
    try {
      return answer(request, peer, caller, trail);
    } finally {
      shares.leave(prover.user());
    }
  }

  private Reply answer(Transport.Request request, Peer peer, Caller caller, Trail trail) {
    return switch (Target.of(trail.path, api)) {
      case Target.Document document -> {
        requestLog.received(trail, request, peer);
        yield document(request, caller, document, trail);
      }
      case Target.Resources target -> resources(request, peer, caller, target, trail);
    };
  }

  private Reply resources(
      Transport.Request request, Peer peer, Caller caller, Target.Resources target, Trail trail) {
    trail.target = target;
    var query = Query.parse(queryText(request));
    var verb = Verb.of(request.method(), target, query.flag("watch"));
    trail.verb = verb;
    requestLog.received(trail, request, peer);
    var call = new Call(caller, target, query, request, trail);
    if (RequestLog.follows(trail)) {
      AuditDecisions.note(call, verb, api);
    }
    if (!api.verbs(target.type(), target.subresource()).contains(verb.text())) {
      throw Verb.notAllowed();
    }
    if (api.computes(target.type(), target.subresource())) {
      return questions.ask(call, verb);
    }
    return switch (verb) {
      case GET -> reads.get(call);
      case LIST -> reads.list(call);
      case WATCH -> reads.watch(call);
      case CREATE -> writes.create(call);
      case UPDATE -> writes.update(call);
      case PATCH -> writes.patch(call);
      case DELETE -> writes.delete(call);
      case DELETECOLLECTION -> writes.deleteAll(call);
    };
  }

  private Reply document(
      Transport.Request request, Caller caller, Target.Document document, Trail trail) {
    var verb = request.method().equals("HEAD") ? "get" : request.method().toLowerCase(Locale.ROOT);
    var decision = api.authorize(caller, Api.Attributes.ofPath(verb, document.path()));
    AuditDecisions.note(trail, decision);
    if (!decision.allowed()) {
      throw ApiError.forbidden(
          "forbidden: User \"%s\" cannot %s path \"%s\""
              .formatted(caller.user(), verb, document.path()));
    }
    if (!verb.equals("get")) {
      throw Verb.notAllowed();
    }
    var accept = request.headers().getOrDefault("accept", "");
    var parts = document.parts();
    var first = parts.isEmpty() ? "" : parts.getFirst();
    return switch (first) {
      case "api", "apis" -> {
        var aggregated = parts.size() == 1 ? AggregatedDiscovery.asked(accept) : "";
        if (!aggregated.isEmpty()) {
          yield all.answer(first.equals("api"), aggregated, request.headers());
        }
        Media.of(accept, false);
        yield Replies.json(200, Json.encode(discovery.document(parts, host(request))));
      }
      case "openapi" -> {
        var hash = Query.parse(queryText(request)).text("hash");
        yield openApi.answer(document.path(), hash, request.headers(), host.now());
      }
      case "healthz", "livez", "readyz" ->
          health.one(first, String.join("/", parts.subList(1, parts.size())));
      case "metrics" ->
          Replies.text(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
      default -> page(document.path(), request);
    };
  }

  private Reply page(String path, Transport.Request request) {
    var page = pages.get(path);
    if (page == null) {
      throw ApiError.noSuchPath();
    }
    return Replies.bytes(200, page.contentType(), page.body().apply(host(request)));
  }

  private ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "31")
        .put("gitVersion", settings.gitVersion())
        .put("gitCommit", "")
        .put("gitTreeState", "")
        .put("buildDate", "")
        .put("goVersion", "")
        .put("compiler", "")
        .put("platform", "");
  }

  /// Where the client reaches this server, as it says itself; empty when it does not.
  private static String host(Transport.Request request) {
    return request.headers().getOrDefault("host", "");
  }

  private static String path(Transport.Request request) {
    var mark = request.target().indexOf('?');
    return mark < 0 ? request.target() : request.target().substring(0, mark);
  }

  private static String queryText(Transport.Request request) {
    var mark = request.target().indexOf('?');
    return mark < 0 ? "" : request.target().substring(mark + 1);
  }
}
