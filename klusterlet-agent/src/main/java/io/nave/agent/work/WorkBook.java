package io.nave.agent.work;

import io.nave.api.ApiObject;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The works this agent knows, on disk and in memory: what it goes on with when it restarts and the
/// hub is not there. One file per work, each whole and checked.
///
/// A disk that refuses is reported and does not stop the agent: the works stay in memory.
final class WorkBook {
  private static final Logger LOG = LoggerFactory.getLogger(WorkBook.class);
  private static final String SUFFIX = ".work.json";

  private final Disk disk;
  private final Path folder;
  private final Map<String, KeptWork> works = new ConcurrentSkipListMap<>();

  private WorkBook(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  /// Reads what is there; a damaged file is said in the log and passed over.
  static WorkBook open(Host host, Path folder) {
    var book = new WorkBook(host.disk(), folder);
    for (var file : host.disk().list(folder)) {
      var name = String.valueOf(file.getFileName());
      if (name.endsWith(SUFFIX)) {
        book.load(file, name.substring(0, name.length() - SUFFIX.length()));
      }
    }
    return book;
  }

  @Nullable SavedWork find(String name) {
    var kept = works.get(name);
    return kept == null ? null : kept.saved();
  }

  /// Whether a work, in the state that was last seen, was applied when this agent last looked.
  boolean isSettled(String name) {
    var kept = works.get(name);
    return kept != null && kept.settled();
  }

  /// As [#isSettled], of the state the hub shows.
  boolean isSettled(ApiObject onHub) {
    var kept = works.get(onHub.name());
    return kept != null && kept.settled() && kept.isStateOf(onHub);
  }

  /// The names of all works known, in order.
  List<String> names() {
    return List.copyOf(works.keySet());
  }

  /// Remembers a work; writes only what changed.
  void put(String name, SavedWork saved) {
    var next = KeptWork.of(saved);
    if (next.isSame(works.put(name, next))) {
      return;
    }
    try {
      disk.write(file(name), next.file());
    } catch (Disk.DiskFailure e) {
      LOG.atWarn()
          .addKeyValue("key", name)
          .addKeyValue("reason", e.getMessage())
          .log("work kept in memory only; a restart without the hub would not know it");
    }
  }

  /// Forgets a work whose objects are gone.
  void remove(String name) {
    if (works.remove(name) == null) {
      return;
    }
    try {
      disk.delete(file(name));
    } catch (Disk.DiskFailure e) {
      LOG.atWarn()
          .addKeyValue("key", name)
          .addKeyValue("reason", e.getMessage())
          .log("file of a removed work stays");
    }
  }

  private void load(Path file, String name) {
    try {
      disk.read(file)
          .map(KeptWork::read)
          .filter(kept -> isOf(kept.saved().work(), name))
          .ifPresent(kept -> works.put(name, kept));
    } catch (WorkFile.Damaged | Disk.DiskFailure e) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("reason", e.getMessage())
          .log("kept work cannot be read and waits for the hub");
    }
  }

  private static boolean isOf(ApiObject work, String name) {
    return work.name().equals(name);
  }

  /// Names of objects are DNS subdomains, so they are good file names too.
  private Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }
}
