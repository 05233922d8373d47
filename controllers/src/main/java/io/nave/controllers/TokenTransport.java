package io.nave.controllers;

import io.nave.runtime.Transport;
import java.util.LinkedHashMap;

/// A transport that shows a bearer token with every request, over one that has no identity of its
/// own: a simulated wire, or a connection shared by several users.
public final class TokenTransport implements Transport {
  private final Transport wire;
  private final String token;

  public TokenTransport(Transport wire, String token) {
    this.wire = wire;
    this.token = token;
  }

  @Override
  public Response send(Request request) {
    return wire.send(identified(request));
  }

  @Override
  public Stream open(Request request) {
    return wire.open(identified(request));
  }

  private Request identified(Request request) {
    var headers = new LinkedHashMap<>(request.headers());
    headers.put("authorization", "Bearer " + token);
    return new Request(request.method(), request.target(), headers, request.body());
  }

  @Override
  public void close() {
    wire.close();
  }

  /// Never the token.
  @Override
  public String toString() {
    return "token over " + wire;
  }
}
