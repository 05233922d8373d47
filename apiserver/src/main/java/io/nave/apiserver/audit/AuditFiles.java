package io.nave.apiserver.audit;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.runtime.Disk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// The files of an audit folder: `audit.log`, which grows; `audit-<time>.log`, which it was renamed
/// to, or `audit-<time>.log.gz`; `audit.head`.
final class AuditFiles {
  private static final String BEGINS = "audit-";
  private static final String ENDS = ".log";
  private static final String PACKED = ".gz";

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
    return folder.resolve(BEGINS + TIME.format(now) + ENDS);
  }

  /// Those that were rotated away, oldest first. One that is there packed as well, since a crash
  /// came between packing and removing it, is told once.
  List<Path> old() {
    var old = new ArrayList<Path>();
    for (var file : disk.list(folder)) {
      var name = String.valueOf(file.getFileName());
      if (name.startsWith(BEGINS) && name.endsWith(ENDS)) {
        old.add(file);
      } else if (name.startsWith(BEGINS) && name.endsWith(ENDS + PACKED)) {
        old.remove(plain(file));
        old.add(file);
      }
    }
    return old; // their names sort as their times do
  }

  private static Path plain(Path file) {
    var name = String.valueOf(file.getFileName());
    return name.endsWith(PACKED)
        ? file.resolveSibling(name.substring(0, name.length() - PACKED.length()))
        : file;
  }

  /// Puts a rotated file's content into one of about a tenth of its size, which `zcat` reads.
  ///
  /// @throws Disk.DiskFailure when the disk has no room for it; the file is there as before
  void pack(Path file) {
    var bytes = new ByteArrayOutputStream();
    try (var packed = new GZIPOutputStream(bytes)) {
      packed.write(disk.read(file).orElse(new byte[0]));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    disk.write(file.resolveSibling(file.getFileName() + PACKED), bytes.toByteArray());
    disk.delete(file);
  }

  /// Removes a rotated file, whichever forms of it are there.
  void remove(Path file) {
    disk.delete(plain(file));
    disk.delete(file);
  }

  /// When a file was rotated away; the beginning of time when its name does not say.
  static Instant rotatedAt(Path file) {
    var name = String.valueOf(plain(file).getFileName());
    try {
      var time = name.substring(BEGINS.length(), name.length() - ENDS.length());
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

  /// What a file says. A packed one that is damaged says as much as can be read.
  String text(Path file) {
    var bytes = disk.read(file).orElse(new byte[0]);
    return new String(plain(file).equals(file) ? bytes : unpacked(bytes), StandardCharsets.UTF_8);
  }

  private static byte[] unpacked(byte[] packed) {
    var bytes = new ByteArrayOutputStream();
    try (var stream = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      stream.transferTo(bytes);
    } catch (IOException e) {
      bytes.writeBytes(("\n" + e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
