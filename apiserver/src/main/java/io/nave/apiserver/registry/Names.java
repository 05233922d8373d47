package io.nave.apiserver.registry;

import io.nave.runtime.Host;
import java.util.UUID;

/// Makes up uids and the ends of generated names.
final class Names {
  /// Kubernetes' alphabet: no vowels, so no words; nothing that looks like something else.
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX_CHARACTERS = 5;

  /// The longest base that still leaves room for the suffix in a DNS label.
  private static final int BASE_CHARACTERS_MAX = 63 - SUFFIX_CHARACTERS;

  private final Host host;

  Names(Host host) {
    this.host = host;
  }

  /// A random UUID, version 4.
  String uid() {
    var random = host.random();
    var high = (random.nextLong() & ~0xF000L) | 0x4000L;
    var low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  /// The base with five random characters after it.
  String generate(String base) {
    var name = new StringBuilder();
    name.append(base, 0, Math.min(base.length(), BASE_CHARACTERS_MAX));
    for (var i = 0; i < SUFFIX_CHARACTERS; i++) {
      name.append(ALPHABET.charAt(host.random().nextInt(ALPHABET.length())));
    }
    return name.toString();
  }
}
