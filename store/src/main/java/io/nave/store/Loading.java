package io.nave.store;

import io.nave.api.ApiObject;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads an engine's content into the first snapshot, trusting nothing.
final class Loading {
  private static final Pattern REVISION = Pattern.compile("[1-9][0-9]{0,17}"); // fits a long

  private Snapshot objects = Snapshot.EMPTY;
  private @Nullable StoreKey newest;

  Snapshot load(Engine engine) {
    long revision = engine.load(this::add);
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
    var object = read(key, bytes);
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
