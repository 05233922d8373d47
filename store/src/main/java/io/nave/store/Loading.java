package io.nave.store;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads an engine's content into the first snapshot, trusting nothing.
///
/// A start waits for this, so it costs as little as can be for each object: where the engine
/// vouches for bytes and revision nothing of an object is read before somebody asks for it, and the
/// trees are built in one go of what was sorted: namespace by namespace, which compares names only,
/// and far fewer with each other.
final class Loading implements Engine.Sink {
  private static final Pattern REVISION = Pattern.compile("[1-9][0-9]{0,17}"); // fits a long

  private record Row(Key key, ApiObject object, long revision) {
    String name() {
      return key.name();
    }
  }

  /// What one namespace of a bucket holds; its keys share the namespace's text.
  private static final class Home {
    final String namespace;
    final List<Row> rows = new ArrayList<>();
    long newest;

    Home(String namespace) {
      this.namespace = namespace;
    }

    void add(String name, ApiObject object, long revision) {
      rows.add(new Row(Key.of(namespace, name), object, revision));
      newest = Math.max(newest, revision);
    }
  }

  private final Sealer sealer;
  private final List<StoreKey> stale = new ArrayList<>();
  private final Map<String, Map<String, Home>> buckets = new TreeMap<>();
  // An engine tells bucket after bucket for long stretches.
  private String bucket = "";
  private Map<String, Home> homes = new HashMap<>(); // by namespace
  private long bytes;
  private long highest;
  private @Nullable StoreKey newest; // whose revision that is
  private Engine.@Nullable Removals removals;
  private Past past = Past.UNKNOWN;

  Loading(Sealer sealer) {
    this.sealer = sealer;
  }

  Snapshot load(Engine engine) {
    return at(engine.load(this));
  }

  Snapshot load(Map<StoreKey, byte[]> content, long revision) {
    content.forEach((key, kept) -> add(key, kept, 0));
    return at(revision);
  }

  /// What is known of the time before.
  Past past() {
    return past;
  }

  /// What should be encrypted with the newest key and is not.
  List<StoreKey> stale() {
    return stale;
  }

  private Snapshot at(long revision) {
    if (highest > revision) {
      throw new StoreBroken(
          "%s carries revision %d, and the store's last revision is %d: restore a backup"
              .formatted(newest, highest, revision));
    }
    var names = new ArrayList<String>();
    var trees = new ArrayList<SortedTree<Key, ApiObject>>();
    long objects = 0;
    var changes = new Past.Builder();
    for (var each : buckets.entrySet()) {
      names.add(each.getKey());
      changes.add(each.getKey(), newest(each.getValue()));
      var tree = tree(each.getKey(), each.getValue());
      trees.add(tree);
      objects += tree.size();
    }
    if (removals != null) {
      past = changes.upTo(revision, removals);
    }
    return new Snapshot(
        revision, SortedTree.ofSorted(names, trees), bytes, objects, LabelIndex.NONE);
  }

  /// By namespace; of objects without one by name.
  private static Map<String, Long> newest(Map<String, Home> homes) {
    var newest = new HashMap<String, Long>();
    for (var home : homes.values()) {
      if (home.namespace.isEmpty()) {
        home.rows.forEach(row -> newest.put(row.name(), row.revision()));
      } else {
        newest.put(home.namespace, home.newest);
      }
    }
    return newest;
  }

  private static SortedTree<Key, ApiObject> tree(String bucket, Map<String, Home> homes) {
    int size = homes.values().stream().mapToInt(home -> home.rows.size()).sum();
    var keys = new ArrayList<Key>(size);
    var objects = new ArrayList<ApiObject>(size);
    for (var home : new TreeMap<>(homes).values()) { // the order of keys: namespace, then name
      home.rows.sort(Comparator.comparing(Row::name));
      for (var row : home.rows) {
        if (!keys.isEmpty() && keys.getLast().equals(row.key())) {
          throw new StoreBroken(
              new StoreKey(bucket, row.key().namespace(), row.key().name())
                  + " is stored twice: restore a backup");
        }
        keys.add(row.key());
        objects.add(row.object());
      }
    }
    return SortedTree.ofSorted(keys, objects);
  }

  @Override
  public void add(StoreKey key, byte[] kept, long revision) {
    if (sealer.stale(key, kept)) {
      stale.add(key);
    }
    keep(key, ApiObject.stored(sealer.open(key, kept)), revision);
  }

  @Override
  public void addPacked(StoreKey key, ApiObject.Packed packed, long revision) {
    if (sealer.concerns(key)) {
      add(key, packed.bytes(), revision);
    } else {
      keep(key, ApiObject.stored(packed), revision);
    }
  }

  @Override
  public void removals(Engine.Removals known) {
    removals = known;
  }

  private void keep(StoreKey key, ApiObject object, long revision) {
    long at = revision == 0 ? readRevision(key, object) : revision;
    if (at > highest) {
      highest = at;
      newest = key;
    }
    bytes += Snapshot.cost(key, object);
    if (!key.bucket().equals(bucket)) {
      bucket = key.bucket();
      homes = buckets.computeIfAbsent(bucket, _ -> new HashMap<>());
    }
    homes.computeIfAbsent(key.namespace(), Home::new).add(key.name(), object, at);
  }

  /// Reads no more than the metadata.
  private static long readRevision(StoreKey key, ApiObject object) {
    String text;
    try {
      text = object.resourceVersion();
    } catch (IllegalStateException e) {
      throw new StoreBroken(key + " is stored as something that is no JSON: restore a backup", e);
    }
    if (!REVISION.matcher(text).matches()) {
      throw new StoreBroken(
          key + " is stored with resourceVersion '" + text + "', not a revision: restore a backup");
    }
    return object.revision();
  }
}
