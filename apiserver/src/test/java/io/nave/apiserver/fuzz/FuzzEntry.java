package io.nave.apiserver.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// What the fuzzer calls, in a process of its own. The first byte of an input says which parser the
/// others are for; `-Dfuzz.target` names the only one they are then all for.
public final class FuzzEntry {
  private static final Fuzzed[] ALL = Fuzzed.values();
  private static final String ONLY = System.getProperty("fuzz.target", "");
  private static final Map<Fuzzed, FuzzTarget> TARGETS = new EnumMap<>(Fuzzed.class);

  private FuzzEntry() {}

  /// Called before the first input: feeds what is kept, so that no input pays for what is made at
  /// the first use.
  public static void fuzzerInitialize() throws IOException {
    for (var fuzzed : ONLY.isEmpty() ? ALL : new Fuzzed[] {Fuzzed.valueOf(ONLY)}) {
      var target = TARGETS.computeIfAbsent(fuzzed, Fuzzed::open);
      for (var input : fuzzed.inputs()) {
        target.feed(Files.readAllBytes(input));
      }
    }
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      TARGETS
          .computeIfAbsent(of(input), Fuzzed::open)
          .feed(Arrays.copyOfRange(input, 1, input.length));
    }
  }

  /// The parser that an input, which is not empty, is for.
  static Fuzzed of(byte[] input) {
    return ONLY.isEmpty() ? ALL[(input[0] & 0xff) % ALL.length] : Fuzzed.valueOf(ONLY);
  }

  /// An input for a parser.
  static byte[] with(Fuzzed fuzzed, byte[] own) {
    var input = new byte[own.length + 1];
    input[0] = (byte) fuzzed.ordinal();
    System.arraycopy(own, 0, input, 1, own.length);
    return input;
  }
}
