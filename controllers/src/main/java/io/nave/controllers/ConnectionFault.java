package io.nave.controllers;

import io.nave.runtime.Transport;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// Says at which stage a request failed, and what to look at.
final class ConnectionFault {
  private ConnectionFault() {}

  static Transport.Unreachable explain(URI server, Throwable fault) {
    return new Transport.Unreachable(server.getAuthority() + ": " + sentence(server, fault), fault);
  }

  private static String sentence(URI server, Throwable fault) {
    var chain = chain(fault);
    for (var cause : chain) {
      if (cause instanceof GivenTrust.Untrusted e) { // deeper than the TLS error it becomes
        return "TLS: " + e.getMessage();
      }
    }
    for (var cause : chain) {
      switch (cause) {
        case UnresolvedAddressException _, UnknownHostException _ -> {
          return "the name \""
              + server.getHost()
              + "\" cannot be resolved; check the server"
              + " address and this machine's name servers";
        }
        case HttpConnectTimeoutException _ -> {
          return "no connection within the time limit; check address, port and firewalls";
        }
        case HttpTimeoutException _, TimeoutException _ -> {
          return "no answer within the time limit";
        }
        case NoRouteToHostException _ -> {
          return "there is no route to the server; check address and network";
        }
        case SSLException e -> {
          return tls(text(e));
        }
        default -> {} // look deeper
      }
    }
    if (chain.stream().anyMatch(ConnectException.class::isInstance)) {
      // The JDK's client loses the message of all of these, and most are plain refusals.
      return "connection refused: nothing listens on this port; check address and port, and that"
          + " the server runs";
    }
    if (chain.stream().anyMatch(c -> text(c).contains("received no bytes"))) {
      return "the server ended the connection without an answer ("
          + text(chain.getLast())
          + "); it is stopping, or wants another client certificate";
    }
    for (var cause : chain) {
      if (cause instanceof EOFException || cause instanceof SocketException) {
        return "the connection broke: " + text(cause);
      }
    }
    return "the connection broke: " + text(chain.getLast());
  }

  private static String tls(String message) {
    if (message.contains("alert") && message.contains("certificate")) {
      return "TLS: the server refused the client certificate ("
          + message
          + "); it is missing, expired or not signed by a CA the server trusts";
    }
    return message.contains("recognized SSL message")
        ? "TLS: the server does not speak TLS on this port; check the port"
        : "TLS: the handshake failed: " + message;
  }

  private static List<Throwable> chain(Throwable fault) {
    var chain = new ArrayList<Throwable>();
    for (var cause = fault; cause != null && chain.size() < 20; cause = cause.getCause()) {
      chain.add(cause);
    }
    return chain;
  }

  private static String text(Throwable fault) {
    var message = fault.getMessage();
    return message == null ? fault.getClass().getSimpleName() : message;
  }
}
