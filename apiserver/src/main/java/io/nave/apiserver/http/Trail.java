package io.nave.apiserver.http;

import io.nave.apiserver.Caller;
import io.nave.apiserver.audit.AuditPolicy;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// What is known of a request so far, for logs and metrics. One task owns it, but for its notes.
final class Trail {
  final String method;
  final String path;
  @Nullable Caller prover; // who showed the credential
  @Nullable Caller caller; // as whom it was answered
  @Nullable Verb verb;
  Target.@Nullable Resources target;

  AuditPolicy.@Nullable Decision audit; // what is recorded; once it is known who asks for what
  final Instant received;
  final String auditId; // the same in all events of the request, and in its answer

  String created = ""; // the name of the object that came of it

  private final Map<String, String> notes = new ConcurrentSkipListMap<>();

  Trail(String method, String path, Instant received, String auditId) {
    this.received = received;
    this.method = method;
    this.path = path;
    this.auditId = auditId;
  }

  /// Any task that works for the request; the same key again replaces what it said.
  void note(String key, String value) {
    notes.put(key, value);
  }

  /// Annotations of its audit event.
  Map<String, String> notes() {
    return notes;
  }

  String user() {
    return caller == null ? "" : caller.user();
  }

  /// Who acted as [#user]; empty when that was nobody else.
  String impersonator() {
    return prover == null || prover.equals(caller) ? "" : prover.user();
  }

  /// The object it is about; empty for collections.
  String name() {
    var named = target == null ? "" : target.name();
    return named.isEmpty() ? created : named;
  }

  String verbText() {
    return verb == null ? "other" : verb.text();
  }

  /// The API group, from the set of those served here.
  String group() {
    if (target == null) {
      return "none";
    }
    return target.type().group().isEmpty() ? "core" : target.type().group();
  }
}
