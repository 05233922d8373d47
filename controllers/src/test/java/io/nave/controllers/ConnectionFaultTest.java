package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ConnectionFaultTest {
  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(
            new ConnectException().initCause(new UnresolvedAddressException()),
            "the name \"hub.example\" cannot be resolved"),
        Arguments.of(new ConnectException("Connection refused"), "connection refused: nothing"),
        Arguments.of(new ConnectException(), "connection refused: nothing"),
        Arguments.of(
            new IOException("HTTP/1.1 header parser received no bytes", new EOFException("reset")),
            "the server ended the connection without an answer (reset)"),
        Arguments.of(new NoRouteToHostException("x"), "there is no route"),
        Arguments.of(new HttpConnectTimeoutException("x"), "no connection within"),
        Arguments.of(new HttpTimeoutException("x"), "no answer within"),
        Arguments.of(new TimeoutException(), "no answer within"),
        Arguments.of(
            new SSLHandshakeException("Received fatal alert: bad_certificate"),
            "TLS: the server refused the client certificate"),
        Arguments.of(new SSLHandshakeException("no cipher"), "TLS: the handshake failed"),
        Arguments.of(
            new SSLHandshakeException("x")
                .initCause(new GivenTrust.Untrusted("why", new IOException())),
            "TLS: why"),
        Arguments.of(
            new IOException("x", new EOFException("EOF reached")), "the connection broke: EOF"),
        Arguments.of(new SocketException("reset"), "the connection broke: reset"),
        Arguments.of(new IOException("odd"), "the connection broke: odd"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void namesTheStageThatFailed(Throwable fault, String sentence) {
    var server = URI.create("https://hub.example:6443");
    var explained = ConnectionFault.explain(server, new CompletionException(fault));
    assertThat(explained).hasMessageStartingWith("hub.example:6443: " + sentence);
  }
}
