package io.nave.apiserver.audit;

import io.nave.runtime.Disk;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Whether an audit folder's chain is whole.
///
/// @param fault what is wrong and where, the first that was found; empty: nothing
/// @param entries that were sound
/// @param first number of the oldest entry that is still there
/// @param last number of the newest
/// @param hash of the newest: note it elsewhere, then nobody can make the chain anew unnoticed
public record AuditVerification(String fault, long entries, long first, long last, String hash) {
  /// Reads every file of the folder, one at a time, oldest first. May run while the hub does.
  ///
  /// @throws Disk.DiskFailure when one cannot be read
  public static AuditVerification of(Disk disk, Path folder) {
    var files = new AuditFiles(disk, folder);
    var head = files.head();
    var all = new ArrayList<>(files.old());
    all.add(files.current());
    var walk = new Walk();
    for (var file : all) {
      walk.file(String.valueOf(file.getFileName()), files.text(file));
    }
    return walk.end(head);
  }

  public boolean whole() {
    return fault.isEmpty();
  }

  private static final class Walk {
    private @Nullable Chain before;
    private String fault = "";
    private long entries;
    private long first;

    void file(String name, String text) {
      var whole = text.endsWith("\n") || text.isEmpty();
      var lines = text.lines().toList();
      for (var i = 0; i < lines.size() && fault.isEmpty(); i++) {
        // The last line may be under way, or be what a crash left.
        if (whole || i < lines.size() - 1) {
          line(name + " line " + (i + 1), lines.get(i));
        }
      }
    }

    private void line(String place, String line) {
      var entry = Chain.read(line).orElse(null);
      if (entry == null) {
        fault = place + ": is no audit entry; it was changed or added";
      } else if (!entry.sound()) {
        fault = place + ": was changed: its hash is not that of what it says";
      } else if (before == null) {
        take(entry);
        first = entry.seq();
      } else if (entry.seq() != before.seq() + 1) {
        fault =
            "%s: expected entry %d, found %d: entries were taken away, added or moved before it"
                .formatted(place, before.seq() + 1, entry.seq());
      } else if (!entry.prev().equals(before.hash())) {
        fault = place + ": does not follow the entry before it; one of the two was replaced";
      } else {
        take(entry);
      }
    }

    private void take(Chain.Entry entry) {
      before = entry.end();
      entries++;
    }

    AuditVerification end(Chain head) {
      var last = before == null ? Chain.START : before;
      if (fault.isEmpty() && last.seq() < head.seq()) {
        fault = "entries %d to %d are missing at the end".formatted(last.seq() + 1, head.seq());
      }
      return new AuditVerification(fault, entries, first, last.seq(), last.hash());
    }
  }
}
