package io.nave.apiserver.http;

/// The server cannot listen where it was told to. The message names address and port, what was
/// found, and what to do.
public final class ListenFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ListenFailure(String message, Throwable cause) {
    super(message, cause);
  }

  static ListenFailure of(String address, int port, Throwable cause) {
    var found = String.valueOf(cause.getMessage());
    var where =
        "cannot listen on " + (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    var remedy =
        found.contains("in use")
            ? "the port is in use; stop what uses it (ss -ltnp shows it) or choose another port"
            : found.contains("assign")
                ? "the address is not one of this machine; choose one of its own, or 0.0.0.0"
                : found.contains("denied")
                    ? "this user may not use the port; choose one above 1023"
                    : found;
    return new ListenFailure(where + ": " + remedy, cause);
  }
}
