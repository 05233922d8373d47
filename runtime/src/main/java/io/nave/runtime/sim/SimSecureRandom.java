package io.nave.runtime.sim;

import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.util.SplittableRandom;

/// Keys that are the same for the same seed. For simulations only; nothing about it is secure.
final class SimSecureRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  SimSecureRandom(long seed) {
    super(new Stream(seed), null);
  }

  @Override
  public String getAlgorithm() {
    return "Simulated";
  }

  /// The seed's bytes; asking for fresh entropy gives more of them, adding entropy changes nothing.
  private static final class Stream extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;
    private final transient SplittableRandom bytes;

    Stream(long seed) {
      bytes = new SplittableRandom(seed);
    }

    @Override
    protected void engineSetSeed(byte[] seed) {}

    @Override
    protected void engineNextBytes(byte[] filled) {
      bytes.nextBytes(filled);
    }

    @Override
    protected byte[] engineGenerateSeed(int length) {
      var seed = new byte[length];
      bytes.nextBytes(seed);
      return seed;
    }
  }
}
