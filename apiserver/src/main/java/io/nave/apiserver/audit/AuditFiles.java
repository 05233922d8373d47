package io.nave.apiserver.audit;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.runtime.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// The files of an audit folder: `audit.log`, which grows; `audit-<time>.log`, which it was renamed
/// to; `audit.head`.
final class AuditFiles {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

  private final Disk disk;
  private final Path folder;

  AuditFiles(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  Disk disk() {
    return disk;
  }

  Path current() {
    return folder.resolve("audit.log");
  }

  Path rotated(Instant now) {
    return folder.resolve("audit-" + TIME.format(now) + ".log");
  }

  /// Those that were rotated away, oldest first.
  List<Path> old() {
    var old = new ArrayList<Path>();
    for (var file : disk.list(folder)) {
      var name = String.valueOf(file.getFileName());
      if (name.startsWith("audit-") && name.endsWith(".log")) {
        old.add(file);
      }
    }
    return old; // their names sort as their times do
  }

  /// When a file was rotated away; the beginning of time when its name does not say.
  static Instant rotatedAt(Path file) {
    var name = String.valueOf(file.getFileName());
    try {
      var time = name.substring("audit-".length(), name.length() - ".log".length());
      return TIME.parse(time, Instant::from);
    } catch (RuntimeException e) {
      return Instant.EPOCH;
    }
  }

  private Path headFile() {
    return folder.resolve("audit.head");
  }

  void writeHead(Chain chain) {
    var head = Json.object().put("seq", chain.seq()).put("hash", chain.hash());
    disk.write(headFile(), Json.encode(head));
  }

  /// Where the chain stood when it was last noted; its start when it never was.
  Chain head() {
    try {
      var head = disk.read(headFile()).map(Json::parse).orElse(Json.object());
      return head.path("seq").asLong(0) == 0
          ? Chain.START
          : new Chain(head.path("seq").asLong(0), head.path("hash").asString(""));
    } catch (ApiError e) {
      return Chain.START;
    }
  }

  String text(Path file) {
    return new String(disk.read(file).orElse(new byte[0]), StandardCharsets.UTF_8);
  }
}
