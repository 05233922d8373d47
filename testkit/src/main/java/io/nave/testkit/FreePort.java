package io.nave.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/// A port for a program that must be told one before it listens, or comes back to it after it was
/// killed.
///
/// It is none of those that a kernel hands out to whoever asks for any port (Linux: from 32768 on),
/// so nobody's connection and no other server is given it while the program is not there.
public final class FreePort {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  /// Test processes that run at once begin in different places.
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % COUNT));

  private FreePort() {}

  /// A port of the loopback interface on which nobody listens now. Any task may ask; no two of one
  /// process get the same one, until all were given.
  ///
  /// @throws IllegalStateException when there is none
  public static int choose() {
    for (var tries = 0; tries < COUNT; tries++) {
      var port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " on");
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
