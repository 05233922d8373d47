package io.nave.apiserver.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.Json;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import io.nave.runtime.Task;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Audit events as chained JSON lines in a folder.
///
/// One task writes; requests only queue, so none waits for the disk. An event is on the disk some
/// milliseconds after its request was answered. When the queue is full, or the disk is, events are
/// lost: each counts in `hub_audit_dropped_total`, the log says so at ERROR, and the first entry
/// that can be written again says how many are missing before it. Requests are not refused
/// meanwhile: a full disk stops the writes themselves, in the store.
public final class AuditLog implements AuditSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

  /// Some seconds of writes at full speed, about 20 MB.
  private static final int QUEUE_MAX = 20_000;

  private static final int BATCH_MAX = 1_000;

  /// Between two syncs, so that a busy hub syncs its audit log ten times a second at most.
  private static final Duration BETWEEN = Duration.ofMillis(100);

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  /// What becomes of old files.
  ///
  /// @param bytesMax a file that has grown to this is rotated away
  /// @param ageMax rotated files are removed after this; zero: never
  /// @param filesMax most rotated files kept; 0: all
  /// @param compress whether rotated files are kept as gzip
  public record Keeping(long bytesMax, Duration ageMax, int filesMax, boolean compress) {
    /// 16 MB a file, which is read at every start; a month; 128 files: 2 GB of entries, in some 200
    /// MB.
    public static final Keeping USUAL = new Keeping(16L << 20, Duration.ofDays(30), 128, true);
  }

  private final Host host;
  private final AuditFiles files;
  private final AuditPolicy policy;
  private final Keeping keeping;
  private final Mailbox<ObjectNode> queue;
  private final Counter dropped;
  private final AtomicLong missing = new AtomicLong(); // since the last entry
  private final Task writer;
  private Chain chain; // writer task only
  private long size; // writer task only
  private boolean failing; // writer task only

  private AuditLog(
      Host host, Path folder, AuditPolicy policy, Keeping keeping, MeterRegistry meters) {
    this.host = host;
    this.files = new AuditFiles(host.disk(), folder);
    this.policy = policy;
    this.keeping = keeping;
    this.queue = host.mailbox(QUEUE_MAX);
    this.dropped =
        Counter.builder("hub.audit.dropped")
            .description("Audit events lost because the disk or the queue was full")
            .register(meters);
    var opened = Recovery.open(files);
    this.chain = opened.chain();
    this.size = opened.size();
    if (!opened.finding().isEmpty()) {
      LOG.atError().addKeyValue("reason", opened.finding()).log("the audit log was tampered with");
      queue.offer(note(opened.finding()));
    }
    this.writer = host.start("audit", this::work);
  }

  /// Goes on where the folder's chain ends.
  ///
  /// @throws Disk.DiskFailure when the folder cannot be read
  public static AuditLog open(
      Host host, Path folder, AuditPolicy policy, Keeping keeping, MeterRegistry meters) {
    return new AuditLog(host, folder, policy, keeping, meters);
  }

  @Override
  public AuditPolicy policy() {
    return policy;
  }

  @Override
  public void record(ObjectNode event) {
    if (!queue.offer(event)) {
      lost(1);
    }
  }

  private void lost(long events) {
    dropped.increment((double) events);
    missing.addAndGet(events);
  }

  private void work() {
    while (!queue.ended()) {
      var batch = queue.takeAll(BATCH_MAX);
      if (!batch.isEmpty()) {
        write(batch);
      }
      if (queue.size() < BATCH_MAX && !queue.ended()) {
        host.sleep(BETWEEN);
      }
    }
  }

  private void write(List<ObjectNode> batch) {
    var gap = missing.get();
    var next = chain;
    var lines = new StringBuilder();
    if (gap > 0) {
      var entry = next.next(note(gap + " events could not be recorded before this one"));
      lines.append(Chain.line(entry));
      next = entry.end();
    }
    for (var event : batch) {
      var entry = next.next(event);
      lines.append(Chain.line(entry));
      next = entry.end();
    }
    var bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    try {
      rotateIfFull();
      files.disk().append(files.current(), bytes);
    } catch (Disk.DiskFailure e) {
      lost(batch.size());
      fail(e);
      return;
    }
    chain = next;
    size += bytes.length;
    missing.addAndGet(-gap);
    note(next);
  }

  private void note(Chain written) {
    try {
      files.writeHead(written);
      failing = false;
    } catch (Disk.DiskFailure e) {
      fail(e);
    }
  }

  private void fail(Disk.DiskFailure failure) {
    if (!failing) { // once, until it works again
      failing = true;
      LOG.atError()
          .addKeyValue("reason", failure.getMessage())
          .log("audit events are being lost: make room or mend the disk");
    }
  }

  private ObjectNode note(String text) {
    var event = Json.object().put("kind", "Event").put("apiVersion", "audit.k8s.io/v1");
    event.put("level", "Metadata").put("stage", "Panic").put("verb", "audit");
    event.putObject("user").put("username", "system:nave:audit");
    event.putObject("annotations").put("audit.nave.io/note", text);
    return event.put("stageTimestamp", host.now().toString());
  }

  private void rotateIfFull() {
    if (size < keeping.bytesMax()) {
      return;
    }
    var now = host.now();
    var rotated = files.rotated(now);
    files.disk().move(files.current(), rotated);
    size = 0;
    for (var file : superfluous(files.old(), keeping, now)) {
      files.remove(file);
    }
    if (keeping.compress()) {
      pack(rotated);
    }
  }

  /// A disk without room for a second form keeps the first.
  private void pack(Path rotated) {
    try {
      files.pack(rotated);
    } catch (Disk.DiskFailure e) {
      LOG.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("a rotated audit file stays uncompressed");
    }
  }

  /// Rotated files that are too old or too many.
  ///
  /// @param old oldest first
  static List<Path> superfluous(List<Path> old, Keeping keeping, Instant now) {
    var over = keeping.filesMax() == 0 ? 0 : old.size() - keeping.filesMax();
    return IntStream.range(0, old.size())
        .filter(i -> i < over || isOld(old.get(i), keeping, now))
        .mapToObj(old::get)
        .toList();
  }

  private static boolean isOld(Path file, Keeping keeping, Instant now) {
    return !keeping.ageMax().isZero()
        && AuditFiles.rotatedAt(file).plus(keeping.ageMax()).isBefore(now);
  }

  /// Writes what is queued, then ends.
  @Override
  public void close() {
    queue.close();
    if (!writer.join(CLOSE_WAIT)) {
      writer.cancel();
    }
  }
}
