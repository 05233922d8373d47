package io.nave.apiserver.http;

import io.nave.runtime.Service;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/// A document that changes rarely, with the hash by which clients know theirs is still good.
///
/// @param hash of the content, in hexadecimal
record Document(String contentType, byte[] body, String hash) {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  static Document json(byte[] body) {
    return of(Replies.JSON, body);
  }

  static Document of(String contentType, byte[] body) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(body);
      return new Document(
          contentType, body, HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /// The answer: 304 without a body when the client has this very content.
  ///
  /// @param ifNoneMatch the request's header; empty for none
  Service.Reply reply(String ifNoneMatch) {
    var headers = headers();
    if (!ifNoneMatch.strip().equals("*") && !ifNoneMatch.contains(tag())) {
      return Service.Reply.full(200, headers, body);
    }
    headers.remove("content-type");
    return Service.Reply.full(304, headers, new byte[0]);
  }

  /// As [#reply], to a request that names the hash of the content in its URL: what is at such a URL
  /// never changes, and who has it need not ask for a year.
  Service.Reply lasting(String ifNoneMatch, Instant now) {
    var expires = HTTP_DATE.format(now.atOffset(ZoneOffset.UTC).plusYears(1));
    var kept = Replies.with(reply(ifNoneMatch), "cache-control", "public, immutable");
    return Replies.with(kept, "expires", expires);
  }

  /// To where this content is.
  Service.Reply movedTo(String url) {
    var headers = headers();
    headers.remove("content-type");
    headers.put("location", url);
    return Service.Reply.full(301, headers, new byte[0]);
  }

  private Map<String, String> headers() {
    var headers = Replies.headers(contentType);
    headers.put("etag", tag());
    headers.put("vary", "Accept");
    return headers;
  }

  private String tag() {
    return "\"" + hash + "\"";
  }

  @Override
  public String toString() {
    return contentType + ", " + body.length + " bytes, " + hash;
  }
}
