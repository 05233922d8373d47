package io.nave.cli;

/// Where a server listens, as a person writes it: `HOST:PORT`, an IPv6 address in brackets.
record ListenAddress(String host, int port) {
  /// @throws CommandFault when it is none
  static ListenAddress parse(String text) {
    var colon = text.lastIndexOf(':');
    var host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      var port = Integer.parseInt(text.substring(colon + 1));
      if (!host.isEmpty() && port >= 0 && port <= 65_535) {
        return new ListenAddress(host, port);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new CommandFault(
        "--listen: expected HOST:PORT such as 127.0.0.1:6443, was \"" + text + "\"");
  }
}
