package io.nave.apiserver.http;

import io.nave.runtime.Service;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// A document that changes rarely, with the hash by which clients know theirs is still good.
///
/// @param hash of the content, in hexadecimal
record Document(String contentType, byte[] body, String hash) {
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
    var known = ifNoneMatch.contains("\"" + hash + "\"");
    return Replies.document(known ? 304 : 200, contentType, hash, known ? new byte[0] : body);
  }

  @Override
  public String toString() {
    return contentType + ", " + body.length + " bytes, " + hash;
  }
}
