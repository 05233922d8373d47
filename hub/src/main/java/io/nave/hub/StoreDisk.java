package io.nave.hub;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.store.Conflict;
import io.nave.store.Store;
import io.nave.store.StoreKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Small files that hubs on one store share: a Secret `nave-hub-…` in `kube-system` each, so that
/// they are encrypted, authorized and backed up as every other Secret.
final class StoreDisk implements Disk {
  private static final String NAMESPACE = "kube-system";
  private static final String PREFIX = "nave-hub-";

  private static final Path FIRST = Path.of("first-start");
  private static final int FIRST_FILES = 4; // that mark, the CA's certificate and key, a token key
  private static final Duration FIRST_WAIT = Duration.ofMillis(50);
  private static final int FIRST_WAITS = 200; // 10 s: the first one died

  private final Host host;
  private final Store store;

  private StoreDisk(Host host, Store store) {
    this.host = host;
    this.store = store;
  }

  /// The files in a store. The first hub there is let go ahead alone, so that what hubs make at
  /// their first start is made once: others wait until it has made something, or a while.
  static StoreDisk open(Host host, Store store) {
    var disk = new StoreDisk(host, store);
    try {
      disk.put(FIRST, new byte[] {1}, 0);
    } catch (Conflict e) {
      for (int i = 0; i < FIRST_WAITS && disk.files().size() < FIRST_FILES; i++) {
        host.sleep(FIRST_WAIT);
      }
    }
    return disk;
  }

  @Override
  public Optional<byte[]> read(Path file) {
    return store.latest().get(key(file)).map(StoreDisk::content);
  }

  @Override
  public void write(Path file, byte[] bytes) {
    put(file, bytes, Store.Change.ANY);
  }

  @Override
  public void append(Path file, byte[] bytes) {
    var whole = new ByteArrayOutputStream();
    read(file).ifPresent(whole::writeBytes);
    whole.writeBytes(bytes);
    write(file, whole.toByteArray());
  }

  @Override
  public void move(Path from, Path to) {
    var bytes =
        read(from)
            .orElseThrow(
                () -> new DiskFailure(from + " is not in the store, so it cannot be moved"));
    store.commit(
        List.of(
            change(to, bytes, Store.Change.ANY),
            new Store.Change.Delete(key(from), null, Store.Change.ANY)));
  }

  private void put(Path file, byte[] bytes, long expected) {
    store.commit(List.of(change(file, bytes, expected)));
  }

  private Store.Change change(Path file, byte[] bytes, long expected) {
    var key = key(file);
    var tree = Json.object().put("apiVersion", "v1").put("kind", "Secret");
    tree.putObject("metadata")
        .put("name", key.name())
        .put("namespace", key.namespace())
        .put("uid", new UUID(host.random().nextLong(), host.random().nextLong()).toString())
        .put("creationTimestamp", host.now().truncatedTo(ChronoUnit.SECONDS).toString());
    tree.put("type", "Opaque");
    tree.putObject("data")
        .put("path", encoded(file.toString().getBytes(StandardCharsets.UTF_8)))
        .put("content", encoded(bytes));
    return new Store.Change.Put(key, ApiObject.of(tree), expected);
  }

  @Override
  public void delete(Path file) {
    try {
      store.commit(List.of(new Store.Change.Delete(key(file), null, Store.Change.ANY)));
    } catch (Conflict e) {
      return; // it was not there
    }
  }

  @Override
  public void deleteFolder(Path folder) {
    list(folder).forEach(this::delete);
  }

  @Override
  public List<Path> list(Path folder) {
    return files().stream().filter(path -> folder.equals(path.getParent())).sorted().toList();
  }

  private List<Path> files() {
    return store.latest().list("secrets", NAMESPACE).stream()
        .filter(secret -> secret.name().startsWith(PREFIX))
        .map(secret -> Path.of(new String(decoded(secret, "path"), StandardCharsets.UTF_8)))
        .toList();
  }

  @Override
  public Lock lock(Path folder) {
    throw new DiskFailure("files that hubs share cannot be taken for one of them");
  }

  private static StoreKey key(Path file) {
    var name = file.toString().replace('/', '.').replace('_', '-');
    return new StoreKey("secrets", NAMESPACE, PREFIX + name);
  }

  private static byte[] content(ApiObject secret) {
    return decoded(secret, "content");
  }

  private static byte[] decoded(ApiObject secret, String field) {
    return Base64.getDecoder().decode(secret.at("/data").path(field).asString(""));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
