package io.nave.store;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The keys that what is secret in the store is encrypted with, newest first: the first encrypts,
/// all decrypt. A text file of lines `id base64`, where the id is 8 hex digits and the key 32
/// bytes; empty lines and those that begin with `#` say nothing.
public final class EncryptionKeys {
  private static final int KEY_BYTES = 32; // AES-256
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{8})\\s+([A-Za-z0-9+/]{43}=)");

  private final String source;
  private final Map<Integer, SecretKey> keys;

  private EncryptionKeys(String source, Map<Integer, SecretKey> keys) {
    this.source = source;
    this.keys = keys;
  }

  /// Reads a key file.
  ///
  /// @param source its name, for messages
  /// @throws StoreBroken naming the line that is none
  public static EncryptionKeys parse(String source, byte[] file) {
    var keys = new LinkedHashMap<Integer, SecretKey>();
    int number = 0;
    for (var line : new String(file, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      var parts = LINE.matcher(line.strip());
      if (!parts.matches()) {
        throw new StoreBroken(
            "%s, line %d: should be 8 hex digits, a space and 32 bytes in base64, and is not:"
                    .formatted(source, number)
                + " put the right key file there");
      }
      var bytes = Base64.getDecoder().decode(parts.group(2));
      if (keys.put(HexFormat.fromHexDigits(parts.group(1)), new SecretKeySpec(bytes, "AES"))
          != null) {
        throw new StoreBroken(source + " holds two keys of the id " + parts.group(1));
      }
    }
    if (keys.isEmpty()) {
      throw new StoreBroken(source + " holds no key: put the right key file there");
    }
    return new EncryptionKeys(source, keys);
  }

  /// The text of a key file with one new key before those of another.
  ///
  /// @param older null: none
  public static byte[] renewed(SecureRandom random, byte @Nullable [] older) {
    var key = new byte[KEY_BYTES];
    random.nextBytes(key);
    var text = new StringBuilder();
    text.append(HexFormat.of().toHexDigits(random.nextInt())).append(' ');
    text.append(Base64.getEncoder().encodeToString(key)).append('\n');
    var rest = older == null ? "" : new String(older, StandardCharsets.UTF_8);
    return text.append(rest).toString().getBytes(StandardCharsets.UTF_8);
  }

  /// The ids, newest first.
  public List<String> ids() {
    var ids = new ArrayList<String>();
    keys.keySet().forEach(id -> ids.add(HexFormat.of().toHexDigits(id)));
    return ids;
  }

  int newest() {
    return keys.keySet().iterator().next();
  }

  @Nullable SecretKey key(int id) {
    return keys.get(id);
  }

  String source() {
    return source;
  }

  /// Where they are from and their ids; never the keys.
  @Override
  public String toString() {
    return source + " " + ids();
  }
}
