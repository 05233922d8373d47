package io.nave.bench;

import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads processes from outside, as Linux shows them in `/proc`. Elsewhere everything is 0.
final class Meter {
  private static final double TICKS_PER_SECOND = 100; // of every Linux that Java runs on
  private static final int FIELDS_BEFORE_UTIME = 11; // after the name and its closing bracket

  private final Host host;

  Meter(Host host) {
    this.host = host;
  }

  /// One reading.
  ///
  /// @param cpuSeconds used so far by the hub, user and system
  /// @param residentBytes of the hub now
  /// @param peakBytes most the hub was ever resident
  /// @param driverCpuSeconds used so far by this process
  /// @param wroteBytes that the hub's processes handed to the disk
  record Reading(
      long nanos,
      double cpuSeconds,
      long residentBytes,
      long peakBytes,
      double driverCpuSeconds,
      long wroteBytes) {}

  Reading read(HubUnderTest hub) {
    var cpu = 0.0;
    var resident = 0L;
    var peak = 0L;
    var wrote = 0L;
    for (var pid : hub.pids()) {
      cpu += cpuSeconds(pid.toString());
      resident += kilobytes(pid.toString(), "status", "VmRSS:") * 1024;
      peak += kilobytes(pid.toString(), "status", "VmHWM:") * 1024;
      wrote += kilobytes(pid.toString(), "io", "write_bytes:");
    }
    return new Reading(host.nanoTime(), cpu, resident, peak, cpuSeconds("self"), wrote);
  }

  /// The memory of one process now.
  ///
  /// @param resident what `VmRSS` says
  /// @param peak most that ever was
  /// @param proportional resident, with pages shared among n processes counted as an n-th
  /// @param ownPages in no file and shared with no other process
  record Memory(long resident, long peak, long proportional, long ownPages, long threads) {
    @Override
    public String toString() {
      return "%.1f MB resident, %.1f MB private, %d threads"
          .formatted(resident / 1e6, ownPages / 1e6, threads);
    }
  }

  Memory memory(long pid) {
    var process = Long.toString(pid);
    return new Memory(
        kilobytes(process, "status", "VmRSS:") * 1024,
        kilobytes(process, "status", "VmHWM:") * 1024,
        kilobytes(process, "smaps_rollup", "Pss:") * 1024,
        kilobytes(process, "smaps_rollup", "Private_Dirty:") * 1024,
        kilobytes(process, "status", "Threads:"));
  }

  /// Used so far by a process, user and system.
  ///
  /// @param pid or `self`
  double cpuSeconds(String pid) {
    var text = text(pid, "stat").orElse("");
    var bracket = text.lastIndexOf(')');
    if (bracket < 0) {
      return 0;
    }
    var fields = List.of(text.substring(bracket + 2).split(" "));
    return (Long.parseLong(fields.get(FIELDS_BEFORE_UTIME))
            + Long.parseLong(fields.get(FIELDS_BEFORE_UTIME + 1)))
        / TICKS_PER_SECOND;
  }

  private long kilobytes(String pid, String file, String field) {
    return text(pid, file).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(field.length()).strip().split("\\s+")[0])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  private Optional<String> text(String pid, String file) {
    try {
      return host.disk()
          .read(Path.of("/proc", pid, file))
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    } catch (Disk.DiskFailure e) {
      return Optional.empty(); // it has just ended, or belongs to another user
    }
  }
}
