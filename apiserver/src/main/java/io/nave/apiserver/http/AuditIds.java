package io.nave.apiserver.http;

import io.nave.runtime.Host;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.util.UUID;

/// By what a request is known in the audit log and to its client, as in kube-apiserver: the
/// `Audit-ID` that the request brings, or else a new one; every answer of the door tells it.
///
/// An id that could make a log hard to read is not taken over: one is up to 128 characters of
/// visible ASCII.
final class AuditIds {
  static final String HEADER = "audit-id";

  private static final int CHARACTERS_MAX = 128;

  private AuditIds() {}

  static String of(Transport.Request request, Host host) {
    var given = request.headers().getOrDefault(HEADER, "");
    return sane(given) ? given : fresh(host);
  }

  /// The answer with its id.
  static Service.Reply told(Service.Reply reply, String id) {
    return Replies.with(reply, HEADER, id);
  }

  private static boolean sane(String id) {
    return !id.isEmpty()
        && id.length() <= CHARACTERS_MAX
        && id.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  private static String fresh(Host host) {
    var high = (host.random().nextLong() & ~0xF000L) | 0x4000L; // version 4
    var low = (host.random().nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
