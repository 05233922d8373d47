package io.nave.store;

import io.nave.api.ApiObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads an engine's content into the first snapshot, trusting nothing.
final class Loading {
  private static final Pattern REVISION = Pattern.compile("[1-9][0-9]{0,17}"); // fits a long

  private final Sealer sealer;
  private final List<StoreKey> stale = new ArrayList<>();
  private Snapshot objects = Snapshot.EMPTY;
  private @Nullable StoreKey newest;

  Loading(Sealer sealer) {
    this.sealer = sealer;
  }

  Snapshot load(Engine engine) {
    return at(engine.load(this::add));
  }

  Snapshot load(Consumer<BiConsumer<StoreKey, byte[]>> content, long revision) {
    content.accept(this::add);
    return at(revision);
  }

  /// What should be encrypted with the newest key and is not.
  List<StoreKey> stale() {
    return stale;
  }

  private Snapshot at(long revision) {
    if (objects.revision() > revision) {
      throw new StoreBroken(
          "%s carries revision %d, and the store's last revision is %d: restore a backup"
              .formatted(newest, objects.revision(), revision));
    }
    return objects.at(revision);
  }

  private void add(StoreKey key, byte[] bytes) {
    if (objects.find(key) != null) {
      throw new StoreBroken(key + " is stored twice: restore a backup");
    }
    if (sealer.stale(key, bytes)) {
      stale.add(key);
    }
    var object = read(key, sealer.open(key, bytes));
    long revision = revision(key, object);
    if (revision > objects.revision()) {
      newest = key;
    }
    objects = objects.with(key, object, Math.max(revision, objects.revision()));
  }

  /// Reads no more than the metadata: what the engine gave passed its checksums.
  private static ApiObject read(StoreKey key, byte[] bytes) {
    var object = ApiObject.stored(bytes);
    try {
      object.metadata();
      return object;
    } catch (IllegalStateException e) {
      throw new StoreBroken(key + " is stored as something that is no JSON: restore a backup", e);
    }
  }

  private static long revision(StoreKey key, ApiObject object) {
    var text = object.resourceVersion();
    if (!REVISION.matcher(text).matches()) {
      throw new StoreBroken(
          key + " is stored with resourceVersion '" + text + "', not a revision: restore a backup");
    }
    return object.revision();
  }
}
