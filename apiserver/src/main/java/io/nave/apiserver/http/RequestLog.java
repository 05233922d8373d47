package io.nave.apiserver.http;

import io.nave.api.Json;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.audit.AuditLevel;
import io.nave.apiserver.audit.AuditPolicy;
import io.nave.apiserver.audit.AuditSink;
import io.nave.runtime.Host;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Who did what: audit events as the policy asks, in the form of `audit.k8s.io/v1`, and every
/// request of this package's logger at DEBUG. Bodies only where the policy asks for them, never a
/// credential.
final class RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
  private static final Caller ANONYMOUS = Caller.of("system:anonymous", "system:unauthenticated");
  private static final int AGENT_CHARACTERS_MAX = 256;
  private static final int URI_CHARACTERS_MAX = 2_048;

  private final Host host;
  private final AuditSink audit;

  RequestLog(Host host, AuditSink audit) {
    this.host = host;
    this.audit = audit;
  }

  /// Whether anything is recorded of a request whose beginning was recorded: what is found out for
  /// its event alone need not be, otherwise.
  static boolean follows(Trail trail) {
    var decision = trail.audit;
    return decision != null
        && (decision.records("ResponseStarted") || decision.records("ResponseComplete"));
  }

  /// What the policy says, once it is known who asks and for what.
  void received(Trail trail, Transport.Request request, Service.Peer peer) {
    var decision = decide(trail);
    if (decision.records("RequestReceived")) {
      audit.record(event(trail, request, peer, "RequestReceived", decision));
    }
  }

  /// @return the reply to go on with; a stream's end is recorded when it comes
  Service.Reply answered(
      Trail trail,
      Transport.Request request,
      Service.Peer peer,
      Service.Reply reply,
      Duration took) {
    var code = Replies.status(reply);
    LOG.atDebug()
        .addKeyValue("method", trail.method)
        .addKeyValue("path", trail.path)
        .addKeyValue("user", trail.user())
        .addKeyValue("code", code)
        .addKeyValue("duration_ms", took.toMillis())
        .log("request answered");
    var decision = decide(trail);
    if (trail.verb == Verb.WATCH && reply instanceof Service.Reply.Streaming stream) {
      return watched(trail, request, peer, stream, decision);
    }
    if (decision.records("ResponseComplete")) {
      audit.record(completed(trail, request, peer, reply, decision));
    }
    return reply;
  }

  private Service.Reply watched(
      Trail trail,
      Transport.Request request,
      Service.Peer peer,
      Service.Reply.Streaming stream,
      AuditPolicy.Decision decision) {
    if (decision.records("ResponseStarted")) {
      var event = event(trail, request, peer, "ResponseStarted", decision);
      event.set("responseStatus", AuditBodies.status(stream));
      annotate(event, trail);
      audit.record(event);
    }
    if (!decision.records("ResponseComplete")) {
      return stream;
    }
    return new Service.Reply.Streaming(
        stream.status(),
        stream.headers(),
        new Followed(
            stream.feed(), () -> audit.record(completed(trail, request, peer, stream, decision))));
  }

  private AuditPolicy.Decision decide(Trail trail) {
    var known = trail.audit;
    if (known == null) {
      var caller = trail.caller == null ? ANONYMOUS : trail.caller;
      known = audit.policy().decide(caller, attributes(trail));
      trail.audit = trail.caller == null ? null : known;
    }
    return known;
  }

  private static Api.Attributes attributes(Trail trail) {
    var target = trail.target;
    if (target == null) {
      return Api.Attributes.ofPath(verb(trail), trail.path);
    }
    return new Api.Attributes(
        verb(trail),
        target.type().group(),
        target.type().plural(),
        target.subresource(),
        target.namespace(),
        trail.name(),
        "");
  }

  private static String verb(Trail trail) {
    return trail.verb == null ? trail.method.toLowerCase(Locale.ROOT) : trail.verb.text();
  }

  private ObjectNode completed(
      Trail trail,
      Transport.Request request,
      Service.Peer peer,
      Service.Reply reply,
      AuditPolicy.Decision decision) {
    var event = event(trail, request, peer, "ResponseComplete", decision);
    event.set("responseStatus", AuditBodies.status(reply));
    annotate(event, trail);
    if (decision.level().atLeast(AuditLevel.REQUEST)) {
      put(event, "requestObject", AuditBodies.of(request, decision.omitManagedFields()));
    }
    if (decision.level().atLeast(AuditLevel.REQUEST_RESPONSE)) {
      put(event, "responseObject", AuditBodies.of(reply, decision.omitManagedFields()));
    }
    return event;
  }

  ObjectNode event(
      Trail trail,
      Transport.Request request,
      Service.Peer peer,
      String stage,
      AuditPolicy.Decision decision) {
    var event = Json.object().put("kind", "Event").put("apiVersion", "audit.k8s.io/v1");
    event.put("level", decision.level().text());
    event.put("auditID", trail.auditId);
    event.put("stage", stage).put("requestURI", cut(request.target(), URI_CHARACTERS_MAX));
    event.put("verb", verb(trail));
    var prover = trail.prover == null ? ANONYMOUS : trail.prover;
    event.set("user", user(prover));
    if (!trail.impersonator().isEmpty() && trail.caller != null) {
      event.set("impersonatedUser", user(trail.caller));
    }
    event.putArray("sourceIPs").add(address(peer.address()));
    var agent = request.headers().getOrDefault("user-agent", "");
    if (!agent.isEmpty()) {
      event.put("userAgent", cut(agent, AGENT_CHARACTERS_MAX));
    }
    refer(event, trail);
    event.put("requestReceivedTimestamp", trail.received.toString());
    return event.put("stageTimestamp", host.now().toString());
  }

  private static void annotate(ObjectNode event, Trail trail) {
    if (!trail.notes().isEmpty()) {
      trail.notes().forEach(event.putObject("annotations")::put);
    }
  }

  private static void refer(ObjectNode event, Trail trail) {
    var target = trail.target;
    if (target == null) {
      return;
    }
    var reference = event.putObject("objectRef").put("resource", target.type().plural());
    putText(reference, "namespace", target.namespace());
    putText(reference, "name", trail.name());
    putText(reference, "apiGroup", target.type().group());
    putText(reference, "apiVersion", target.type().version());
    putText(reference, "subresource", target.subresource());
  }

  private static ObjectNode user(Caller caller) {
    var user = Json.object().put("username", caller.user());
    putText(user, "uid", caller.uid());
    caller.groups().forEach(user.putArray("groups")::add);
    if (!caller.extra().isEmpty()) {
      var extra = user.putObject("extra");
      new TreeMap<>(caller.extra())
          .forEach((key, values) -> values.forEach(extra.putArray(key)::add));
    }
    return user;
  }

  private static void putText(ObjectNode node, String field, String text) {
    if (!text.isEmpty()) {
      node.put(field, text);
    }
  }

  private static void put(ObjectNode event, String field, @Nullable JsonNode value) {
    if (value != null) {
      event.set(field, value);
    }
  }

  private static String address(String peer) {
    var colon = peer.lastIndexOf(':');
    return colon < 0 ? peer : peer.substring(0, colon);
  }

  private static String cut(String text, int charactersMax) {
    return text.length() <= charactersMax ? text : text.substring(0, charactersMax);
  }

  /// A feed whose end somebody wants to know.
  private static final class Followed implements Service.Feed {
    private final Service.Feed feed;
    private final Runnable closed;

    Followed(Service.Feed feed, Runnable closed) {
      this.feed = feed;
      this.closed = closed;
    }

    @Override
    public byte @Nullable [] next(Duration atMost) {
      return feed.next(atMost);
    }

    @Override
    public boolean ended() {
      return feed.ended();
    }

    @Override
    public void close() {
      try {
        feed.close();
      } finally {
        closed.run();
      }
    }
  }
}
