package io.nave.apiserver.http;

import java.util.function.Function;

/// A document that is no resource, served to those who may `get` its path.
///
/// @param body its bytes now, for a client that reaches this server as `host:port`
public record Page(String contentType, Function<String, byte[]> body) {}
