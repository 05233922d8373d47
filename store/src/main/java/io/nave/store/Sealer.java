package io.nave.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/// Encrypts what is secret on its way to the engine and decrypts it on its way back, so that
/// neither the files nor their backups show it. In memory it is as it is.
///
/// A sealed value is `NSE1`, the key's id (4 bytes), a nonce (12 bytes), and what AES-256-GCM makes
/// of the object's bytes with the key's place `bucket/namespace/name` as associated data: a value
/// that was moved to another key does not open. Nonces are random: a key is good for 2^32 writes
/// (NIST SP 800-38D §8.3). Values are at their best JSON and so never begin like that. Thread-safe.
public final class Sealer {
  private static final byte[] MAGIC = "NSE1".getBytes(StandardCharsets.US_ASCII);
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int HEAD_BYTES = MAGIC.length + Integer.BYTES + NONCE_BYTES;
  private static final Sealer NONE = new Sealer(null, Set.of(), null);

  private final @Nullable EncryptionKeys keys;
  private final Set<String> buckets;
  private final @Nullable SecureRandom random;

  private Sealer(
      @Nullable EncryptionKeys keys, Set<String> buckets, @Nullable SecureRandom random) {
    this.keys = keys;
    this.buckets = Set.copyOf(buckets);
    this.random = random;
  }

  /// Encrypts nothing, and cannot read what was encrypted.
  public static Sealer none() {
    return NONE;
  }

  /// Encrypts the objects of these buckets.
  public static Sealer of(EncryptionKeys keys, Set<String> buckets, SecureRandom random) {
    return new Sealer(keys, buckets, random);
  }

  /// The bytes to keep for an object.
  byte[] seal(StoreKey key, byte[] bytes) {
    return buckets.contains(key.bucket()) ? seal(place(key), bytes) : bytes;
  }

  private byte[] seal(String place, byte[] bytes) {
    if (keys == null || random == null) {
      return bytes;
    }
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    var secret = keys.key(keys.newest());
    if (secret == null) {
      throw new IllegalStateException("the newest key is not among the keys");
    }
    byte[] hidden = cipher(Cipher.ENCRYPT_MODE, secret, nonce, place, bytes, 0);
    return ByteBuffer.allocate(HEAD_BYTES + hidden.length)
        .put(MAGIC)
        .putInt(keys.newest())
        .put(nonce)
        .put(hidden)
        .array();
  }

  /// The object's bytes.
  ///
  /// @throws StoreBroken when they are encrypted with a key that is not at hand, or were changed
  byte[] open(StoreKey key, byte[] kept) {
    return sealed(kept) ? open(place(key), kept) : kept;
  }

  private byte[] open(String place, byte[] kept) {
    int id = id(kept);
    if (keys == null) {
      throw new StoreBroken(
          place + " is encrypted and there is no key file: put the one back that was made with it");
    }
    var secret = keys.key(id);
    if (secret == null) {
      throw new StoreBroken(
          "%s is encrypted with the key %s, and %s holds only %s: put that key back"
              .formatted(place, HexFormat.of().toHexDigits(id), keys.source(), keys.ids()));
    }
    var nonce = Arrays.copyOfRange(kept, HEAD_BYTES - NONCE_BYTES, HEAD_BYTES);
    return cipher(Cipher.DECRYPT_MODE, secret, nonce, place, kept, HEAD_BYTES);
  }

  /// A file that is kept beside the objects, encrypted whenever there are keys.
  byte[] sealFile(String name, byte[] bytes) {
    return seal("file " + name, bytes);
  }

  byte[] openFile(String name, byte[] kept) {
    return sealed(kept) ? open("file " + name, kept) : kept;
  }

  /// Whether objects like this are encrypted.
  boolean concerns(StoreKey key) {
    return buckets.contains(key.bucket());
  }

  /// Whether the object ought to be encrypted with the newest key and is not.
  boolean stale(StoreKey key, byte[] kept) {
    return keys != null
        && buckets.contains(key.bucket())
        && !(sealed(kept) && id(kept) == keys.newest());
  }

  private static boolean sealed(byte[] kept) {
    return kept.length > HEAD_BYTES && Arrays.equals(kept, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  private static int id(byte[] kept) {
    return ByteBuffer.wrap(kept).getInt(MAGIC.length);
  }

  private static byte[] cipher(
      int mode, SecretKey key, byte[] nonce, String place, byte[] input, int from) {
    try {
      var cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input, from, input.length - from);
    } catch (GeneralSecurityException e) {
      throw new StoreBroken(
          place
              + " does not open with the key of its id: the key file is another store's, or the"
              + " value was changed; put the right key file there, or restore a backup",
          e);
    }
  }

  private static String place(StoreKey key) {
    return key.bucket() + "/" + key.namespace() + "/" + key.name();
  }

  /// Whose keys; never the keys.
  @Override
  public String toString() {
    return keys == null ? "no encryption" : "encryption of " + buckets + " with " + keys;
  }
}
