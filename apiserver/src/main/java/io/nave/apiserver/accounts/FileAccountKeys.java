package io.nave.apiserver.accounts;

import io.nave.apiserver.jwt.KeySet;
import io.nave.apiserver.jwt.SigningKey;
import io.nave.certs.BadKey;
import io.nave.certs.KeyPairs;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys in a folder, mode 0600, each in a file `<seconds since 1970 of its making>.key`. A new one
/// is made when the newest is 90 days old; an old one stays believed for as long as a token that it
/// signed can last, a year after the next was made, and is then removed. Put a key of your own
/// there to have it used from the next start.
public final class FileAccountKeys implements AccountKeys {
  private static final Logger LOG = LoggerFactory.getLogger(FileAccountKeys.class);

  static final Duration ROTATE_AFTER = Duration.ofDays(90);
  private static final Duration RELOAD_AFTER = Duration.ofSeconds(10);
  private static final String ENDING = ".key";

  /// What is believed now, newest last.
  private record Held(NavigableMap<Instant, SigningKey> keys, KeySet believed) {
    static Held of(NavigableMap<Instant, SigningKey> keys) {
      return new Held(keys, KeySet.of(keys.values()));
    }
  }

  private final Host host;
  private final Path folder;
  private final AtomicBoolean changing = new AtomicBoolean();
  private final AtomicLong loadedNanos = new AtomicLong();
  private volatile Held held;

  private FileAccountKeys(Host host, Path folder) {
    this.host = host;
    this.folder = folder;
    this.held = Held.of(load());
    rotate();
  }

  /// Reads the folder, and makes the first key when there is none.
  ///
  /// @throws Disk.DiskFailure when a file in it cannot be read or is no key
  public static FileAccountKeys open(Host host, Path folder) {
    return new FileAccountKeys(host, folder);
  }

  @Override
  public SigningKey signing() {
    if (plan(List.copyOf(held.keys().keySet()), host.now()).makeNew()
        && changing.compareAndSet(false, true)) {
      try {
        rotate();
      } finally {
        changing.set(false);
      }
    }
    return held.keys().lastEntry().getValue();
  }

  @Override
  public KeySet believed() {
    return held.believed();
  }

  @Override
  public void missed() {
    var last = loadedNanos.get();
    var now = host.nanoTime();
    if (now - last > RELOAD_AFTER.toNanos() && loadedNanos.compareAndSet(last, now)) {
      held = Held.of(load());
    }
  }

  /// What the ages of the keys ask for.
  ///
  /// @param remove keys that no token can be of any longer
  record Plan(boolean makeNew, List<Instant> remove) {}

  /// @param made when each key was made, oldest first
  static Plan plan(List<Instant> made, Instant now) {
    var remove = new ArrayList<Instant>();
    for (var i = 0; i + 1 < made.size(); i++) {
      if (made.get(i + 1).plus(AccountTokens.LIFETIME_MAX).isBefore(now)) {
        remove.add(made.get(i));
      }
    }
    var makeNew = made.isEmpty() || made.getLast().plus(ROTATE_AFTER).isBefore(now);
    return new Plan(makeNew, remove);
  }

  private void rotate() {
    var now = host.now();
    var plan = plan(List.copyOf(held.keys().keySet()), now);
    if (!plan.makeNew() && plan.remove().isEmpty()) {
      return;
    }
    var keys = new TreeMap<>(held.keys());
    if (plan.makeNew()) {
      var made = Instant.ofEpochSecond(now.getEpochSecond());
      var pair = KeyPairs.generate(host.secureRandom());
      host.disk().write(file(made), KeyPairs.toPkcs8Pem(pair).getBytes(StandardCharsets.UTF_8));
      keys.put(made, SigningKey.of(pair));
      LOG.atInfo().addKeyValue("key", keys.get(made)).log("new service account key");
    }
    for (var old : plan.remove()) {
      host.disk().delete(file(old));
      keys.remove(old);
    }
    held = Held.of(keys);
  }

  private Path file(Instant made) {
    return folder.resolve(made.getEpochSecond() + ENDING);
  }

  private NavigableMap<Instant, SigningKey> load() {
    loadedNanos.set(host.nanoTime());
    var keys = new TreeMap<Instant, SigningKey>();
    for (var file : host.disk().list(folder)) {
      var name = String.valueOf(file.getFileName());
      if (name.endsWith(ENDING)) {
        var bytes = host.disk().read(file).orElse(new byte[0]);
        keys.put(
            made(file, name.substring(0, name.length() - ENDING.length())),
            key(file, new String(bytes, StandardCharsets.UTF_8)));
      }
    }
    return keys;
  }

  private static Instant made(Path file, String seconds) {
    try {
      return Instant.ofEpochSecond(Long.parseLong(seconds));
    } catch (RuntimeException e) {
      throw new Disk.DiskFailure(
          file + ": expected a name of seconds since 1970, such as 1767225600.key; rename it", e);
    }
  }

  private static SigningKey key(Path file, String pem) {
    try {
      return SigningKey.of(KeyPairs.fromPem(pem));
    } catch (BadKey | IllegalArgumentException e) {
      throw new Disk.DiskFailure(
          file
              + ": "
              + e.getMessage()
              + "; restore the file, or remove it to end all tokens it has signed",
          e);
    }
  }

  @Override
  public String toString() {
    return held.believed().toString();
  }
}
